"""Batches in chunks: workers that die amid them, progress, and calling one off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.importing import csv_blocks
from scoring.jobs.batch import job as batch_job
from scoring.jobs.claims import abandoned_sweep
from scoring.models import Event, Job, JobChunk
from scoring.services import score_rows
from scoring.services.promote import version_promote
from tests.http import ApiClient
from tests.scoring.api.batches.over_http import post_file, read, score_file, table, work
from tests.scoring.jobs.working import claim
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def rows_of(count: int) -> str:
    return "id,interactions\n" + "".join(f"{n},{n % 20}\n" for n in range(count))


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_rows, "CHUNK", 10)
    # So few characters are read row by row.
    monkeypatch.setattr(csv_blocks, "CHARACTERS", csv_blocks.FEW - 1)


def die_at_chunk(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The next try ends there without a word, as by a kill."""

    class Killed(BaseException):
        pass

    stored = batch_job._store

    def store(handle: Any, rows: Any, run: Any) -> None:
        if run["chunk"] == number:
            raise Killed
        stored(handle, rows, run)

    with monkeypatch.context() as patch:
        patch.setattr(batch_job, "_store", store)
        with pytest.raises(Killed):
            work()
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    abandoned_sweep()


def test_another_worker_goes_on_by_the_version_that_scored_the_first_rows(
    api: ApiClient, monkeypatch, small_chunks
):
    batch = post_file(api, rows_of(35)).json()
    die_at_chunk(monkeypatch, 3)
    make_version(8, seed=1)
    version_promote(number=8, reason="a better one")
    work()
    rows = table(api, read(api, batch["id"])["results"])
    assert [row["id"] for row in rows] == [str(n) for n in range(35)]
    assert {row["modelVersion"] for row in rows} == {"7"}
    assert [chunk.number for chunk in JobChunk.objects.all()] == [1, 2, 3, 4]


def test_each_chunk_is_told_to_its_owner_alone(api: ApiClient, small_chunks):
    score_file(api, rows_of(25))
    events = Event.objects.filter(kind="batch.progress").order_by("id")
    assert [(event.payload or {}).get("done") for event in events] == [10, 20, 25]
    assert {event.owner for event in events} == {f"key:{api.api_key.prefix}"}


def test_a_cancelled_batch_keeps_what_was_done(api: ApiClient, monkeypatch, small_chunks):
    batch = post_file(api, rows_of(35)).json()
    die_at_chunk(monkeypatch, 3)
    job = claim()
    api.delete(f"/api/batches/{batch['id']}")
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    abandoned_sweep()
    found = read(api, batch["id"])
    assert (found["state"], found["scored"]) == ("cancelled", 20)
    assert len(table(api, found["results"])) == 20


def test_a_batch_that_goes_on_amid_a_large_file_has_each_row_once(api: ApiClient, monkeypatch):
    """By column, chunks are blocks of the file, of which one may end amid the other's rows."""
    monkeypatch.setattr(csv_blocks, "CHARACTERS", 6_000)
    lines = [f"{n},{'x' if n % 50 == 7 else n % 20},{'Ä' * (n % 9)}" for n in range(3_000)]
    lines[100:100] = ["", '"quo""ted\nid",3,"a\nb"', ""]
    file = "\n".join(["id,interactions,industry", *lines, ""])
    batch = post_file(api, file).json()
    die_at_chunk(monkeypatch, 3)
    monkeypatch.setattr(csv_blocks, "CHARACTERS", 9_000)
    work()
    found = read(api, batch["id"])
    assert (found["scored"], found["rejected"]) == (2_941, 60)
    rows = table(api, found["results"])
    bad = table(api, found["rejectedRows"])
    assert len({row["row"] for row in rows + bad}) == 3_001
    once = table(api, score_file(api, file)["results"])
    assert rows == once
