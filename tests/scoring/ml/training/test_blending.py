import numpy as np
import pytest
from scipy.special import expit, logit

from scoring.ml.judging.judged import Judged
from scoring.ml.serving.calibration import Calibration
from scoring.ml.training.backtest import Candidate
from scoring.ml.training.blended import BlendEstimator
from scoring.ml.training.blending import MEMBERS, fit_weights, takes_over

N = 4000


def candidate(name: str, probability: np.ndarray, label: np.ndarray) -> Candidate:
    n = len(label)
    everyone = np.ones(n)
    judged = Judged(probability, np.full(n, 0.5), probability > 0.5, label, everyone, np.arange(n))
    return Candidate(name, {}, tuple(np.split(probability, 4)), "none", judged, None)


@pytest.fixture
def truth() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    said = rng.uniform(0.05, 0.95, N)
    return said, (rng.random(N) < said).astype(np.int8)


def off(truth: np.ndarray, seed: int, by: float = 1.0) -> np.ndarray:
    """The truth with errors of its own."""
    return np.asarray(expit(logit(truth) + np.random.default_rng(seed).normal(0, by, len(truth))))


def test_models_that_err_alike_in_size_get_about_the_same_weight(truth):
    said, label = truth
    weights = fit_weights(
        [candidate(name, off(said, 5 + at), label) for at, name in enumerate(MEMBERS)]
    )
    assert weights.sum() == pytest.approx(1)
    assert weights == pytest.approx([1 / 3] * 3, abs=0.1)


def test_a_model_that_knows_all_gets_nearly_all_the_weight(truth):
    said, label = truth
    names = MEMBERS[:2]
    weights = fit_weights(
        [candidate(names[0], off(said, 5, 2.0), label), candidate(names[1], said, label)]
    )
    assert weights[1] > 0.9


def test_with_few_leads_weights_stay_near_equal(truth):
    said, label = (each[:20] for each in truth)
    weights = fit_weights(
        [candidate(MEMBERS[0], off(said, 5, 1.0), label), candidate(MEMBERS[1], said, label)]
    )
    assert weights.min() > 0.25


def test_the_order_of_models_does_not_matter(truth):
    said, label = truth
    both = [candidate(MEMBERS[0], off(said, 5), label), candidate(MEMBERS[1], said, label)]
    assert fit_weights(both) == pytest.approx(fit_weights(both[::-1])[::-1])


def test_a_blend_takes_over_only_if_it_did_better(truth):
    said, label = truth
    better, worse = candidate("a", said, label), candidate("b", off(said, 5), label)
    assert takes_over(better, worse)
    assert not takes_over(worse, better)
    assert not takes_over(better, better)
    assert not takes_over(None, better)


def test_a_blend_is_the_weighted_mean_of_calibrated_members():
    class Says:
        def __init__(self, probability: float) -> None:
            self.probability = probability

        def predict_proba(self, X: np.ndarray) -> np.ndarray:
            return np.tile([1 - self.probability, self.probability], (len(X), 1))

    shift = Calibration("shift", intercept=1.0)
    settings = {
        "members": [
            {"model_type": "a", "weight": 0.25, "calibration": shift.to_dict()},
            {"model_type": "b", "weight": 0.75, "calibration": Calibration().to_dict()},
        ]
    }
    blend = BlendEstimator(settings, [Says(0.5), Says(0.2)])
    said = blend.predict_proba(np.zeros((3, 1), dtype=np.float32))
    assert said[:, 1] == pytest.approx([0.25 * expit(1.0) + 0.75 * 0.2] * 3)
    assert said.sum(axis=1) == pytest.approx([1.0] * 3)
