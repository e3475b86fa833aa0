"""Predictions written in SQL are the rows that the ORM would have written."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from crm.models import Lead
from crm.services import LeadData, lead_erase, lead_upsert
from scoring.ml.schema import LeadFeatures
from scoring.models import ModelVersion, Prediction, score_of
from scoring.services.prediction_log import predictions_log
from tests.crm.factories import ACTOR
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)
FEATURES = [
    LeadFeatures(),
    LeadFeatures(
        company='Ärzte "& Söhne" 株式会社',
        last_contact=date(2026, 2, 28),
        budget=1e12,
        interactions=3.0,
        attributes={"share": 1 / 3, "tiny": 5e-324, "webinar": True, "note": "a\\b\n%s"},
    ),
    LeadFeatures(company="\t\u2028\\n\\", budget=0.1),
]
PROBABILITIES = [1 / 3, 0.5, 5e-324]
IDS = ["0", 'Ä "b"\\c\n,{}\t', "%s"]


def stored() -> list[int]:
    """In another order than they are asked for."""
    keys = {name: Lead.objects.create(external_id=name).pk for name in reversed(IDS)}
    return [keys[name] for name in IDS]


def as_rows() -> list[dict[str, Any]]:
    rows = list(Prediction.objects.order_by("pk").values())
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def log(numbers: Sequence[int], version: ModelVersion, ids: Sequence[str] = IDS) -> bool:
    return predictions_log(
        external_ids=[ids[number] for number in numbers],
        probabilities=[PROBABILITIES[number] for number in numbers],
        scores=[score_of(PROBABILITIES[number]) for number in numbers],
        features=[FEATURES[number] for number in numbers],
        version=version,
        day=DAY,
    )


@time_machine.travel("2026-03-01T23:30:00.123456Z", tick=False)
@pytest.mark.parametrize("numbers", [[0], [1], [2], [2, 0, 1]])
def test_the_rows_are_those_of_the_orm(numbers: list[int]) -> None:
    version, leads = make_version(), stored()
    assert log(numbers, version)
    ours = as_rows()
    Prediction.objects.all().delete()
    Prediction.objects.bulk_create(
        Prediction(
            lead_id=leads[number],
            version=version,
            probability=PROBABILITIES[number],
            score=round(100 * PROBABILITIES[number]),
            day=DAY,
            features=FEATURES[number].to_json(),
        )
        for number in numbers
    )
    assert ours == as_rows()


@pytest.mark.parametrize("numbers", [[1], [0, 1, 2]])
def test_nothing_is_stored_if_nobody_knows_one_of_them(numbers: list[int]) -> None:
    stored()
    assert not log(numbers, make_version(), ids=["0", "nobody", "%s"])
    assert as_rows() == []


@pytest.mark.parametrize("numbers", [[1], [0, 1, 2]])
def test_on_postgresql_it_takes_one_statement(
    numbers, django_assert_num_queries, monkeypatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is in the same process.")  # runs on PostgreSQL
    database: Any = connection
    run, statements = database.execute_prepared, []

    def counted(statement: str, values: Sequence[object]) -> int:
        statements.append(statement)
        return int(run(statement, values))

    monkeypatch.setattr(database, "execute_prepared", counted, raising=False)
    stored()
    version = make_version()
    with django_assert_num_queries(0):
        assert log(numbers, version)
    assert len(statements) == 1


@pytest.mark.parametrize("leads", [1, 2])
def test_the_database_refuses_what_is_no_probability(leads: int) -> None:
    stored()
    with pytest.raises(IntegrityError):
        predictions_log(
            external_ids=IDS[:leads],
            probabilities=[1.5] * leads,
            scores=[100] * leads,
            features=FEATURES[:leads],
            version=make_version(),
            day=DAY,
        )


@pytest.mark.parametrize("numbers", [[0], [0, 1]])
@pytest.mark.django_db(transaction=True)
def test_a_lead_that_is_being_erased_is_waited_for_and_then_not_known(numbers: list[int]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")  # runs on PostgreSQL
    stored()
    asking, done = in_another_connection(numbers, make_version())
    with transaction.atomic():
        lead_erase(external_id=IDS[0], actor=ACTOR)
        asking.start()
        asking.join(0.3)
        assert not done
    asking.join()
    assert done == [False]
    assert as_rows() == []


@pytest.mark.parametrize("numbers", [[0], [0, 1]])
@pytest.mark.django_db(transaction=True)
def test_a_lead_that_is_being_edited_is_not_waited_for(numbers: list[int]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")  # runs on PostgreSQL
    stored()
    asking, done = in_another_connection(numbers, make_version())
    with transaction.atomic():
        lead_upsert(lead=LeadData(external_id=IDS[0], name="Ada"), source="api", actor=ACTOR)
        asking.start()
        asking.join(30)
        assert done == [True]


def in_another_connection(
    numbers: list[int], version: ModelVersion
) -> tuple[threading.Thread, list[bool]]:
    """A thread that logs, and where it then says whether it did."""
    done: list[bool] = []

    def ask() -> None:
        try:
            done.append(log(numbers, version))
        finally:
            connection.close()

    return threading.Thread(target=ask), done
