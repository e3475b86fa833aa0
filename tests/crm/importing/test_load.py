from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from crm.importing import load as loading
from crm.importing.chunk import load_chunk
from crm.models import Lead, Outcome
from crm.services import LeadData, lead_upsert
from tests.crm.factories import ACTOR, stored
from tests.crm.importing.files import counts, csv_file, load, states

pytestmark = pytest.mark.django_db
DAY: dict[str, Any] = {"seen_on": "seen"}
OUTCOME: dict[str, Any] = {"outcome": "status", "won": ["won"], "lost": ["lost"]}


def everything() -> list[list[dict[str, Any]]]:
    tables: tuple[Any, ...] = (Lead.objects, Lead.history, Outcome.objects, Outcome.history)
    return [list(table.order_by("pk").values()) for table in tables]


def test_the_same_file_again_changes_nothing(tmp_path: Path):
    path = csv_file(
        tmp_path,
        "id,seen,industry,budget,status,closed,color",
        "a,2023-05-01,Steel,5.5,won,2023-06-01,1",
        "b,2023-05-02,Wood,,lost,,n/a",
        "c,,Wood,7,,,blue",
        "a,2023-05-20,Iron,6,won,2023-06-01,2",
        "a,2023-05-10,Tin,6,lost,2023-05-15,2",
        "b,2023-05-02,Paper,1,won,,x",
    )
    options = {**DAY, **OUTCOME, "outcome_on": "closed"}
    first = load(path, **options)
    before = everything()

    second = load(path, **options)

    assert counts(first) == (3, 2, 0)
    assert counts(second) == (0, 0, 5)
    assert first.superseded == second.superseded == 1
    assert (second.outcomes_created, second.outcomes_updated) == (0, 0)
    assert everything() == before


@pytest.mark.parametrize("chunk", [1, 2, 1_000])
def test_of_one_id_and_day_the_later_row_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
):
    monkeypatch.setattr(loading, "CHUNK", chunk)
    path = csv_file(
        tmp_path,
        "id,seen,industry",
        "a,2023-05-01 08:00,Steel",
        "b,2023-05-01 08:00,Wood",
        "a,2023-05-01 17:00,Iron",
    )

    summary = load(path, **DAY)
    again = load(path, **DAY)

    assert (summary.superseded, stored("a").industry) == (1, "Iron")
    assert states("a") == [(date(2023, 5, 1), "+", "Iron")]
    assert counts(again) == (0, 0, 2)


def test_without_days_the_later_row_of_an_id_counts(tmp_path: Path):
    summary = load(csv_file(tmp_path, "id,industry", "a,Steel", "a,Iron", "b,Wood"))

    assert (counts(summary), summary.superseded) == ((2, 0, 0), 1)
    assert stored("a").industry == "Iron"


def test_outcomes_come_with_their_day_value_and_history(tmp_path: Path):
    path = csv_file(
        tmp_path,
        "id,seen,status,closed,amount",
        "a,2023-05-01,won,2023-06-01,500.5",
        "b,2023-05-01,lost,,",
        "c,2023-05-01,talking,,",
        "d,2023-05-01,,,",
    )

    summary = load(path, **DAY, **OUTCOME, outcome_on="closed", value="amount")

    won = stored("a").outcome
    assert (won.result, won.occurred_on, won.value) == (
        "won",
        date(2023, 6, 1),
        Decimal("500.50"),
    )
    assert (won.source, won.recorded_by, won.history.get().history_type) == ("import", None, "+")
    assert won.history.get().value == won.value
    assert stored("b").outcome.occurred_on is None
    assert Outcome.objects.count() == summary.outcomes_created == 2
    assert dict(summary.undecided) == {"talking": 1}


def test_an_outcome_that_changed_is_updated_with_history(tmp_path: Path):
    load(csv_file(tmp_path, "id,status", "a,lost", "b,won"), **OUTCOME)

    summary = load(csv_file(tmp_path, "id,status", "a,won", "b,won", "c,lost"), **OUTCOME)

    assert (summary.outcomes_created, summary.outcomes_updated) == (1, 1)
    assert [row.result for row in stored("a").outcome.history.all()] == ["won", "lost"]


def test_an_open_row_does_not_take_an_outcome_back(tmp_path: Path):
    load(csv_file(tmp_path, "id,status", "a,won"), **OUTCOME)

    load(csv_file(tmp_path, "id,status", "a,", "b,won"), **OUTCOME)

    assert stored("a").outcome.result == "won"


def test_an_outcome_before_its_lead_rejects_the_row_only(tmp_path: Path):
    path = csv_file(
        tmp_path,
        "id,seen,status,closed",
        "a,2023-05-01,won,2023-04-01",
        "b,2023-05-01,won,2023-06-01",
        "c,2023-05-01,,",
        "c,2023-07-01,won,2023-06-01",
    )

    summary = load(path, **DAY, **OUTCOME, outcome_on="closed")

    assert [row.reason for row in summary.first_rejected] == [
        "won or lost on 2023-04-01, before the lead was known (2023-05-01)"
    ]
    assert set(Lead.objects.values_list("external_id", flat=True)) == {"b", "c"}
    assert stored("c").outcome.occurred_on == date(2023, 6, 1)


def test_an_earlier_outcome_in_the_database_rejects_the_row_too(tmp_path: Path):
    load(csv_file(tmp_path, "id,status,closed", "a,won,2023-04-01"), **OUTCOME, outcome_on="closed")

    summary = load(csv_file(tmp_path, "id,seen", "a,2023-05-01"), **DAY)

    assert summary.rejected == 1
    assert stored("a").seen_on is None


def test_too_many_attributes_together_reject_the_row(tmp_path: Path):
    many = {f"x{n}": n for n in range(200)}
    lead_upsert(lead=LeadData(external_id="a", attributes=many), source="api", actor=ACTOR)

    summary = load(csv_file(tmp_path, "id,color", "a,red", "b,red"))

    assert counts(summary) == (1, 0, 0)
    assert "over 200 attributes" in summary.first_rejected[0].reason


def test_a_dry_run_counts_the_same_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loading, "CHUNK", 2)
    lead_upsert(lead=LeadData(external_id="known"), source="api", actor=ACTOR)
    path = csv_file(
        tmp_path,
        "id,seen,industry,status",
        "a,2023-05-01,Steel,won",
        "b,2023-05-01,Steel,",
        "known,2023-05-01,Steel,lost",
        "a,2023-06-01,Tin,won",
        "bad,2099-05-01,Tin,won",
    )
    before = everything()

    dry = load(path, **DAY, **OUTCOME, dry_run=True)

    assert everything() == before
    assert load(path, **DAY, **OUTCOME) == dry
    assert counts(dry) == (2, 2, 0)
    assert (dry.outcomes_created, dry.rejected) == (2, 1)


def test_an_import_that_broke_off_is_completed_by_the_same_import_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loading, "CHUNK", 2)
    path = csv_file(
        tmp_path,
        "id,seen,industry,status",
        *(f"{n % 4},2023-05-0{n + 1},i{n},{'won' if n % 2 else ''}" for n in range(8)),
    )
    calls = []

    def failing(*args: Any, **options: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise OperationalError("database or disk is full")
        return load_chunk(*args, **options)

    monkeypatch.setattr(loading, "load_chunk", failing)
    with pytest.raises(OperationalError, match="database or disk is full"):
        load(path, **DAY, **OUTCOME)
    assert Lead.history.count() == 4
    load(path, **DAY, **OUTCOME)

    assert (Lead.objects.count(), Lead.history.count(), Outcome.history.count()) == (4, 8, 2)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    tmp_path: Path, django_assert_max_num_queries: Any
):
    options = {**DAY, **OUTCOME}
    rows = [f"{n % 60},2023-05-{1 + n // 60:02},i{n},won" for n in range(300)]
    path = csv_file(tmp_path, "id,seen,industry,status", *rows)

    for _ in range(2):
        with django_assert_max_num_queries(20):
            load(path, **options)
