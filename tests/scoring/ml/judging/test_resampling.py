import numpy as np
import pytest

from scoring.ml.judging.bootstrap import BOUNDS
from scoring.ml.judging.judged import Judged
from scoring.ml.judging.metrics import METRICS
from scoring.ml.judging.resampling import resampled_figures

SEEDS = range(6)
# What chance leaves between two means of so many deviations, one from leads, one from blocks.
CHANCE = 0.09


def judged(rows: int, leads: int) -> Judged:
    """Rows of leads of their own kind, which all share their lead's outcome."""
    rng = np.random.default_rng(1)
    kind = rng.normal(-1.5, 1.2, leads)
    won = rng.random(leads) < 1 / (1 + np.exp(-kind))
    lead = np.concatenate([np.arange(leads), rng.integers(leads, size=rows - leads)])
    probability = 1 / (1 + np.exp(-kind[lead] - rng.normal(0, 0.3, rows)))
    return Judged(
        probability=probability,
        base=np.where(np.arange(rows) % 3 == 0, 0.3, 0.25),
        chosen=probability >= np.where(np.arange(rows) % 2 == 0, 0.3, 0.35),
        label=won[lead].astype(np.int8),
        weight=1 / np.bincount(lead)[lead],
        lead=lead,
    )


def deviations(rows: Judged) -> dict[str, float]:
    """How far each figure spreads from resample to resample, as the mean over SEEDS."""
    again = [resampled_figures(rows, seed=seed)[1] for seed in SEEDS]
    return {
        name: float(np.mean([np.std([found[name] for found in each]) for each in again]))
        for name in METRICS
    }


@pytest.mark.parametrize(("rows", "leads"), [(5_000, 5_000), (12_000, 4_000)])
def test_blocks_of_leads_spread_each_figure_as_leads_do(rows, leads, monkeypatch):
    known = judged(rows, leads)
    by_leads = deviations(known)
    monkeypatch.setattr("scoring.ml.judging.bootstrap.MOST_LEADS", 0)
    by_blocks = deviations(known)
    for name in METRICS:
        assert by_blocks[name] == pytest.approx(by_leads[name], rel=CHANCE), name


def test_very_many_leads_are_drawn_in_blocks_around_the_same_figures(monkeypatch):
    rows = judged(30_000, 25_000)
    value, again = resampled_figures(rows, seed=0)
    monkeypatch.setattr("scoring.ml.judging.bootstrap.MOST_LEADS", 30_000)
    assert resampled_figures(rows, seed=0)[0] == value
    for name in METRICS:
        found = np.array([each[name] for each in again])
        low, high = np.quantile(found, BOUNDS)
        assert low < value[name] < high
        assert found.mean() == pytest.approx(value[name], abs=0.3 * found.std())


def test_few_answers_and_many_leads_keep_what_is_undefined_undefined(monkeypatch):
    monkeypatch.setattr("scoring.ml.judging.bootstrap.MOST_LEADS", 0)
    rows = judged(3_000, 3_000)
    constant = Judged(**{**vars(rows), "probability": np.full(3_000, 0.2)})
    for found in (figures := resampled_figures(constant, seed=0))[1]:
        assert np.isnan(found["calibrationSlope"])
        assert found["rocAuc"] == pytest.approx(0.5)
    assert np.isnan(figures[0]["calibrationSlope"])
    lost = Judged(**{**vars(rows), "label": np.zeros(3_000, np.int8)})
    value, again = resampled_figures(lost, seed=0)
    assert np.isnan([value["rocAuc"], again[0]["prAuc"]]).all()
    assert again[0]["recall"] == 0
