"""From one raw value to a number, a day or a word; None and NaN stand for "not known".

A value is read the same way whether it comes alone (serving) or in a column (training): columns
are read by their distinct values, each once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

NAN = math.nan
# Beyond this a number says nothing of a lead, and float32 could not hold it.
LARGEST = 1e30
EPOCH = date(1970, 1, 1).toordinal()
NUMERIC_KINDS = "biuf"

Placeholders = frozenset[str]
if TYPE_CHECKING:
    # A column of raw values (n,): a frame's, or an array, which takes no time to make.
    Values = pd.Series | npt.NDArray[Any]


def fold(text: str) -> str:
    """Text as it is compared: without case and surrounding space."""
    return text.strip().casefold()


def number_of(value: object, placeholders: Placeholders) -> float:
    """A finite number, a bool (0, 1) or text in Python's float syntax; NaN for all else."""
    kind = type(value)
    if kind is float:
        number: float = value  # type: ignore[assignment]  # mypy does not narrow by type()
    elif kind is str:
        if fold(value) in placeholders:  # type: ignore[arg-type]  # as above
            return NAN
        try:
            number = float(value)  # type: ignore[arg-type]  # as above
        except ValueError:
            return NAN
    elif isinstance(value, (Real, Decimal, np.bool_)):
        try:
            number = float(value)
        except (OverflowError, ValueError):
            return NAN
    else:
        return NAN
    return number if -LARGEST <= number <= LARGEST else NAN


def day_of(value: object, placeholders: Placeholders) -> int | None:
    """A date, a date-time or an ISO text of either, as days since 1970; the day it says itself."""
    if isinstance(value, str):
        if fold(value) in placeholders:
            return None
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, date) and value == value:  # pandas' NaT is a date unlike itself
        return value.toordinal() - EPOCH
    return None


def word_of(value: object, placeholders: Placeholders) -> str | None:
    """A category as it is compared. Numbers that are equal are one category: 1, 1.0 and True."""
    if isinstance(value, str):
        text = fold(value)
        return None if not text or text in placeholders else text
    number = number_of(value, placeholders)
    if number != number:
        return None
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)


def is_filled(value: object, placeholders: Placeholders) -> bool:
    """Whether a value says anything, as a number, a word or a date."""
    if isinstance(value, str):
        text = fold(value)
        return bool(text) and text not in placeholders
    number = number_of(value, placeholders)
    return number == number or day_of(value, placeholders) is not None


def distinct(values: Values) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """Codes (n,) and the distinct values they point to; -1 where there is no value at all."""
    import pandas as pd  # noqa: PLC0415 - half a second to load, which few values need not

    if isinstance(values.dtype, pd.CategoricalDtype):
        return _distinct_codes(values.cat.codes.to_numpy(), values.cat.categories)
    raw = np.asarray(values, dtype=object)
    try:
        codes, found = pd.factorize(raw)
    except TypeError:  # lists and objects are no value of a lead and cannot be told apart quickly
        simple = [None if isinstance(value, (dict, list, set)) else value for value in raw]
        codes, found = pd.factorize(np.array([*simple, None], dtype=object)[:-1])
    return codes, list(found)


def _distinct_codes(
    codes: npt.NDArray[np.integer[Any]], categories: pd.Index[Any]
) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """As the values themselves would be told apart: those that occur, in order of appearance."""
    import pandas as pd  # noqa: PLC0415 - as above

    present = codes >= 0
    found = np.full(len(codes), -1, dtype=np.intp)
    found[present], used = pd.factorize(codes[present])
    return found, categories.take(used).tolist()


def read_numbers(values: Values, placeholders: Placeholders) -> npt.NDArray[np.float64]:
    """A column by `number_of`: (n,) with NaN where there is none."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in NUMERIC_KINDS:
        numbers = np.asarray(values, dtype=np.float64)
        return np.where(np.abs(numbers) <= LARGEST, numbers, NAN)
    codes, found = distinct(values)
    table = np.array([*(number_of(value, placeholders) for value in found), NAN])
    return table[codes]


def read_days(values: Values, placeholders: Placeholders) -> npt.NDArray[np.float64]:
    """A column by `day_of`: days since 1970 (n,), NaN where there is none."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind == "M":
        return days_since_1970(np.asarray(values).astype("datetime64[D]"))
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in NUMERIC_KINDS:
        return np.full(len(values), NAN)
    codes, found = distinct(values)
    days = [day_of(value, placeholders) for value in found]
    table = np.array([*(NAN if day is None else float(day) for day in days), NAN])
    return table[codes]


def read_filled(values: Values, placeholders: Placeholders) -> npt.NDArray[np.bool_]:
    """A column by `is_filled`: (n,)."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind == "M":
        return np.asarray(~np.isnat(np.asarray(values)))
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in NUMERIC_KINDS:
        return ~np.isnan(read_numbers(values, placeholders))
    codes, found = distinct(values)
    return np.array([*(is_filled(value, placeholders) for value in found), False])[codes]


def days_since_1970(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.float64]:
    """datetime64[D] (n,) as numbers, NaN for NaT."""
    return np.where(np.isnat(days), NAN, days.astype(np.int64).astype(np.float64))


def read_words(
    values: Values, read: Callable[[object], str | None]
) -> tuple[npt.NDArray[np.intp], list[str], dict[str, str]]:
    """A column as categories: codes (n,), -1 for none; the words; each word as it was written."""
    codes, found = distinct(values)
    written: dict[str, str] = {}
    number_of_word: dict[str, int] = {}
    table = np.full(len(found) + 1, -1, dtype=np.intp)
    for position, value in enumerate(found):
        word = read(value)
        if word is not None:
            table[position] = number_of_word.setdefault(word, len(number_of_word))
            written.setdefault(word, str(value).strip())
    return table[codes], list(number_of_word), written
