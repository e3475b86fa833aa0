import math
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from scoring.ml.values import day_of, is_filled, number_of, read_days, read_filled, word_of

NONE = frozenset({"", "unknown", "999"})


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3.0),
        (True, 1.0),
        (" 4.857 ", 4.857),
        ("-1e3", -1000.0),
        (np.int64(7), 7.0),
        (999, 999.0),
    ],
)
def test_it_reads_a_number(value, number):
    assert number_of(value, NONE) == number


@pytest.mark.parametrize(
    "value",
    [None, math.nan, math.inf, "inf", "NaN", 10**400, "1e400", 1e31, "12,5", "", " Unknown ",
     "999", "\ud800", [1], {"a": 1}, (1,), b"1", date(2024, 1, 1)],
)  # fmt: skip
def test_it_reads_no_number(value):
    assert math.isnan(number_of(value, NONE))


def test_equal_numbers_are_one_word_and_texts_are_compared_without_case_and_space():
    assert {word_of(value, NONE) for value in (1, 1.0, True, "1", " 1 ")} == {"1"}
    assert word_of(2.5, NONE) == "2.5"
    assert word_of(1e20, NONE) == "1e+20"
    assert word_of(" Straße ", NONE) == word_of("STRASSE", NONE) == "strasse"


@pytest.mark.parametrize("value", [None, "  ", "UNKNOWN", math.inf, [], {}, pd.NaT])
def test_it_reads_no_word(value):
    assert word_of(value, NONE) is None
    assert not is_filled(value, NONE)


def test_it_reads_a_date_from_every_iso_form_and_nothing_else():
    day = date(2024, 2, 29).toordinal() - date(1970, 1, 1).toordinal()

    written = ["2024-02-29", " 2024-02-29T23:59:59-11:00 ", "2024-02-29T00:00:00Z"]
    dates = [*written, date(2024, 2, 29), datetime(2024, 2, 29, 23, 59)]
    others = ["2024-02-30", "29.02.2024", "unknown", 20240229, None, pd.NaT]

    assert {day_of(value, NONE) for value in dates} == {day}
    assert {day_of(value, NONE) for value in others} == {None}


def test_it_reads_columns_of_any_dtype():
    times = pd.Series(pd.to_datetime(["2024-01-01", "NaT"]))

    assert read_filled(times, NONE).tolist() == [True, False]
    assert read_filled(pd.Series([1.0, math.inf]), NONE).tolist() == [True, False]
    assert read_filled(pd.Series([[1], "x", None], dtype=object), NONE).tolist() == [
        False,
        True,
        False,
    ]
    assert np.array_equal(read_days(times, NONE), [19723.0, math.nan], equal_nan=True)
    assert np.isnan(read_days(pd.Series([1.0]), NONE)).all()
