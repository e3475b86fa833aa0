"""Scoring a request: what is kept can be replayed, and nothing is half done."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, connection

from crm.errors import InvalidLead
from crm.models import Lead
from crm.services import Actor, LeadColumns, LeadData
from scoring import registry
from scoring.dataset import features_of
from scoring.errors import NoTrainedModel
from scoring.ml.schema import LeadFeatures
from scoring.models import Prediction
from scoring.services import predict as predict_service
from scoring.services.predict import Predicted, leads_predict
from tests.crm.factories import lead_data
from tests.databases import needs_postgresql
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db
ACTOR = Actor(user=None, label="a test")


def predict(*leads: LeadData, model_type: str = "auto", store: bool = True) -> Predicted:
    given = LeadColumns.of(leads)
    with leads_predict(leads=given, model_type=model_type, store=store, actor=ACTOR) as predicted:
        return predicted


def varied(number: int) -> LeadData:
    """Leads that differ in every field, some of them unknown."""
    given: dict[str, Any] = {
        "interactions": number % 20,
        "budget": None if number % 7 == 0 else number * 37.113,
        "email": f"x@firm{number % 5}.example",
        "last_contact": None if number % 3 == 0 else date(2024, 1 + number % 12, 1 + number % 28),
        "attributes": {"employees": number / 3, "webinar": number % 2 == 0},
    }
    return lead_data(str(number), **given)


def test_every_stored_prediction_can_be_replayed() -> None:
    make_version(is_champion=True)
    predict(*[varied(number) for number in range(200)])
    rows = list(Prediction.objects.select_related("version"))
    assert len(rows) == 200
    assert len({row.probability for row in rows}) > 100
    for row in rows:
        seen = LeadFeatures.from_json(row.features or {})
        (again,) = registry.load(row.version).scorer.probabilities([seen], [row.day])
        assert abs(again - row.probability) < 1e-9


def test_a_request_and_a_stored_lead_with_the_same_fields_are_the_same_to_a_model() -> None:
    make_version(is_champion=True)
    predict(lead_data("1", name=" Ada ", company=" Engine Ltd ", budget=25000.501))
    stored = features_of(Lead.objects.get())
    assert LeadFeatures.from_json(Prediction.objects.get().features or {}) == stored


def test_it_keeps_neither_name_nor_address() -> None:
    make_version(is_champion=True)
    predict(lead_data("1", name="Ada Byron", email="ada@engine.example"))
    kept = str(Prediction.objects.get().features)
    assert "Ada" not in kept
    assert "ada@" not in kept
    assert "engine.example" in kept


def test_each_type_is_answered_by_its_active_version() -> None:
    make_version(1, is_active=True, is_champion=True, seed=1)
    make_version(2, is_active=True, model_type="random-forest", seed=2)
    assert predict(varied(1)).version.number == 1
    assert predict(varied(1), model_type="random-forest").version.number == 2
    with pytest.raises(NoTrainedModel, match=r"manage\.py retrain --model-type neural-network"):
        predict(varied(1), model_type="neural-network")


def test_it_keeps_all_or_nothing(monkeypatch) -> None:
    make_version(is_champion=True)

    class Broken:
        """A log of leads that nobody ever knows."""

        complete = False

        def add(self, *_told: object) -> None:
            """Nothing is stored."""

    monkeypatch.setattr(predict_service, "predictions_log", lambda **_: nullcontext(Broken()))
    with pytest.raises(IntegrityError):
        predict(varied(1))
    assert not Lead.objects.exists()


@pytest.mark.parametrize("together", [1, 40, 100])
def test_it_does_not_matter_how_many_leads_are_scored_together(monkeypatch, together) -> None:
    make_version(is_champion=True)
    leads = [varied(number) for number in range(100)]
    whole = predict(*leads)
    monkeypatch.setattr(predict_service, "TOGETHER", together)
    parts = predict(*leads)
    assert parts.probabilities == pytest.approx(whole.probabilities, abs=1e-12)
    assert parts.scores == whole.scores
    logged = Prediction.objects.order_by("pk")
    seen = list(logged.values_list("lead", "features"))
    assert seen[:100] == seen[100:]
    told = list(logged.values_list("probability", flat=True))
    assert told == [*whole.probabilities, *parts.probabilities]


@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_while_reasons_are_found_nobody_waits_for_the_leads(monkeypatch) -> None:
    make_version(is_champion=True)
    holds = []
    for name in ("reasons_of", "leads_outlook"):
        find = getattr(predict_service, name)

        def noted(*given: Any, find: Any = find, **named: Any) -> Any:
            holds.append(connection.in_atomic_block)
            return find(*given, **named)

        monkeypatch.setattr(predict_service, name, noted)
    leads = LeadColumns.of([varied(1), varied(2)])
    with leads_predict(
        leads=leads, model_type="auto", store=True, actor=ACTOR, explain=True, parts=["interval"]
    ):
        assert connection.in_atomic_block
    assert holds == [False, False]
    assert Prediction.objects.count() == 2


def test_what_is_wrong_is_named_wherever_it_is(monkeypatch) -> None:
    make_version(is_champion=True)
    monkeypatch.setattr(predict_service, "TOGETHER", 40)
    leads = [varied(number) for number in range(100)]
    for number in (3, 50, 99):
        leads[number] = lead_data(str(number), budget=-1)
    with pytest.raises(InvalidLead) as refused:
        predict(*leads)
    assert set(refused.value.fields) == {f"leads.{number}.budget" for number in (3, 50, 99)}
    assert not Lead.objects.exists()
    assert not Prediction.objects.exists()


def test_it_names_all_that_is_wrong() -> None:
    make_version(is_champion=True)
    with pytest.raises(InvalidLead) as refused:
        predict(lead_data("1"), lead_data("", budget=-1), lead_data("3", interactions=2**40))
    assert set(refused.value.fields) == {
        "leads.1.external_id",
        "leads.1.budget",
        "leads.2.interactions",
    }
    assert not Lead.objects.exists()


def test_many_leads_cost_as_few_queries_as_one(django_assert_max_num_queries) -> None:
    make_version(is_champion=True)
    predict(varied(1))
    with django_assert_max_num_queries(20):  # rows go in by batches
        predict(*[varied(number) for number in range(100)])
    with django_assert_max_num_queries(7):
        predict(*[varied(number) for number in range(100)])


def test_scores_are_probabilities() -> None:
    make_version(is_champion=True)
    found = predict(*[varied(number) for number in range(50)], store=False).probabilities
    assert np.isfinite(found).all()
    assert 0 < min(found) < max(found) < 1
