import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.familiarity_fitting import fit_familiarity
from scoring.ml.certainty.reference import fit_reference
from scoring.ml.certainty.reliability import interval_reliability
from scoring.ml.certainty.spread import Spread
from scoring.ml.certainty.spread_fitting import fit_spread
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.judging.judged import Judged
from scoring.ml.judging.judged_rows import JudgedRows
from tests.scoring.ml.builders import examples

SPREAD = Spread(odds=(-2.0, 1.0), variance=(0.2, 0.4), distance=(5.0, 9.0), factor=(0.9, 1.4))


def crowd(n: int, *, error: float, seed: int = 0) -> tuple[Examples, np.ndarray, np.ndarray]:
    """Leads, what a model says of them, and the truth: its log-odds are off by `error`, in ways
    that depend on the leads' fields."""
    rng = np.random.default_rng(seed)
    words = {name: rng.integers(0, 8, n) for name in ("industry", "plan", "region", "source")}
    amount, visits = rng.normal(0, 1, n), rng.normal(0, 1, n)
    said = -1.5 + 0.8 * visits
    off = sum((rng.normal(0, 1, 8)[place] for place in words.values()), np.sin(3 * amount))
    off = error * (off - off.mean()) / off.std()
    truth = expit(said + off)
    columns = {name: [f"{name} {each}" for each in place] for name, place in words.items()}
    rows = examples(
        {**columns, "budget": amount.tolist(), "interactions": visits.tolist()},
        label=(rng.random(n) < truth).astype(np.int8),
        day=np.datetime64("2025-01-01") + np.arange(n) // 50,
    )
    return rows, expit(said), truth


def fitted(rows: Examples, said: np.ndarray) -> tuple[Familiarity, Spread]:
    familiarity = fit_familiarity(rows, LeadEncoder().fit(rows))
    assert familiarity is not None
    reference = fit_reference(rows, familiarity)
    assert reference is not None
    assert reference.frame["budget"].tolist() == rows.features["budget"].tolist()
    return familiarity, fit_spread(said, reference, familiarity)


def share_covered(error: float, seed: int) -> float:
    rows, said, truth = crowd(6_000, error=error, seed=seed)
    familiarity, spread = fitted(rows, said)
    low, high = spread.interval(said, familiarity.distances_of(rows.features))
    return float(np.mean((low <= truth) & (truth <= high)))


@pytest.mark.parametrize("error", [0.3, 0.6])
def test_the_true_probability_lies_in_as_many_intervals_as_stated(error):
    """On the mean of several crowds: how far a model is off in one is itself told by chance."""
    shares = [share_covered(error, seed) for seed in range(6)]
    assert np.mean(shares) == pytest.approx(0.9, abs=0.03)


def test_the_farther_off_a_model_is_the_wider_are_its_intervals():
    deviations = []
    for error in (0.0, 0.3, 0.6, 1.0):
        rows, said, _ = crowd(8_000, error=error)
        spread = fitted(rows, said)[1]
        deviations.append(float(spread.deviation(np.array([-1.5]), np.array([1.0]))[0]))
    assert deviations == sorted(deviations)
    assert deviations[0] < 0.3


def test_a_model_that_says_the_same_of_everybody_is_off_by_what_tells_leads_apart():
    rows, _, truth = crowd(6_000, error=0.6)
    said = np.full(len(rows), rows.label.mean())
    familiarity, spread = fitted(rows, said)
    low, high = spread.interval(said, familiarity.distances_of(rows.features))
    assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.9, abs=0.05)


def test_with_few_leads_it_is_wide_and_with_fewer_it_says_nothing():
    rows, said, _ = crowd(100, error=0.0)
    assert fitted(rows, said)[1].deviation(np.array([-1.5]), np.array([1.0]))[0] > 0.3
    familiarity = fit_familiarity(rows, LeadEncoder().fit(rows))
    assert familiarity is not None
    assert fit_reference(rows.take(np.arange(40)), familiarity) is None
    lost = rows.take(rows.label == 0)
    assert fit_reference(lost, familiarity) is None


@given(
    said=st.floats(1e-6, 1 - 1e-6),
    distance=st.floats(0, 500),
    level=st.sampled_from([0.5, 0.8, 0.9, 0.99]),
)
def test_an_interval_holds_the_probability_and_stays_inside_0_and_1(said, distance, level):
    low, high = SPREAD.interval(np.array([said]), np.array([distance]), level)
    assert 0 < low[0] <= said <= high[0] < 1


@given(said=st.floats(0.01, 0.99), near=st.floats(0, 100), more=st.floats(0.01, 100))
def test_an_interval_never_narrows_as_a_lead_gets_less_familiar(said, near, more):
    low, high = SPREAD.interval(np.full(2, said), np.array([near, near + more]))
    assert low[1] <= low[0]
    assert high[1] >= high[0]


def test_a_lead_unlike_all_others_has_a_wider_interval():
    low, high = SPREAD.interval(np.full(2, 0.3), np.array([9.0, 18.0]))
    assert high[1] - low[1] > 1.2 * (high[0] - low[0])


def test_it_is_the_same_after_storing():
    assert Spread.from_dict(json.loads(json.dumps(SPREAD.to_dict()))) == SPREAD


def test_reliability_compares_what_was_said_with_what_came():
    rows, said, _ = crowd(4_000, error=0.3)
    familiarity, spread = fitted(rows, said)
    judged = JudgedRows(
        rows.features, Judged(said, said, said > 0.5, rows.label, rows.weight, rows.lead)
    )
    found = interval_reliability(judged, spread, familiarity)
    assert found["level"] == 0.9
    assert len(found["bins"]) == 10
    assert sum(each["leads"] for each in found["bins"]) == pytest.approx(4_000)
    assert all(each["holds"] for each in found["bins"])
    for each in found["bins"]:
        assert each["low"] < each["predicted"] < each["high"]
        assert each["observedLow"] <= each["observed"] <= each["observedHigh"]
