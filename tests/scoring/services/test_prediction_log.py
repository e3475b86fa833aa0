"""Predictions written in SQL are the rows that the ORM would have written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError

from crm.models import Lead
from scoring.ml.schema import LeadFeatures
from scoring.models import ModelVersion, Prediction
from scoring.services.prediction_log import prediction_log_if_known, predictions_log
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
]
PROBABILITIES = [1 / 3, 0.5]


def stored(count: int = 2) -> list[int]:
    return [Lead.objects.create(external_id=f"{number}").pk for number in range(count)]


def as_rows() -> list[dict[str, Any]]:
    rows = list(Prediction.objects.order_by("pk").values())
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def log(leads: list[int], version: ModelVersion) -> None:
    predictions_log(
        leads=leads, probabilities=PROBABILITIES, features=FEATURES, version=version, day=DAY
    )


@time_machine.travel("2026-03-01T23:30:00.123456Z", tick=False)
def test_the_rows_are_those_of_the_orm() -> None:
    version, leads = make_version(), stored()
    log(leads, version)
    ours = as_rows()
    Prediction.objects.all().delete()
    Prediction.objects.bulk_create(
        Prediction(
            lead_id=lead,
            version=version,
            probability=probability,
            score=round(100 * probability),
            day=DAY,
            features=seen.to_json(),
        )
        for lead, probability, seen in zip(leads, PROBABILITIES, FEATURES, strict=True)
    )
    assert ours == as_rows()


@time_machine.travel("2026-03-01T23:30:00.123456Z", tick=False)
@pytest.mark.parametrize("number", [0, 1])
def test_the_row_of_one_known_lead_is_the_same(number: int) -> None:
    version, lead = make_version(), stored()[1]
    assert prediction_log_if_known(
        external_id="1",
        probability=PROBABILITIES[number],
        features=FEATURES[number],
        version=version,
        day=DAY,
    )
    one = as_rows()
    Prediction.objects.all().delete()
    predictions_log(
        leads=[lead],
        probabilities=[PROBABILITIES[number]],
        features=[FEATURES[number]],
        version=version,
        day=DAY,
    )
    assert one == as_rows()


def test_nothing_is_stored_of_a_lead_that_nobody_knows(django_assert_num_queries) -> None:
    stored()
    version = make_version()
    with django_assert_num_queries(1):
        assert not prediction_log_if_known(
            external_id="2", probability=0.5, features=FEATURES[1], version=version, day=DAY
        )
    assert as_rows() == []


def test_it_takes_one_statement(django_assert_num_queries) -> None:
    version, leads = make_version(), stored()
    with django_assert_num_queries(1):
        log(leads, version)


def test_the_database_refuses_what_is_no_probability() -> None:
    version, leads = make_version(), stored(1)
    with pytest.raises(IntegrityError):
        predictions_log(
            leads=leads, probabilities=[1.5], features=FEATURES[:1], version=version, day=DAY
        )
