import json
import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.hazard.curve import ConversionCurve
from scoring.ml.hazard.fitting import NoHazard, fit_curve
from scoring.ml.hazard.followups import Delays
from tests.scoring.ml.hazard.made import TO_WIN, delays

WON_BY = NormalDist(math.log(TO_WIN[0]), TO_WIN[1])
SHARES = np.linspace(0.05, 0.6, 4_000)


def fitted(window: int = 90, *, n: int = 4_000, **made: Any) -> ConversionCurve:
    followed = delays(n, won=SHARES[:n] if n <= len(SHARES) else 0.3, **made)
    return fit_curve(followed, SHARES[:n], np.ones(n), window_days=window)


CURVE = fitted()
probabilities = st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=20)


@given(probabilities, st.sampled_from([CURVE, fitted(75), fitted(30), fitted(365)]))
def test_it_rises_with_the_days_and_is_the_probability_at_the_window(said, curve):
    found = curve.by_day(np.array(said))
    assert (np.diff(found, axis=1) >= 0).all()
    assert found[:, curve.days.index(curve.window)].tolist() == said
    assert ((found >= 0) & (found <= 1)).all()


@given(probabilities)
def test_it_gives_the_same_after_storing(said):
    again = ConversionCurve.from_dict(json.loads(json.dumps(CURVE.to_dict())))
    assert again == CURVE
    assert (again.by_day(np.array(said)) == CURVE.by_day(np.array(said))).all()


@pytest.mark.parametrize("window", [30, 75, 90, 180])
def test_it_answers_30_60_90_and_180_days_and_the_window(window):
    assert set(fitted(window).days) == {30, 60, 90, 180, window}


def test_it_finds_the_true_share_by_each_day():
    """Of leads that are won within 90 days with .3, so many are won by the other days."""
    found = CURVE.by_day(np.array([0.3]))[0]
    truth = [
        0.3 * WON_BY.cdf(math.log(day + 0.5)) / WON_BY.cdf(math.log(90.5)) for day in CURVE.days
    ]
    assert found == pytest.approx(truth, abs=0.02)


def test_a_likelier_lead_is_likelier_by_every_day():
    found = CURVE.by_day(np.linspace(0.001, 0.999, 200))
    assert (np.diff(found, axis=0) > 0).all()


def test_it_learns_from_young_open_leads_too():
    """Nobody has been watched for 90 days; by when wins come within 60 is known all the same."""
    old, young = delays(300, watched=(90, 100)), delays(4_000, seed=1, watched=(30, 80))
    both = Delays(
        *(
            np.concatenate([getattr(each, name) for each in (old, young)])
            for name in ("elapsed", "event", "watched")
        )
    )
    sure = fit_curve(both, np.full(4_300, 0.3), np.ones(4_300), window_days=90)
    truth = 0.3 * WON_BY.cdf(math.log(30.5)) / WON_BY.cdf(math.log(90.5))
    assert sure.by_day(np.array([0.3]))[0, 0] == pytest.approx(truth, abs=0.02)
    unsure = fit_curve(old, np.full(300, 0.3), np.ones(300), window_days=90)
    assert sure.by_day(np.array([0.3]))[0, 0] != unsure.by_day(np.array([0.3]))[0, 0]


def test_it_does_not_answer_for_days_that_nobody_has_reached():
    assert fitted(watched=(0, 120)).days == (30, 60, 90)


def test_a_lead_of_many_rows_counts_once():
    followed = delays(2_000)
    twice = followed.take(np.repeat(np.arange(2_000), 2))
    once = fit_curve(followed, SHARES[:2_000], np.ones(2_000), window_days=90)
    same = fit_curve(twice, np.repeat(SHARES[:2_000], 2), np.full(4_000, 0.5), window_days=90)
    assert np.array(same.table) == pytest.approx(np.array(once.table), abs=1e-9)


def test_it_says_why_it_cannot_tell():
    nothing = delays(0)
    with pytest.raises(NoHazard, match="No outcome has a day"):
        fit_curve(nothing, np.empty(0), np.empty(0), window_days=90)
    with pytest.raises(NoHazard, match="Fewer than 20 wins"):
        fit_curve(delays(50, won=0.1), np.full(50, 0.1), np.ones(50), window_days=90)
