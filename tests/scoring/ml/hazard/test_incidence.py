import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.hazard.followups import LOST, OPEN, WON, Delays
from scoring.ml.hazard.incidence import advise_window, cumulative_incidence
from tests.scoring.ml.hazard.made import TO_WIN, delays

leads = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from([OPEN, WON, LOST])), min_size=1, max_size=40
)


def made(rows: list[tuple[int, int]]) -> Delays:
    days, events = zip(*rows, strict=True)
    elapsed = np.array(days, dtype=np.int32)
    return Delays(elapsed, np.array(events, dtype=np.int8), elapsed)


def by_hand(rows: list[tuple[int, int]], kind: int, day: int) -> float:
    """The definition, day by day: open so far, times the share of those at risk that end so."""
    share, still_open = 0.0, 1.0
    for each in range(day + 1):
        at_risk = sum(days >= each for days, _ in rows)
        if not at_risk:
            break
        here = [event for days, event in rows if days == each and event != OPEN]
        share += still_open * sum(event == kind for event in here) / at_risk
        still_open *= 1 - len(here) / at_risk
    return share


@given(leads)
def test_it_is_the_definition_written_out_day_by_day(rows):
    curve = cumulative_incidence(made(rows))
    for place, day in enumerate(curve.days.tolist()):
        assert curve.won[place] == pytest.approx(by_hand(rows, WON, day))
        assert curve.lost[place] == pytest.approx(by_hand(rows, LOST, day))


@given(leads)
def test_won_lost_and_open_are_all_leads(rows):
    curve = cumulative_incidence(made(rows))
    assert curve.won + curve.lost + curve.open == pytest.approx(1)


def test_it_gives_the_shares_of_a_worked_example():
    """Six leads: won on day 1, open since 2, lost on 3, won on 4, lost on 5, open since 6."""
    rows = [(1, WON), (2, OPEN), (3, LOST), (4, WON), (5, LOST), (6, OPEN)]
    curve = cumulative_incidence(made(rows))
    assert curve.days.tolist() == [1, 3, 4, 5]
    assert curve.at_risk.tolist() == [6, 4, 3, 2]
    assert curve.won == pytest.approx([1 / 6, 1 / 6, 1 / 6 + 5 / 8 / 3, 1 / 6 + 5 / 8 / 3])
    assert curve.lost == pytest.approx([0, 5 / 24, 5 / 24, 5 / 24 + 5 / 12 / 2])


def test_where_nobody_is_open_it_is_the_share_that_won_by_then():
    rows = [(3, WON), (5, LOST), (9, WON), (9, WON)]
    curve = cumulative_incidence(made(rows))
    assert curve.won == pytest.approx([1 / 4, 1 / 4, 3 / 4])


def test_it_is_not_misled_by_leads_that_are_still_open():
    """Half of the leads are too young to have ended: their peers' share is still found."""
    found = cumulative_incidence(delays(20_000, won=0.3, watched=(0, 300)))
    at_last = found.won[found.at_risk >= 50][-1]
    assert at_last == pytest.approx(0.3, abs=0.015)


def test_it_advises_the_80th_to_90th_percentile_of_the_time_to_a_win():
    advice = advise_window(delays(20_000, watched=(0, 600)), window_days=365)
    law = NormalDist(math.log(TO_WIN[0]), TO_WIN[1])
    assert advice.shares["80%"] == pytest.approx(math.exp(law.inv_cdf(0.8)), abs=3)
    assert advice.shares["90%"] == pytest.approx(math.exp(law.inv_cdf(0.9)), abs=4)
    assert advice.days == 75
    assert not advice.growing


def test_a_window_that_fits_is_left_as_it_is():
    assert advise_window(delays(5_000), window_days=80).days == 80


def test_losses_are_no_reason_to_wait_longer_for_wins():
    """The same wins with and without losses: the percentiles of a win's time stay the same."""
    with_losses = advise_window(delays(20_000, won=0.3, lost=0.95), window_days=365)
    without = advise_window(delays(20_000, won=0.3, lost=0.0), window_days=365)
    assert with_losses.shares["90%"] == pytest.approx(without.shares["90%"], abs=4)


def test_it_says_that_leads_were_not_watched_for_long_enough():
    advice = advise_window(delays(5_000, watched=(0, 50)), window_days=90)
    assert advice.growing
    assert "look again" in advice.reason


@pytest.mark.parametrize("wins", [0, 29])
def test_it_gives_no_advice_from_too_few_wins(wins):
    advice = advise_window(made([(5, WON)] * wins + [(9, LOST)] * 100), window_days=90)
    assert (advice.days, advice.shares) == (None, {})
    assert f"{wins} dated wins are too few" in advice.reason


def test_it_gives_no_advice_where_nothing_has_a_day():
    nothing = np.empty(0, dtype=np.int32)
    assert (
        advise_window(Delays(nothing, nothing.astype(np.int8), nothing), window_days=90).wins == 0
    )
