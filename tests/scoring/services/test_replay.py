"""Whatever was predicted can be computed again from what is stored of it."""

from datetime import timedelta

import numpy as np
import pytest

from crm.days import today
from crm.models import Lead
from crm.services import LeadColumns, LeadData, leads_upsert
from scoring import registry
from scoring.dataset import features_of
from scoring.ml.schema import LeadFeatures
from scoring.models import Prediction
from scoring.services.predict import leads_predict
from scoring.services.rescore import leads_rescore
from tests.scoring.crowd import SOMEONE
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

LEADS = 500


def some_leads(seed: int) -> list[LeadData]:
    rng = np.random.default_rng(seed)
    return [
        LeadData(
            external_id=str(number),
            name="Ada",
            email="ada@example.com",
            industry=str(rng.choice(["Retail", "Banking", ""])),
            last_contact=today() - timedelta(days=int(rng.integers(0, 400))),
            budget=round(float(rng.uniform(0, 10_000)), 2),
            interactions=int(rng.integers(0, 30)),
            attributes={"region": str(rng.choice(["n", "s"])), "visits": int(rng.integers(9))},
        )
        for number in range(LEADS)
    ]


def seen_by(prediction: Prediction) -> LeadFeatures:
    if prediction.features is not None:
        return LeadFeatures.from_json(prediction.features)
    return features_of(Lead.history.get(history_id=prediction.history_id))


def test_a_thousand_stored_predictions_give_their_probability_again():
    make_version(1, seed=1, is_champion=True)
    leads_upsert(leads=some_leads(1), source=Lead.Source.API, actor=SOMEONE)
    leads_rescore(day=today() + timedelta(days=30))
    other = make_version(2, seed=2, is_active=True)
    asked = LeadColumns.of(some_leads(2))
    with leads_predict(leads=asked, model_type=other.model_type, store=True, actor=SOMEONE):
        pass
    # What is true of the leads now must not matter.
    leads_upsert(leads=some_leads(3), source=Lead.Source.API, actor=SOMEONE)
    registry.forget_loaded()
    stored = list(Prediction.objects.select_related("version"))
    assert len(stored) == 2 * LEADS
    again = [
        registry.load(each.version).scorer.probabilities([seen_by(each)], [each.day]).item()
        for each in stored
    ]
    assert np.abs(np.array(again) - [each.probability for each in stored]).max() <= 1e-9
    assert len({round(each, 6) for each in again}) > LEADS / 10
