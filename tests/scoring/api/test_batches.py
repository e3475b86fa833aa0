from __future__ import annotations

import gzip
import io
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from crm.importing import csv_blocks
from crm.models import Lead
from leadscoring.api import uploading
from scoring.jobs.batch import job as batch_job
from scoring.jobs.claims import abandoned_sweep
from scoring.models import Event, Job, JobChunk, LeadScore, Prediction, Upload
from scoring.services import score_rows
from scoring.services.promote import version_promote
from tests.http import ApiClient
from tests.scoring.jobs.batches import (
    NDJSON,
    PARQUET,
    objects,
    post_file,
    read,
    score_file,
    table,
    work,
)
from tests.scoring.jobs.working import claim
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

FILE = "id,interactions,industry\n1,3,Retail\n2,x,Retail\n3,18,Banking\n"


@pytest.fixture
def api() -> ApiClient:
    make_version(7, is_champion=True, is_active=True)
    return ApiClient("batches", "leads", "predict")


def one_by_one(api: ApiClient, *leads: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    body = {"leads": list(leads), "store": False, **options}
    found: list[dict[str, Any]] = api.send("POST", "/api/predict", body).json()["predictions"]
    return found


def test_a_file_is_scored_as_each_lead_would_be_and_bad_rows_say_why(api: ApiClient):
    batch = score_file(api, FILE)
    assert (batch["state"], batch["share"], batch["modelVersion"]) == ("succeeded", 1.0, 7)
    assert (batch["scored"], batch["rejected"], batch["done"], batch["total"]) == (2, 1, 3, 3)
    rows = table(api, batch["results"])
    expected = one_by_one(
        api,
        {"id": "1", "interactions": 3, "industry": "Retail"},
        {"id": "3", "interactions": 18, "industry": "Banking"},
    )
    for row, line, lead in zip(rows, ["2", "4"], expected, strict=True):
        assert (row["row"], row["id"], row["modelVersion"]) == (line, lead["id"], "7")
        assert float(row["conversionProbability"]) == pytest.approx(
            lead["conversionProbability"], abs=1e-12
        )
        assert int(row["score"]) == lead["score"]
    (bad,) = table(api, batch["rejectedRows"])
    assert (bad["row"], bad["id"]) == ("3", "2")
    assert "interactions: 'x' is not a number" in bad["reason"]


@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_reasons_add_up_and_are_those_of_a_single_lead(api: ApiClient, kind: str):
    batch = score_file(api, FILE, explain="true")
    (lead,) = one_by_one(api, {"id": "1", "interactions": 3, "industry": "Retail"}, explain=True)
    if kind == "ndjson":
        first = objects(api, batch["results"])[0]
        assert [each["text"] for each in first["reasons"]] == [
            each["text"] for each in lead["reasons"]
        ]
        assert [each["points"] for each in first["reasons"]] == pytest.approx(
            [each["points"] for each in lead["reasons"]], abs=1e-9
        )
        assert first["explanation"] == pytest.approx(lead["explanation"], abs=1e-9)
        return
    for row in table(api, batch["results"]):
        points = [float(row[f"points{n}"] or 0) for n in range(1, 11)]
        whole = float(row["base"]) + sum(points) + float(row["rest"])
        assert whole == pytest.approx(100 * float(row["conversionProbability"]), abs=1e-6)
    assert table(api, batch["results"])[0]["reason1"] == lead["reasons"][0]["text"]


def parquet() -> bytes:
    file = io.BytesIO()
    rows = {"id": ["1", "2", "3"], "interactions": [3.0, float("inf"), 18.0]}
    pq.write_table(pa.table(rows), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("media", "content"),
    [
        (NDJSON, b'{"id": 1, "interactions": 3}\n{"id": 2, \n{"id": "3", "interactions": 18}'),
        (PARQUET, parquet()),
        ("application/gzip", gzip.compress(FILE.encode())),
    ],
)
def test_other_kinds_of_files_are_scored_too(api: ApiClient, media: str, content: bytes):
    batch = score_file(api, content, media)
    assert (batch["scored"], batch["rejected"]) == (2, 1)
    assert [row["id"] for row in objects(api, batch["results"])] == ["1", "3"]


def test_columns_are_mapped_as_the_command_does(api: ApiClient):
    batch = score_file(
        api,
        "nr;calls;since;d\n1;3;05/03/2025;x\n",
        id="nr",
        map=["interactions=calls", "industry="],
        seenOn="since",
        dateFormat="since=%d/%m/%Y",
        attributes="none",
        name="März leads.csv",
    )
    assert batch["scored"] == 1
    assert Job.objects.get().payload["options"]["map"] == ["interactions=calls", "industry="]


def test_stored_leads_are_scored_by_a_filter_and_nothing_of_them_changes(api: ApiClient):
    for number in range(4):
        Lead.objects.create(
            external_id=f"L{number}",
            interactions=number,
            industry="Retail" if number % 2 else "Banking",
        )
    body = {"leads": {"industry": "retail"}, "explain": True}
    response = api.send("POST", "/api/batches", body)
    assert response.status_code == 202
    work()
    batch = read(api, response.json()["id"])
    rows = objects(api, batch["results"])
    assert [row["id"] for row in rows] == ["L1", "L3"]
    assert "row" not in rows[0]
    assert rows[0]["reasons"]
    assert not LeadScore.objects.exists()
    assert not Prediction.objects.exists()


def test_stored_leads_need_the_right_to_read_them(api: ApiClient):
    response = ApiClient("batches").send("POST", "/api/batches", {"leads": {}})
    assert response.status_code == 403
    assert "`leads`" in response.json()["error"]["message"]
    user = User.objects.create_user("ada")
    user.user_permissions.add(Permission.objects.get(codename="add_job"))
    client = Client()
    client.force_login(user)
    response = client.post("/api/batches", {"leads": {}}, "application/json")
    assert response.status_code == 403


def test_another_callers_batch_is_not_found(api: ApiClient):
    batch = score_file(api, FILE)
    other = ApiClient()
    for path in ("", "/results", "/rejected"):
        assert other.get(f"/api/batches/{batch['id']}{path}").status_code == 404
    assert other.delete(f"/api/batches/{batch['id']}").status_code == 404
    assert other.get("/api/batches").json() == {"batches": [], "next": None}
    assert [each["id"] for each in api.get("/api/batches").json()["batches"]] == [batch["id"]]


def test_the_same_request_again_starts_one_batch(api: ApiClient):
    first, again = post_file(api, FILE, key="k"), post_file(api, FILE, key="k")
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (Job.objects.count(), Upload.objects.count()) == (1, 1)
    other = post_file(api, FILE + "4,1,Retail\n", key="k")
    assert other.json()["error"]["code"] == "idempotency_key_reused"


def test_the_file_is_kept_until_the_batch_is_over(api: ApiClient):
    post_file(api, FILE)
    assert b"".join(bytes(part.data) for part in Upload.objects.get().parts.all()) == FILE.encode()
    work()
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (b"\n\n", {}, "is empty"),
        (b"a,b\n1,2\n", {}, "`id`: there is no column 'id'"),
        (b"id,a\n1,2\n", {"seenOn": "day"}, "`seenOn`: there is no column 'day'"),
        (b"id,a\n1,2\n", {"map": "nothing=a"}, "there is no field 'nothing'"),
        (b"id,id\n1,2\n", {}, "Two columns are named 'id'"),
        (b"id,a\n1,2\n", {"encoding": "klingon"}, "no text encoding named"),
        (b"PK\x03\x04zip", {}, "no readable"),
        (b"PAR1half", {}, "no readable Parquet file"),
        (gzip.compress(FILE.encode())[:15], {}, "is cut off"),
    ],
)
def test_a_file_that_cannot_be_scored_is_refused_at_once_and_not_kept(
    api: ApiClient, content: bytes, options: dict[str, str], says: str
):
    response = post_file(api, content, **options)
    assert response.status_code == 400
    assert says in response.json()["error"]["message"]
    assert "/tmp" not in response.json()["error"]["message"]  # noqa: S108 - no path of ours
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("id,interactions\n", "has a header and no rows"),
        ("id,lastContact\n1,soon\n", "holds no dates"),
        ("id,lastContact\n1,03/04/2025\n", "add `dateFormat`"),
    ],
)
def test_what_only_the_rows_show_fails_the_batch_with_what_to_do(
    api: ApiClient, content: str, says: str
):
    batch = score_file(api, content)
    assert batch["state"] == "failed"
    assert says in batch["error"]
    assert table(api, batch["results"]) == []


@pytest.mark.parametrize("options", [{"unknown": "1"}, {"id": ["a", "b"]}, {"explain": "maybe"}])
def test_wrong_parameters_are_named(api: ApiClient, options: dict[str, Any]):
    response = post_file(api, FILE, **options)
    assert response.status_code == 400
    assert set(response.json()["error"]["fields"]) == set(options)


def test_a_file_of_another_type_is_refused(api: ApiClient):
    assert post_file(api, FILE, "application/vnd.ms-excel").status_code == 415


def test_a_file_that_is_too_large_is_refused_unread(api: ApiClient, settings):
    settings.UPLOAD_MAX_MB = 0
    response = post_file(api, FILE)
    assert response.status_code == 413
    assert not Job.objects.exists()


def test_half_a_file_is_not_kept(api: ApiClient):
    body: dict[str, Any] = {
        "CONTENT_LENGTH": str(len(FILE) + 9),
        "wsgi.input": io.BytesIO(FILE.encode()),
    }
    response = api.generic("POST", "/api/batches", FILE.encode(), "text/csv", **body)
    assert response.status_code == 400
    assert "broke off" in response.json()["error"]["message"]
    assert not Job.objects.exists()


def test_an_empty_file_is_refused(api: ApiClient):
    empty: dict[str, Any] = {"CONTENT_TYPE": "text/csv", "CONTENT_LENGTH": "0"}
    response = api.generic("POST", "/api/batches", **empty)
    assert response.status_code == 400
    assert "is empty" in response.json()["error"]["message"]


def test_a_full_disk_is_said_and_nothing_is_kept(api: ApiClient, monkeypatch):
    def full(*_arguments: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploading, "_receive", full)
    response = post_file(api, FILE)
    assert response.status_code == 503
    assert "No space left on device" in response.json()["error"]["message"]
    assert not Job.objects.exists()


def test_ids_that_come_again_are_scored_and_counted(api: ApiClient):
    batch = score_file(api, "id,interactions\n1,3\n1,18\n2,1\n")
    assert (batch["scored"], batch["repeated"]) == (3, 2)
    assert [row["row"] for row in table(api, batch["results"])] == ["2", "3", "4"]


def test_results_wait_until_the_batch_is_over(api: ApiClient):
    batch = post_file(api, FILE).json()
    assert batch["results"] is None
    response = api.get(f"/api/batches/{batch['id']}/results")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "not_finished")


def test_a_waiting_batch_is_called_off(api: ApiClient):
    batch = post_file(api, FILE).json()
    assert api.delete(f"/api/batches/{batch['id']}").json()["state"] == "cancelled"
    assert not Upload.objects.exists()
    assert table(api, read(api, batch["id"])["results"]) == []


def test_without_a_model_the_batch_says_what_to_do(db: None):
    batch = score_file(ApiClient("batches"), FILE, modelType="random-forest")
    assert "`manage.py retrain --model-type random-forest`" in batch["error"]


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
