import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from scoring.ml.serving.calibration import Calibration
from scoring.ml.training.calibrating import Evidence, fit_calibration, fit_line


def said(n: int = 4000, slope: float = 1.0, shift: float = 0.0) -> Evidence:
    """What a model says whose true log-odds are `slope` times its own, plus `shift`."""
    rng = np.random.default_rng(0)
    odds = rng.normal(-1, 1.5, n)
    label = (rng.random(n) < expit(slope * odds + shift)).astype(np.int8)
    return Evidence(expit(odds), label, rng.uniform(0.5, 1.5, n))


def test_it_learns_the_slope_and_shift_of_an_overconfident_model():
    fitted = fit_calibration("sigmoid", said(slope=0.5, shift=-1.0))
    assert fitted.slope == pytest.approx(0.5, abs=0.08)
    assert fitted.intercept == pytest.approx(-1.0, abs=0.1)


def test_it_moves_the_mean_to_the_share_won_when_it_only_shifts():
    evidence = said(shift=1.5)
    mapped = fit_calibration("shift", evidence).apply(evidence.raw)
    share = np.average(evidence.label, weights=evidence.weight)
    assert np.average(mapped, weights=evidence.weight) == pytest.approx(share, abs=1e-6)


def test_it_never_turns_the_order_round():
    evidence = said(slope=-1.0)
    mapped = fit_calibration("sigmoid", evidence).apply(np.array([0.1, 0.5, 0.9]))
    assert (np.diff(mapped) > 0).all()


@pytest.mark.parametrize("kind", ["none", "shift", "sigmoid", "isotonic"])
def test_it_keeps_off_0_and_1_and_rises(kind):
    mapped = fit_calibration(kind, said()).apply(np.linspace(0, 1, 101))
    assert (mapped >= 1e-6).all()
    assert (mapped <= 1 - 1e-6).all()
    assert (np.diff(mapped) >= 0).all()


@pytest.mark.parametrize("kind", ["none", "shift", "sigmoid", "isotonic"])
def test_it_is_the_same_after_json(kind):
    fitted = fit_calibration(kind, said())
    assert Calibration.from_dict(fitted.to_dict()) == fitted


def test_it_finds_the_same_line_as_a_logistic_regression():
    evidence = said(slope=0.7, shift=0.4)
    odds = logit(evidence.raw)
    slope, intercept = fit_line(odds, evidence.label, evidence.weight)
    peer = LogisticRegression(C=1e9, tol=1e-10).fit(
        odds[:, None], evidence.label, sample_weight=evidence.weight
    )
    assert slope == pytest.approx(peer.coef_[0, 0], abs=1e-4)
    assert intercept == pytest.approx(peer.intercept_[0], abs=1e-4)


def test_it_survives_a_model_that_always_says_the_same():
    evidence = Evidence(np.full(50, 0.3), np.tile([0, 1], 25).astype(np.int8), np.ones(50))
    mapped = fit_calibration("sigmoid", evidence).apply(evidence.raw)
    assert mapped == pytest.approx(0.5, abs=1e-3)
