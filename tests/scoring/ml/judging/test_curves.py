"""Points of the curves, on rows that one can count by hand."""

import json
from typing import Any

import numpy as np
import pytest

from scoring.ml.judging.curves import FINE_POINTS, POINTS, draw
from scoring.ml.judging.judged import Judged


def judged(probability: Any, label: Any, *, chosen: Any = None, weight: Any = None) -> Judged:
    n = len(label)
    return Judged(
        probability=np.asarray(probability, dtype=float),
        base=np.full(n, 0.5),
        chosen=np.asarray(probability) >= 0.5 if chosen is None else np.asarray(chosen),
        label=np.asarray(label, dtype=np.int8),
        weight=np.ones(n) if weight is None else np.asarray(weight, dtype=float),
        lead=np.arange(n),
    )


FOUR = judged([0.8, 0.6, 0.4, 0.2], [1, 0, 1, 0], weight=[1, 1, 1, 0.5])


def test_above_counts_leads_promises_and_wins_from_the_likeliest_down():
    points = draw(FOUR)["above"]
    assert [point["probability"] for point in points] == [0.8, 0.6, 0.4, 0.2]
    assert [point["leads"] for point in points] == [1, 2, 3, 3.5]
    assert [point["won"] for point in points] == [1, 1, 2, 2]
    assert [point["expected"] for point in points] == pytest.approx([0.8, 1.4, 1.8, 1.9])


def test_leads_with_the_same_probability_come_as_one_step():
    points = draw(judged([0.5, 0.5, 0.1], [1, 0, 0]))["above"]
    assert [point["leads"] for point in points] == [2, 3]


def test_the_confusion_counts_leads_by_what_was_said_and_what_came():
    assert draw(FOUR)["confusion"] == {
        "chosenWon": 1,
        "chosenLost": 1,
        "passedWon": 1,
        "passedLost": 0.5,
    }


def test_a_long_curve_is_thinned_with_both_ends():
    rng = np.random.default_rng(0)
    curves = draw(judged(rng.random(5000), rng.random(5000) < 0.3))
    assert (len(curves["above"]), len(curves["roc"])) == (FINE_POINTS, POINTS)
    assert curves["above"][-1]["leads"] == 5000
    assert (curves["roc"][0], curves["roc"][-1]) == ({"x": 0, "y": 0}, {"x": 1, "y": 1})


def test_with_one_class_there_are_counts_but_no_curves():
    curves = draw(judged([0.2, 0.4], [0, 0]))
    assert (curves["roc"], curves["pr"], curves["lift"]) == ([], [], [])
    assert curves["above"][-1]["won"] == 0
    json.dumps(curves, allow_nan=False)
