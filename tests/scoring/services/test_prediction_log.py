"""Predictions written in SQL are the rows that the ORM would have written."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from crm.models import Lead
from crm.services import LeadData, lead_erase, lead_upsert
from scoring.ml.schema import LeadFeatures
from scoring.models import ModelVersion, Prediction, scores_of
from scoring.services.prediction_log import predictions_log
from tests.crm.factories import ACTOR
from tests.databases import needs_postgresql
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


def log(
    numbers: Sequence[int],
    version: ModelVersion,
    ids: Sequence[str] = IDS,
    *,
    told: Sequence[float] = PROBABILITIES,
    together: int = 3,
) -> bool:
    """Whether these leads' predictions were stored, told so many at a time."""
    asked = [ids[number] for number in numbers]
    with predictions_log(external_ids=asked, version=version, day=DAY) as taken:
        for start in range(0, len(numbers), together):
            some = numbers[start : start + together]
            probabilities = np.array([told[number] for number in some])
            scores = scores_of(np.minimum(probabilities, 1))
            taken.add([FEATURES[number] for number in some], probabilities, scores)
    return taken.complete


@time_machine.travel("2026-03-01T23:30:00.123456Z", tick=False)
@pytest.mark.parametrize(
    ("numbers", "together"),
    [([0], 1), ([1], 1), ([2], 1), ([2, 0, 1], 1), ([2, 0, 1], 2), ([2, 0, 1], 3)],
)
def test_the_rows_are_those_of_the_orm(numbers: list[int], together: int) -> None:
    version, leads = make_version(), stored()
    assert log(numbers, version, together=together)
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


@pytest.mark.parametrize(("numbers", "together"), [([1], 1), ([0, 1, 2], 1), ([0, 1, 2], 3)])
def test_nothing_is_stored_if_nobody_knows_one_of_them(numbers: list[int], together: int) -> None:
    stored()
    assert not log(numbers, make_version(), ids=["0", "nobody", "%s"], together=together)
    assert as_rows() == []


@pytest.mark.parametrize("numbers", [[1], [0, 1, 2]])
def test_nothing_is_stored_if_telling_fails(numbers: list[int]) -> None:
    stored()
    version = make_version()
    ids = [IDS[number] for number in numbers]
    log_of = partial(predictions_log, external_ids=ids, version=version, day=DAY)
    with suppress(ZeroDivisionError), log_of() as taken:
        taken.add(FEATURES[:1], np.array(PROBABILITIES[:1]), np.array([33]))
        raise ZeroDivisionError
    assert as_rows() == []
    assert log(numbers, version)


# Many begin and commit, too, which Django counts.
@pytest.mark.parametrize(
    ("numbers", "together", "sent", "others"), [([1], 1, 1, 0), ([0, 1, 2], 2, 3, 2)]
)
@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_on_postgresql_it_takes_a_statement_a_part(
    numbers, together, sent, others, django_assert_num_queries, monkeypatch
) -> None:
    database: Any = connection
    statements = []
    for name in ("execute_prepared", "send_prepared"):
        run = getattr(database, name)

        def counted(statement: str, values: Sequence[object], run: Any = run) -> Any:
            statements.append(statement)
            return run(statement, values)

        monkeypatch.setattr(database, name, counted, raising=False)
    stored()
    version = make_version()
    with django_assert_num_queries(others):
        assert log(numbers, version, together=together)
    assert len(statements) == sent


@pytest.mark.parametrize(("numbers", "together"), [([0], 1), ([0, 1], 1), ([0, 1], 2)])
def test_the_database_refuses_what_is_no_probability(numbers: list[int], together: int) -> None:
    stored()
    version = make_version()
    with pytest.raises(IntegrityError), transaction.atomic():
        log(numbers, version, told=[1.5, 1.5], together=together)
    assert as_rows() == []


@pytest.mark.parametrize("numbers", [[0], [0, 1]])
@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_a_lead_that_is_being_erased_is_waited_for_and_then_not_known(numbers: list[int]) -> None:
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
@needs_postgresql
def test_a_lead_that_is_being_edited_is_not_waited_for(numbers: list[int]) -> None:
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
