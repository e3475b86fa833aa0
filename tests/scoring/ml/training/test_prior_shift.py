"""Leads that are won six times as often from one day on, though they look as before."""

from datetime import date
from functools import cache

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.judging.judged import Judged
from scoring.ml.serving.calibration import Calibration
from scoring.ml.training.preparation import Preparation
from scoring.ml.training.prior_shift import WINDOW, shifted, watch
from scoring.ml.training.results import TrainingResult
from scoring.ml.training.train import train
from tests.scoring.ml.made import leads

BEFORE, AFTER = 0.05, 0.30
OLD = 3000
TYPES = ["logistic-regression", "gradient-boosting"]


@cache
def shifting() -> Examples:
    """OLD leads of which 5 % were won, then 2,000 of which 30 % were, drawn from the same ones."""
    pool = leads(30_000, seed=4, days=900, window=1)
    rng = np.random.default_rng(0)
    won, lost = np.flatnonzero(pool.label), np.flatnonzero(pool.label == 0)
    parts = []
    for size, share, place in ((OLD, BEFORE, slice(0, 600)), (2000, AFTER, slice(600, 900))):
        days = (pool.day - pool.day[0]).astype(int)
        inside = np.flatnonzero((days >= place.start) & (days < place.stop))
        for rows, count in ((won, round(size * share)), (lost, size - round(size * share))):
            parts.append(rng.choice(np.intersect1d(rows, inside), count, replace=False))
    rows = np.sort(np.concatenate(parts))
    return pool.take(rows[np.argsort(pool.day[rows], kind="stable")])


@cache
def trained_after(new: int) -> TrainingResult:
    """Trained when `new` outcomes of the new time were known."""
    rows = shifting().take(np.arange(OLD + new))
    return train(rows, window_days=1, model_types=TYPES)


def plain_logistic(past: Examples, later: Examples) -> np.ndarray:
    """scikit-learn's logistic regression at its defaults, on the same columns."""
    encoder = LeadEncoder()
    model = make_pipeline(Preparation(), LogisticRegression(max_iter=1000))
    model.fit(encoder.fit_transform(past), past.label)
    return np.asarray(model.predict_proba(encoder.transform(later.features))[:, 1])


@pytest.mark.parametrize("new", [0, 100, int(WINDOW), 600])
def test_it_does_no_worse_than_plain_logistic_regression(new):
    later = shifting().take(np.arange(OLD + 600, OLD + 2000))
    said = trained_after(new).finalist.scorer.probabilities_of_frame(later.features)
    plain = plain_logistic(shifting().take(np.arange(OLD + new)), later)
    ours, theirs = log_loss(later.label, said), log_loss(later.label, plain)
    assert ours <= theirs + 0.002


def test_every_type_is_right_again_after_so_many_new_outcomes_as_it_says():
    later = shifting().take(np.arange(OLD + 600, OLD + 2000))
    for new in (int(WINDOW), 600):
        for model in trained_after(new).models:
            said = model.scorer.probabilities_of_frame(later.features)
            assert said.mean() == pytest.approx(AFTER, abs=0.06)
    before = trained_after(0).finalist.scorer.probabilities_of_frame(later.features)
    assert before.mean() < 0.12


def test_the_report_says_that_the_share_won_has_moved():
    (told,) = trained_after(int(WINDOW)).warnings
    assert told.startswith("The share won has moved: of the newest 200 leads (since 2024-")
    assert "were to be expected" in told
    assert trained_after(0).warnings == []


def test_the_base_rate_moves_too():
    result = trained_after(int(WINDOW))
    later = shifting().take(np.arange(OLD + 600, OLD + 700))
    said = result.base.scorer.probabilities_of_frame(later.features)
    assert said == pytest.approx([AFTER] * 100, abs=0.08)


def test_the_threshold_moves_with_the_probabilities():
    """Of the leads that it was judged on, as many are called as its precision and recall say."""
    rows = shifting().take(np.arange(OLD + int(WINDOW)))
    result = trained_after(int(WINDOW))
    cut = result.split.cut
    newest = rows.take(rows.day > np.datetime64(cut))
    assert result.warnings
    for model in result.models:
        called = model.scorer.probabilities_of_frame(rows.features) >= model.metrics["threshold"]
        assert 0.02 < called[:OLD].mean() < 0.5
    finalist = result.finalist
    called = finalist.scorer.probabilities_of_frame(newest.features)
    share = np.mean(called >= finalist.metrics["threshold"])
    measured = finalist.metrics
    won = measured["recall"]["value"] * newest.label.mean()
    assert share == pytest.approx(won / measured["precision"]["value"], abs=0.05)


def judged(share_said: float, won: int, n: int) -> tuple[Judged, np.ndarray]:
    label = (np.arange(n) < won).astype(np.int8)
    said = np.full(n, share_said)
    rows = Judged(said, said, said > 0.5, label, np.ones(n), np.arange(n))
    return rows, np.datetime64("2024-01-01") + np.zeros(n, dtype=int)


@pytest.mark.parametrize(
    ("won", "clear"), [(10, False), (20, False), (22, True), (60, True), (0, False)]
)
def test_it_takes_chance_for_chance(won, clear):
    found = watch(*judged(0.05, won, 200))
    assert found.is_clear == clear


def test_a_few_leads_are_no_evidence():
    assert not watch(*judged(0.05, 25, 49)).is_clear
    assert watch(*judged(0.05, 25, 50)).is_clear


def test_that_a_day_is_sorted_by_what_came_of_its_leads_is_no_shift():
    rows, day = judged(0.3, 300, 1000)
    assert not watch(rows, day).is_clear


def test_it_looks_at_the_newest_leads_only():
    label = np.zeros(1000, dtype=np.int8)
    label[:200] = 1
    said = np.full(1000, 0.5)
    days = np.datetime64("2024-01-01") + np.arange(1000)[::-1]
    found = watch(Judged(said, said, said > 1, label, np.ones(1000), np.arange(1000)), days)
    assert (found.leads, found.observed) == (200, 1)
    assert found.since == date(2026, 3, 11)


@pytest.mark.parametrize(
    "calibration",
    [
        Calibration(),
        Calibration("shift", intercept=0.4),
        Calibration("sigmoid", slope=0.6, intercept=-1.0),
        Calibration("isotonic", x=(0.1, 0.5, 0.9), y=(0.02, 0.3, 0.7)),
    ],
)
def test_a_shifted_map_hits_the_share_won_and_keeps_the_order(calibration):
    rng = np.random.default_rng(1)
    raw = np.sort(rng.uniform(0.05, 0.6, 300))
    label = (rng.random(300) < 0.4).astype(np.int8)
    said = shifted(calibration, raw, label, np.ones(300)).apply(raw)
    assert said.mean() == pytest.approx(label.mean(), abs=0.01)
    assert (np.diff(said) >= 0).all()
