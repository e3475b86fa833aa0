"""Leads that are won a little more often from week to week, though they look as before."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.special import expit

from scoring.ml.examples import Examples
from scoring.ml.training.results import TrainingResult
from scoring.ml.training.train import train
from tests.scoring.ml.made import leads

N = 3000


def rising() -> tuple[Examples, np.ndarray]:
    rows = leads(N + 600, window=1, days=700, seed=3)
    level = np.linspace(-4, -1, N + 600)
    truth = expit(level + 0.5 * (rows.features["interactions"].to_numpy() - 3) / 2)
    label = (np.random.default_rng(0).random(N + 600) < truth).astype(np.int8)
    return replace(rows, label=label, known_on=rows.day), truth


@cache
def trained() -> TrainingResult:
    rows, _ = rising()
    types = ["logistic-regression", "random-forest"]
    return train(rows.take(np.arange(N)), window_days=1, model_types=types)


def test_every_probability_follows_a_drift_of_the_share_won():
    rows, truth = rising()
    today = rows.take(np.arange(N, N + 200))
    now, ever = truth[N : N + 200].mean(), rows.label[:N].mean()
    assert now > 1.8 * ever
    for model in [*trained().models, trained().base]:
        said = model.scorer.probabilities_of_frame(today.features).mean()
        # It comes after: what goes on rising has risen further by the time it is noticed.
        assert 0.4 < (said - ever) / (now - ever) < 1.1


def test_the_report_tells_of_the_drift():
    (told,) = trained().warnings
    assert told.startswith("The share won drifts: about 1")


def test_without_time_there_is_no_drift():
    rows = leads(600, window=None, seed=3)
    result = train(rows, window_days=1, model_types=["logistic-regression"])
    assert not any("drifts" in each for each in result.warnings)
    said = result.base.scorer.probabilities_of_frame(rows.features)
    assert said == pytest.approx(np.full(600, rows.label.mean()))
