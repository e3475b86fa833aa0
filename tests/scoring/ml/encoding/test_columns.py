import numpy as np
import pytest

from scoring.ml.encoding.columns import finish


def test_a_number_within_its_limits_stays_as_it_is():
    raw = np.array([0.0, 3.0, 10.0])
    assert (finish(raw, 0.0, 10.0, False) == raw).all()


def test_beyond_its_limits_a_number_keeps_its_order_but_hardly_goes_on():
    raw = np.array([-1e9, -5.0, 0.0, 10.0, 11.0, 20.0, 1e9])
    limited = finish(raw, 0.0, 10.0, False)
    assert (np.diff(limited) > 0).all()
    assert limited[4] == pytest.approx(10 + 2.5 * np.log1p(1 / 2.5))
    assert limited[-1] < 10 + 10 * 5
    assert limited[0] > -10 * 5


def test_a_missing_number_stays_missing():
    assert np.isnan(finish(np.array([np.nan]), 0.0, 1.0, True)).all()


def test_a_number_without_a_span_is_what_training_saw():
    assert (finish(np.array([3.0, 5.0, 7.0]), 5.0, 5.0, False) == 5.0).all()
