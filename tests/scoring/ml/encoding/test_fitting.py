from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from scoring.ml.encoding.columns import CategoryColumn, Column, DateColumn, NumberColumn
from scoring.ml.encoding.drafts import Uninformative
from scoring.ml.encoding.fitting import fit_column
from tests.scoring.ml.builders import FIRST_DAY, examples

N = 200
NONE = frozenset({"", "unknown"})
RANDOM = np.random.default_rng(2)


def fitted(values: list[Any], **given: Any) -> Column:
    return fit_column("attributes.it", examples({"it": values}, **given), NONE).column


def number_fitted(values: list[Any]) -> NumberColumn:
    column = fitted(values)
    assert isinstance(column, NumberColumn)
    return column


def numbers_as_text(share_of_words: float) -> list[str]:
    """N values of which this share is no number."""
    words = int(N * share_of_words)
    return [str(number) for number in range(N - words)] + [f"word {n % 2}" for n in range(words)]


def test_a_column_is_a_number_if_nearly_all_filled_values_are():
    assert isinstance(fitted([*numbers_as_text(0.05), *["unknown"] * 300]), NumberColumn)
    assert isinstance(fitted(numbers_as_text(0.06)), CategoryColumn)
    assert isinstance(fitted([1, 2, 3, 2] * 50), NumberColumn)
    assert isinstance(fitted([True, False] * 100), NumberColumn)


def test_a_column_is_a_date_if_nearly_all_filled_values_are():
    dates = [str(date(2024, 1, 1) + timedelta(days=number)) for number in range(N)]
    day = FIRST_DAY + np.arange(N)

    assert isinstance(fitted([*dates[:190], *["soon"] * 10], day=day), DateColumn)
    assert isinstance(
        fitted([*dates[:185], *["soon", "late", "then"] * 5], day=day), CategoryColumn
    )


def test_a_date_without_a_day_to_measure_from_is_left_out():
    with pytest.raises(Uninformative, match="never filled in"):
        fitted([str(date(2024, 1, 1) + timedelta(days=number)) for number in range(N)])


def test_a_numbers_limits_are_those_of_all_but_the_oddest_rows():
    column = number_fitted([*RANDOM.uniform(10, 20, 5000).tolist(), 1e12])

    assert 10 <= column.low < 10.2
    assert 19.8 < column.high <= 20


def test_the_limits_of_a_number_that_is_nearly_always_the_same_are_its_extremes():
    column = number_fitted([0.0] * 20_000 + [float(number) for number in range(1, 12)])

    assert (column.low, column.high) == (0.0, 11.0)


def test_only_heavy_tails_are_logged():
    assert not number_fitted(RANDOM.normal(5, 1, 1000).tolist()).logged
    assert not number_fitted(RANDOM.exponential(5, 1000).tolist()).logged
    assert number_fitted(RANDOM.lognormal(9, 1.5, 1000).tolist()).logged
    assert number_fitted((-RANDOM.lognormal(9, 1.5, 1000)).tolist()).logged


@pytest.mark.parametrize(("missing", "flagged"), [(0, False), (1, False), (40, True)])
def test_missing_numbers_are_flagged_unless_they_are_next_to_none(missing, flagged):
    values = [*(float(number) for number in range(N - missing)), *[None] * missing]

    assert number_fitted(values).flagged is flagged


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([None] * 30, "never filled in"),
        (["unknown", [1], {"a": 1}] * 10, "never filled in"),
        ([1.0] * 91 + list(range(9)), "nearly all rows have the same value"),
        (["x"] * 91 + [f"y{n}" for n in range(9)], "nearly all rows have the same value"),
        ([f"free text {number}" for number in range(60)], "almost every lead has its own value"),
    ],
)
def test_it_leaves_out_what_says_nothing(values, reason):
    with pytest.raises(Uninformative, match=reason):
        fitted(values)
