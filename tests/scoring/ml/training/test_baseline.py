import numpy as np
import pytest

from scoring.ml.schema import LeadFeatures
from scoring.ml.serving import artifact
from tests.scoring.trained import trained


def test_it_names_the_share_won_for_every_lead():
    model = trained().base
    leads = [LeadFeatures(), LeadFeatures(interactions=1e6, industry="Retail")]
    said = model.scorer.probabilities(leads, [None, None])
    assert said == pytest.approx([trained().base_rate] * 2)


def test_it_is_stored_and_loaded_like_any_model():
    data = artifact.dumps(trained().base.scorer)
    loaded = artifact.loads(data, sha256=artifact.sha256(data))
    said = loaded.probabilities([LeadFeatures()], [None])
    assert said == trained().base.scorer.probabilities([LeadFeatures()], [None])


def test_its_figures_are_those_of_knowing_nothing():
    metrics = trained().base.metrics
    assert metrics["rocAuc"]["value"] == pytest.approx(0.5)
    assert metrics["logLoss"]["value"] == pytest.approx(metrics["logLossBase"])
    assert metrics["logLossGain"]["value"] == pytest.approx(0)
    assert metrics["measured_on"] == trained().finalist.metrics["measured_on"]


def test_its_score_has_no_parts():
    explained = trained().base.scorer.explain([LeadFeatures()], [None])
    assert explained.points.values.shape == (1, 0)
    assert explained.points.base == pytest.approx(100 * trained().base_rate)
    assert np.isfinite(explained.points.base)
