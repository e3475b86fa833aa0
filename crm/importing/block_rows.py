"""Blocks of a file as leads, column by column, by the rules that `rows` has for each row.

A row of which a column cannot say what it is comes back undecided: `RowParser` decides it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from crm.importing import text_columns
from crm.importing.mapping import COUNTS, DAYS, MONEY
from crm.importing.plan import TablePlan
from crm.importing.rows import TOTALS, attribute_reader, field_reader
from crm.importing.table import Block, Cell
from crm.importing.text_columns import Bools, Coded, Numbers
from crm.models import EXTERNAL_ID_LENGTH, MAX_BUDGET, MAX_COUNT, TEXT_LENGTH
from crm.services.cleaning import (
    ATTRIBUTE_TEXT_LENGTH,
    EMAIL_LENGTH,
    LEAD_RULES,
    MAX_NUMBER,
    check_attribute,
)

# Surely an address; others are looked at one by one.
_ADDRESS = (
    r"^[A-Za-z0-9]+([._+-][A-Za-z0-9]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z]{2,62}$"
)
# May be a number too large to keep.
_EXPONENT = r"\d[eE][-+]?\d{2,4}"


@dataclass(frozen=True)
class Values:
    """A column (n,): numbers with NaN, or other values by their codes; both where it is mixed."""

    numbers: Numbers | None = None
    coded: Coded | None = None


@dataclass(frozen=True)
class BlockRows:
    """A block's rows, as far as its columns say.

    ids: texts (n,). fields, attributes: cleaned, by name, those that were asked for. seen_on:
    datetime64[D] (n,), NaT for "not known". undecided: what else is here of a row may be wrong.
    """

    ids: pa.Array
    fields: Mapping[str, Values]
    attributes: Mapping[str, Values]
    seen_on: npt.NDArray[np.datetime64]
    undecided: Bools


class BlockParser:
    """Reads the columns of blocks; what is not asked for is only checked."""

    def __init__(
        self, plan: TablePlan, fields: Collection[str], attributes: Collection[str]
    ) -> None:
        at, columns = plan.positions, plan.columns
        self._id = at[columns.id]
        self._fields = {
            name: (at[column], _field(plan, name, name in fields))
            for name, column in columns.fields.items()
        }
        self._attributes = {
            column: (at[column], _attribute(plan, column, column in attributes))
            for column in columns.attributes
        }

    @property
    def positions(self) -> set[int]:
        """The columns to read."""
        others = (*self._fields.values(), *self._attributes.values())
        return {self._id, *(position for position, _ in others)}

    def parse(self, block: Block) -> BlockRows:
        """The block's rows, in its order."""
        ids = text_columns.as_texts(block.columns[self._id])
        # Who has no id may be blank, or no row at all.
        undecided = text_columns.flagged(ids, EXTERNAL_ID_LENGTH)
        undecided = undecided | ids.is_null().to_numpy(zero_copy_only=False)
        undecided |= text_columns.is_one_of(ids, TOTALS)
        found: list[dict[str, Values]] = []
        for readers in (self._fields, self._attributes):
            values = {}
            for name, (position, read) in readers.items():
                values[name], wrong = read(block.columns[position])
                undecided |= wrong
            found.append(values)
        fields, attributes = found
        seen_on = fields.pop("seen_on", None)
        return BlockRows(
            ids=ids,
            fields=fields,
            attributes=attributes,
            seen_on=np.full(len(ids), "NaT", "datetime64[D]") if seen_on is None else days(seen_on),
            undecided=undecided,
        )


def days(values: Values) -> npt.NDArray[np.datetime64]:
    """A column of dates as datetime64[D] (n,), NaT for "not known"."""
    coded = values.coded
    if coded is None:
        raise TypeError("not a column of dates")
    table: npt.NDArray[np.datetime64] = np.array([*coded.found, None], dtype="datetime64[D]")
    return table[coded.codes]


Reader = Callable[[pa.Array], tuple[Values, Bools]]


def _field(plan: TablePlan, name: str, wanted: bool) -> Reader:
    if name in DAYS:
        return _days(plan, name)
    if name in COUNTS or name in MONEY:
        return _numbers(plan, name)
    longest = EMAIL_LENGTH if name == "email" else TEXT_LENGTH

    def read(cells: pa.Array) -> tuple[Values, Bools]:
        column = text_columns.as_written(cells)
        wrong = text_columns.flagged(column, longest)
        if not wanted and name != "email":
            return Values(), wrong
        texts = text_columns.as_texts(column)
        if name == "email":
            _, odd = text_columns.matching(texts, _ADDRESS)
            if odd.null_count < len(odd):
                wrong = wrong | text_columns.coded(odd, LEAD_RULES["email"]).wrong
        return Values(coded=text_columns.coded(texts, str) if wanted else None), wrong

    return read


def _days(plan: TablePlan, name: str) -> Reader:
    day, rule = field_reader(plan, name), LEAD_RULES[name]
    iso = not plan.survey.dates[plan.columns.fields[name]].format

    def read(column: pa.Array) -> tuple[Values, Bools]:
        cells = text_columns.as_texts(column) if text_columns.is_text(column) else column
        coded = text_columns.days(cells, lambda cell: rule(day(cell)), iso=iso)
        return Values(coded=coded), coded.wrong

    return read


def _numbers(plan: TablePlan, name: str) -> Reader:
    number, rule = field_reader(plan, name), LEAD_RULES[name]
    style = plan.survey.numbers[plan.columns.fields[name]].style
    most = float(MAX_COUNT if name in COUNTS else MAX_BUDGET)

    def one(cell: Cell) -> float:
        known = rule(number(cell))
        return math.nan if known is None else float(known)

    def read(column: pa.Array) -> tuple[Values, Bools]:
        if text_columns.is_numeric(column):
            found, wrong = text_columns.amounts(column, one, whole=name in COUNTS, most=most)
            return Values(numbers=found), wrong
        cells = text_columns.as_texts(column) if text_columns.is_text(column) else column
        found, wrong = text_columns.numbers(cells, one, whole=name in COUNTS, style=style)
        return Values(numbers=found), wrong | (found > most)

    return read


def _attribute(plan: TablePlan, name: str, wanted: bool) -> Reader:
    read_cell = attribute_reader(plan, name)
    dates, numbers = plan.survey.dates.get(name), plan.survey.numbers.get(name)
    as_it_is = dates is None and numbers is None

    def checked(cell: Cell) -> Any:
        value = read_cell(cell)
        check_attribute(name, value)
        return value

    def read(column: pa.Array) -> tuple[Values, Bools]:
        if not text_columns.is_text(column):
            return _attribute_of_cells(column, checked, as_they_are=as_it_is)
        wrong = text_columns.flagged(column, ATTRIBUTE_TEXT_LENGTH)
        if not as_it_is:
            texts = text_columns.as_texts(column)
            coded = text_columns.days(texts, checked, iso=dates is not None and not dates.format)
            return Values(coded=coded), wrong | coded.wrong
        if wanted:
            plain, others = text_columns.attributes(text_columns.as_texts(column), checked)
            return Values(plain, others), wrong | others.wrong
        large, _ = text_columns.matching(column, _EXPONENT)
        if large.null_count < len(large):
            wrong = wrong | text_columns.coded(large, checked).wrong
        return Values(), wrong

    return read


def _attribute_of_cells(
    column: pa.Array, checked: Callable[[Cell], Any], *, as_they_are: bool
) -> tuple[Values, Bools]:
    """Cells that are no texts; with `as_they_are` no days are looked for."""
    if as_they_are and text_columns.is_numeric(column):
        found = text_columns.floats(column) + 0.0
        return Values(numbers=found), np.abs(found) > MAX_NUMBER
    coded = text_columns.days(column, checked, iso=not as_they_are)
    return Values(coded=coded), coded.wrong
