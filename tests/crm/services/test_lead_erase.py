from __future__ import annotations

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from crm.days import today
from crm.errors import LeadNotFound
from crm.models import Lead, Outcome
from crm.services import OutcomeData, lead_erase, lead_upsert, outcome_record
from scoring.models import ModelVersion, Prediction
from tests.crm.factories import ACTOR, lead_data, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _leads(db: None) -> None:
    for external_id in ("1", "2"):
        lead_upsert(lead=lead_data(external_id), source="api", actor=ACTOR)
        outcome_record(
            outcome=OutcomeData(external_id=external_id, result="won"), source="api", actor=ACTOR
        )


def test_nothing_of_the_lead_is_left_and_others_stay():
    lead_erase(external_id="1", actor=ACTOR)

    assert [each.external_id for each in Lead.objects.all()] == ["2"]
    assert [each.external_id for each in Lead.history.all()] == ["2"]
    assert Outcome.objects.count() == Outcome.history.count() == 1


def test_its_predictions_stay_without_it():
    version = ModelVersion.objects.create(number=1, model_type="x", outcome_window_days=90)
    Prediction.objects.create(
        lead=stored(),
        version=version,
        probability=0.5,
        score=50,
        predicted_at=timezone.now(),
        day=today(),
        features={"company": "Engine Ltd"},
        history_id=7,
    )

    lead_erase(external_id="1", actor=ACTOR)

    prediction = Prediction.objects.get()
    assert (prediction.lead, prediction.features, prediction.history_id) == (None, None, None)
    assert (prediction.erased_on, prediction.score) == (today(), 50)


def test_the_admin_log_forgets_its_name():
    LogEntry.objects.create(
        user=User.objects.create_user("eve"),
        content_type=ContentType.objects.get_for_model(Lead),
        object_id=str(stored().pk),
        object_repr="Ada Byron",
        action_flag=CHANGE,
        change_message="Changed name of Ada Byron",
    )

    lead_erase(external_id="1", actor=ACTOR)

    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == ("(erased)", "")


def test_an_unknown_lead_is_not_found():
    with pytest.raises(LeadNotFound):
        lead_erase(external_id="nobody", actor=ACTOR)
