import numpy as np
import pytest

from scoring.ml.judging.bootstrap import (
    MOST_LEADS,
    Units,
    mean_interval,
    resampled_means,
    resamples,
)


def test_it_draws_as_many_leads_as_there_are():
    for drawn in resamples(30, times=20, seed=0):
        assert drawn.sum() == 30


def test_it_gives_the_interval_of_a_mean():
    rng = np.random.default_rng(0)
    values = rng.normal(5, 2, 2000)
    interval = mean_interval(values, np.ones(2000), np.arange(2000), seed=0)
    error = 2 / np.sqrt(2000)
    assert interval.value == pytest.approx(values.mean())
    assert interval.low == pytest.approx(values.mean() - 1.96 * error, abs=0.3 * error)
    assert interval.high == pytest.approx(values.mean() + 1.96 * error, abs=0.3 * error)


def test_it_is_wider_when_rows_belong_to_fewer_leads():
    values = np.repeat(np.random.default_rng(0).normal(size=100), 20)
    rows = mean_interval(values, np.ones(2000), np.arange(2000), seed=0)
    leads = mean_interval(values, np.ones(2000), np.repeat(np.arange(100), 20), seed=0)
    assert leads.value == pytest.approx(rows.value)
    assert leads.high - leads.low > 3 * (rows.high - rows.low)


def test_blocks_hold_whole_leads_and_about_as_many_each():
    lead = np.repeat(np.random.default_rng(0).permutation(MOST_LEADS + 500), 2)
    units = Units.of(lead, seed=0)
    assert units.blocks
    assert (units.place[::2] == units.place[1::2]).all()
    leads = np.bincount(units.place) / 2
    assert len(leads) == units.count
    assert leads.max() - leads.min() <= 1


def test_the_interval_of_a_mean_is_as_wide_by_blocks_as_by_leads(monkeypatch):
    rng = np.random.default_rng(0)
    lead = np.sort(rng.integers(3_000, size=9_000))
    values = rng.normal(size=3_000)[lead] + rng.normal(size=9_000)

    def deviation() -> float:
        found = [resampled_means(values, np.ones(9_000), lead, seed=seed) for seed in range(10)]
        return float(np.mean([again.std() for _, again in found]))

    by_leads = deviation()
    monkeypatch.setattr("scoring.ml.judging.bootstrap.MOST_LEADS", 0)
    assert deviation() == pytest.approx(by_leads, rel=0.05)
