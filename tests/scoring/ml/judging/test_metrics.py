import json

import numpy as np
import pytest
from sklearn import metrics as sk

from scoring.ml.judging.judged import Judged
from scoring.ml.judging.metrics import METRICS, best_threshold, measure
from scoring.ml.judging.ranking import Ranking


def judged(n: int = 600, *, seed: int = 0, leads: int | None = None) -> Judged:
    rng = np.random.default_rng(seed)
    probability = rng.uniform(0.02, 0.6, n).round(2)
    return Judged(
        probability=probability,
        base=np.full(n, 0.3),
        chosen=probability >= 0.4,
        label=(rng.random(n) < probability).astype(np.int8),
        weight=rng.uniform(0.2, 1.0, n),
        lead=np.arange(n) % (leads or n),
    )


def test_it_measures_what_scikit_learn_measures():
    rows = judged()
    found = measure(rows, threshold=0.4, measured_on="backtest", seed=0)
    y, p, w, c = rows.label, rows.probability, rows.weight, rows.chosen
    expected = {
        "logLoss": sk.log_loss(y, p, sample_weight=w),
        "brier": sk.brier_score_loss(y, p, sample_weight=w),
        "rocAuc": sk.roc_auc_score(y, p, sample_weight=w),
        "prAuc": sk.average_precision_score(y, p, sample_weight=w),
        "accuracy": sk.accuracy_score(y, c, sample_weight=w),
        "precision": sk.precision_score(y, c, sample_weight=w),
        "recall": sk.recall_score(y, c, sample_weight=w),
        "f1Score": sk.f1_score(y, c, sample_weight=w),
    }
    assert {name: found[name]["value"] for name in expected} == pytest.approx(expected)
    base_loss = sk.log_loss(y, rows.base, sample_weight=w)
    assert found["logLossBase"] == pytest.approx(base_loss)
    assert found["logLossGain"]["value"] == pytest.approx(base_loss - expected["logLoss"])
    assert found["calibrationSlope"]["value"] == pytest.approx(1.0, abs=0.3)


def test_it_gives_each_figure_an_interval_around_it():
    found = measure(judged(), threshold=0.4, measured_on="backtest", seed=0)
    for name in METRICS:
        assert found[name]["low"] < found[name]["value"] < found[name]["high"]


def test_it_resamples_leads_not_rows():
    # Every lead ten times over: as many rows, but a tenth of the knowledge.
    rows = judged(leads=60)
    one = Judged(**{name: np.tile(getattr(rows, name)[:60], 10) for name in vars(rows)})
    other = Judged(**{**vars(one), "lead": np.arange(600)})
    wide = measure(one, threshold=0.4, measured_on="backtest", seed=0)["logLoss"]
    narrow = measure(other, threshold=0.4, measured_on="backtest", seed=0)["logLoss"]
    assert wide["value"] == pytest.approx(narrow["value"])
    assert wide["high"] - wide["low"] > 2 * (narrow["high"] - narrow["low"])


def test_it_leaves_undefined_figures_empty_and_precision_of_nothing_0():
    rows = judged(40)
    nothing = Judged(
        **{**vars(rows), "label": np.zeros(40, np.int8), "chosen": np.zeros(40, dtype=bool)}
    )
    found = measure(nothing, threshold=0.9, measured_on="backtest", seed=0)
    for name in ("rocAuc", "prAuc", "liftAt10", "calibrationSlope"):
        assert found[name] == {"value": None, "low": None, "high": None}
    assert found["precision"]["value"] == 0
    json.dumps(found, allow_nan=False)


def test_it_knows_the_lift_of_a_perfect_order():
    label = np.array([1] * 10 + [0] * 90, dtype=np.int8)
    climb = Ranking.of(np.linspace(1, 0, 100), label).climb(np.ones(100))
    assert climb.lift(0.1) == pytest.approx(10)
    assert climb.roc_auc() == pytest.approx(1)
    assert climb.pr_auc() == pytest.approx(1)


def test_it_ranks_ties_as_chance_would():
    climb = Ranking.of(np.full(100, 0.3), np.tile([0, 1], 50).astype(np.int8)).climb(np.ones(100))
    assert climb.roc_auc() == pytest.approx(0.5)
    assert climb.lift(0.1) == pytest.approx(1)


def test_it_finds_the_threshold_with_the_highest_f1():
    rows = judged()
    found = best_threshold(rows.probability, rows.label, rows.weight)
    f1 = {
        threshold: sk.f1_score(rows.label, rows.probability >= threshold, sample_weight=rows.weight)
        for threshold in np.unique(rows.probability)
    }
    assert f1[found] == pytest.approx(max(f1.values()))
