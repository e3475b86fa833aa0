from typing import Any

import numpy as np
import pytest
from scipy.special import logit

from scoring.ml.explaining.carrying import MOST_POINTS
from scoring.ml.explaining.explainer import Explained, Explainer
from scoring.ml.serving.calibration import Calibration
from tests.scoring.ml.explaining.made_models import SERVED_TYPES, engine, fields, rows

STEPS = Calibration("isotonic", x=(0.1, 0.4, 0.4001, 0.8), y=(0.02, 0.1, 0.5, 0.9))
CALIBRATIONS = {
    "none": Calibration(),
    "sigmoid": Calibration("sigmoid", slope=0.7, intercept=-0.4),
    "isotonic": STEPS,
}


def explained(model_type: str, calibration: Calibration, X: Any) -> Explained:
    model = engine(model_type)
    probability = calibration.apply(model.probabilities(X))
    return Explainer(fields(), model, calibration).explain(X, probability)


@pytest.mark.parametrize("kind", CALIBRATIONS)
@pytest.mark.parametrize("model_type", SERVED_TYPES)
def test_the_parts_are_the_whole(model_type, kind):
    found = explained(model_type, CALIBRATIONS[kind], rows(300, seed=5))
    points = found.points.base + found.points.values.sum(axis=1)
    assert points == pytest.approx(100 * found.probability, abs=1e-6)
    odds = found.log_odds.base + found.log_odds.values.sum(axis=1)
    assert odds == pytest.approx(logit(found.probability), abs=1e-6)
    assert np.abs(found.points.values).max() <= MOST_POINTS


def test_points_are_in_proportion_to_what_the_fields_add():
    """points = value * 100 (p - p0) / (f - f0)."""
    X = rows(50, seed=6)
    model = engine("logistic-regression")
    explainer = Explainer(fields(), model, CALIBRATIONS["sigmoid"])
    probability = CALIBRATIONS["sigmoid"].apply(model.probabilities(X))
    values, _ = explainer._carrier.contributor.values(X)
    rise = logit(model.probabilities(X)) - explainer._carrier.contributor.base
    far = np.abs(rise) > 0.05
    found = explainer.explain(X, probability).points
    slope = (100 * probability - found.base) / rise
    assert far.sum() > 40
    assert found.values[far] == pytest.approx((values * slope[:, None])[far], abs=1e-6)


def test_parts_that_cancel_are_shown_as_what_they_are():
    """A lead exactly at the base: the fields that pull up and down have points all the same."""
    model = engine("logistic-regression")
    weights = model.weights
    X = model.mean[None].astype(np.float32)
    X[0, 5] += 2.0
    shift = (X[0, 5] - model.mean[5]) * weights[5] / model.scale[5]
    X[0, 6] = model.mean[6] - shift * model.scale[6] / weights[6]
    explainer = Explainer(fields(), model, Calibration())
    found = explainer.explain(X, model.probabilities(X)).points.values[0]
    assert abs(found.sum()) < 1e-3
    assert abs(found[2]) > 0.1
    assert found[2] == pytest.approx(-found[3], rel=0.01)


def test_a_jump_of_the_calibration_blows_no_part_up():
    """Two leads whose raw output differs by next to nothing may differ by 40 points."""
    X = rows(2000, seed=6)
    found = explained("random-forest", STEPS, X)
    assert np.abs(found.points.values).max() <= MOST_POINTS
    assert found.probability.std() > 0.1


def test_where_nothing_counts_all_parts_are_zero():
    model = engine("logistic-regression")
    X = np.full((1, len(model.mean)), np.nan, dtype=np.float32)
    at_mean = type(model)(**{**model.arrays(), "fill": model.mean})
    explainer = Explainer(fields(), at_mean, Calibration())
    found = explainer.explain(X, at_mean.probabilities(X))
    assert (found.points.values == 0).all()
    assert found.points.base == pytest.approx(100 * found.probability[0])
