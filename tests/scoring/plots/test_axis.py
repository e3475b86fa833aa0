"""Axes have round ticks around the data and put numbers where they belong."""

from __future__ import annotations

import pytest

from scoring.plots.axis import Axis


def nice(*values: float, from_zero: bool = False) -> Axis:
    return Axis.nice("x", values, str, from_zero=from_zero)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((0, 0.46), [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        ((3, 97), [0, 20, 40, 60, 80, 100]),
        ((-4, 4), [-4, -2, 0, 2, 4]),
    ],
)
def test_ticks_are_round_and_hold_the_data(values: tuple[float, ...], ticks: list[float]):
    assert nice(*values).ticks == pytest.approx(ticks)


@pytest.mark.parametrize("values", [(), (0,), (5, 5), (-3, -3), (1e-9, 2e-9), (1e12, 3e12)])
def test_every_data_gets_an_axis(values: tuple[float, ...]):
    axis = nice(*values)
    assert axis.low < axis.high
    assert 2 <= len(axis.ticks) <= 8
    for value in values:
        assert 0 <= axis.along(value) <= 1


def test_an_axis_from_zero_begins_there():
    assert nice(40, 90, from_zero=True).low == 0
    assert nice(40, 90).low == 40


def test_skewed_numbers_are_logged_others_are_not():
    budgets = [500.0, 2_000, 3_000, 5_000, 400_000]
    axis = Axis.for_numbers("Budget", budgets, str)
    assert axis.logged
    assert axis.ticks == [1_000, 10_000, 100_000]
    assert (axis.along(500), axis.along(400_000)) == (0, 1)
    assert axis.along(3_000) == pytest.approx(0.27, abs=0.02)
    assert not Axis.for_numbers("Age", [1, 5, 9, 40], str).logged
    assert not Axis.for_numbers("Change", [-500_000, 1, 2, 3], str).logged
