"""The share won walks at random, or stands still, or jumps."""

import numpy as np
import pytest
from scipy.special import expit

from scoring.ml.training.drift import BLOCK, drift

DAYS = np.datetime64("2024-01-01") + np.arange(20_000) // 20


def said_now(n: int, level: np.ndarray | float, *, seed: int, share: float = 0.1) -> float:
    rng = np.random.default_rng(seed)
    odds = np.log(share / (1 - share)) + rng.normal(0, 0.7, n)
    label = (rng.random(n) < expit(odds + level)).astype(np.int8)
    return drift(odds, label, np.ones(n), DAYS[:n])


@pytest.mark.parametrize("n", [100, 500, 4000])
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_a_level_that_stands_still_is_left_alone(n, share):
    moves = [said_now(n, 0.0, seed=seed, share=share) for seed in range(20)]
    assert np.mean(np.array(moves) != 0) <= 0.1


def test_a_level_that_walks_is_followed():
    errors, steps = [], np.zeros(20)
    for seed in range(5):
        steps = np.cumsum(np.random.default_rng(seed).normal(0, 0.4, 20))
        level = np.repeat(steps - steps.mean(), 1000)
        errors.append([said_now(20_000, level, seed=seed) - level[-1], level[-1]])
    left, needed = np.sqrt(np.mean(np.square(errors), axis=0))
    assert left < 0.35 * needed


def test_a_jump_in_the_newest_leads_is_followed_most_of_the_way():
    level = np.where(np.arange(4000) >= 4000 - BLOCK, 2.0, 0.0)
    assert 1.4 < said_now(4000, level, seed=0) < 2.4


def test_the_order_of_the_rows_says_nothing_and_rows_without_a_day_neither():
    rng = np.random.default_rng(0)
    level = np.linspace(-1, 1, 4000)
    label = (rng.random(4000) < expit(level - 2)).astype(np.int8)
    odds, weight, day = np.full(4000, -2.0), np.ones(4000), DAYS[:4000].copy()
    expected = drift(odds, label, weight, day)
    assert expected > 0.5
    undated = [np.append(each, more) for each, more in ((odds, 3.0), (label, 0), (weight, 1.0))]
    shuffled = rng.permutation(4001)
    rows = [each[shuffled] for each in (*undated, np.append(day, np.datetime64("NaT")))]
    assert drift(*rows) == pytest.approx(expected, abs=0.1)


def test_that_a_day_is_sorted_by_what_came_of_its_leads_is_no_drift():
    label = np.tile(np.repeat([1, 0], [300, 700]), 4).astype(np.int8)
    day = np.datetime64("2024-01-01") + np.repeat(np.arange(4), 1000)
    assert drift(np.full(4000, -0.85), label, np.ones(4000), day) == 0.0


def test_nothing_known_moves_nothing():
    nothing = np.empty(0)
    assert drift(nothing, nothing.astype(np.int8), nothing, DAYS[:0]) == 0.0


def test_leads_of_which_none_was_won_move_it_by_no_more_than_can_be():
    label = (np.arange(2000) < 1600).astype(np.int8) * (np.arange(2000) % 3 == 0)
    move = drift(np.full(2000, -1.0), label.astype(np.int8), np.ones(2000), DAYS[:2000])
    assert -8 < move < -1
