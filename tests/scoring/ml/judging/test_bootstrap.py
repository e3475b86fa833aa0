import numpy as np
import pytest

from scoring.ml.judging.bootstrap import mean_interval, resamples


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
