"""The first pass over a file: how each column writes its dates and numbers, and what repeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm.importing.cells import as_text
from crm.importing.date_survey import DateSurvey
from crm.importing.dates import DateReader, local_day, written
from crm.importing.mapping import DAYS, NUMBERS, ColumnPlan
from crm.importing.numbers import NumberReader, NumberSurvey
from crm.importing.problems import ImportProblem, samples
from crm.importing.repeats import Repeats
from crm.importing.table import Block, Cell, Row, Table, named_columns
from crm.importing.text_columns import (
    as_texts,
    as_written,
    coded,
    counted,
    dates,
    is_text,
    no_plain_numbers,
)

# Called now and then with the rows read so far and, where known, how much of the file that is.
Progress = Callable[[int, float | None], None]
EVERY = 1_000
MOST_VALUES = 50


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass found.

    rows:    how many rows there are, those that cannot be read included.
    dates:   column -> how to read its dates: fields, and attributes that need it.
    numbers: column -> how to read its numbers.
    results: the outcome column's values and how often each comes (the first MOST_VALUES).
    """

    rows: int
    dates: Mapping[str, DateReader]
    numbers: Mapping[str, NumberReader]
    results: Mapping[str, int]
    repeats: Repeats = field(compare=False)


def state_key(external_id: Cell, seen_on: Cell) -> tuple[object, ...]:
    """What makes two rows the same state of the same lead: id and day, as far as written alike.

    Times of day do not count; nor is it known yet which number is the month, nor needed.
    """
    return as_text(external_id), _day_key(seen_on)


def _day_key(seen_on: Cell) -> object:
    text = as_text(seen_on)
    if text is None:
        return None
    return local_day(seen_on) if isinstance(seen_on, datetime) else written(text) or text


def survey_table(
    table: Table, plan: ColumnPlan, progress: Progress | None, *, repeats: bool = True
) -> Survey:
    """Read the whole table once. Without `repeats` none are found, and memory stays flat.

    Raises:
        ImportProblem: if it cannot be read to its end, or a column that is needed is not clear.
    """
    surveyor = _Surveyor(plan, named_columns(table.header), repeats)
    rows, told = 0, 0
    for part in table.blocks(surveyor.columns):
        if isinstance(part, Row):
            rows += 1
            if not part.problem:
                surveyor.observe(part)
        else:
            rows += surveyor.observe_block(part)
        if progress and rows - told >= EVERY:
            told = rows
            progress(rows, table.fraction())
    if progress:
        progress(rows, 1.0)
    return surveyor.survey(rows)


class _Surveyor:
    def __init__(self, plan: ColumnPlan, positions: Mapping[str, int], find_repeats: bool) -> None:
        self._plan = plan
        self._find_repeats = find_repeats
        self._positions = positions
        self._id = positions[plan.id]
        seen_on = plan.fields.get("seen_on")
        self._seen_on = None if seen_on is None else positions[seen_on]
        self._outcome = positions[plan.outcome] if plan.outcome else None
        self._results: Counter[str] = Counter()
        self._repeats = Repeats()
        dates = set(plan.of_kind(DAYS).values()) - set(plan.formats)
        self._dates = {column: DateSurvey() for column in dates}
        self._numbers = {column: NumberSurvey() for column in plan.of_kind(NUMBERS).values()}
        # Attributes that have held nothing but dates so far.
        self._maybe_dates = {
            column: DateSurvey() for column in plan.attributes if column not in plan.formats
        }

    @property
    def columns(self) -> set[int]:
        """The columns that are looked at."""
        named = {*self._dates, *self._numbers, *self._maybe_dates}
        others = {self._id, self._seen_on, self._outcome} - {None}
        return {self._positions[column] for column in named} | {n for n in others if n is not None}

    def observe_block(self, block: Block) -> int:
        """Many rows at once, each distinct cell once; how many there are but for blank ones."""
        without_id = pc.fill_null(pc.equal(as_written(block.columns[self._id]), ""), True)
        rows = {number: block.row(number) for number in pc.indices_nonzero(without_id).to_pylist()}
        unread = [number for number, row in rows.items() if row is None or row.problem]
        kept = np.delete(np.arange(len(block)), unread)
        cells = {
            position: _known_cells(block.columns[position].take(kept) if unread else column)
            for position, column in block.columns.items()
        }
        if self._find_repeats:
            self._add_keys(cells)
        if self._outcome is not None:
            for result, times in counted(as_written(cells[self._outcome])):
                if len(self._results) < MOST_VALUES or result in self._results:
                    self._results[result] += times
        for column, date_survey in self._dates.items():
            for cell, times in counted(dates(cells[self._positions[column]])):
                date_survey.observe(cell, times)
        for column, number_survey in self._numbers.items():
            _observe_numbers(number_survey, cells[self._positions[column]])
        for column, date_survey in list(self._maybe_dates.items()):
            if not _are_dates(date_survey, cells[self._positions[column]]):
                del self._maybe_dates[column]
        return len(block) - sum(row is None for row in rows.values())

    def _add_keys(self, cells: Mapping[int, pa.Array]) -> None:
        ids = as_written(cells[self._id]).to_pylist()
        days: Iterable[object] = repeat(None)
        if self._seen_on is not None:
            read = coded(cells[self._seen_on], _day_key)
            days = map([*read.found, None].__getitem__, read.codes.tolist())
        for key in zip(ids, days, strict=False):
            self._repeats.add(key)

    def observe(self, row: Row) -> None:
        cells = row.cells
        seen_on = None if self._seen_on is None else cells[self._seen_on]
        if self._find_repeats:
            self._repeats.add(state_key(cells[self._id], seen_on))
        if self._outcome is not None:
            result = as_text(cells[self._outcome])
            if result and (len(self._results) < MOST_VALUES or result in self._results):
                self._results[result] += 1
        for column, date_survey in self._dates.items():
            if as_text(cell := cells[self._positions[column]]) is not None:
                date_survey.observe(cell)
        for column, number_survey in self._numbers.items():
            if as_text(cell := cells[self._positions[column]]) is not None:
                number_survey.observe(cell)
        for column in list(self._not_dates(row)):
            del self._maybe_dates[column]

    def _not_dates(self, row: Row) -> Iterator[str]:
        for column, date_survey in self._maybe_dates.items():
            text = as_text(cell := row.cells[self._positions[column]])
            if text is not None and (text.isdigit() or not date_survey.observe(cell)):
                yield column

    def survey(self, rows: int) -> Survey:
        self._repeats.close()
        self._check_results()
        dates = {column: survey.reader(column) for column, survey in self._dates.items()}
        for column, survey in self._maybe_dates.items():
            if survey.readable and not survey.iso_only and not survey.doubts():
                dates[column] = survey.reader(column)
        for column, pattern in self._plan.formats.items():
            dates[column] = DateReader(format=pattern)
        return Survey(
            rows=rows,
            dates=dates,
            numbers={column: survey.reader() for column, survey in self._numbers.items()},
            results=dict(self._results),
            repeats=self._repeats,
        )

    def _check_results(self) -> None:
        """A mistyped --won must not end in an import without outcomes."""
        known = self._plan.results
        if self._results and not any(value.casefold() in known for value in self._results):
            raise ImportProblem(
                f"No row has an outcome that was named with --won or --lost: column "
                f"{self._plan.outcome!r} holds {samples(list(self._results), 10)}."
            )


def _known_cells(column: pa.Array) -> pa.Array:
    """Null for "not known", in texts as in numbers."""
    if is_text(column):
        return as_texts(column)
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return column


def _observe_numbers(survey: NumberSurvey, texts: pa.Array) -> None:
    if not is_text(texts):  # only texts can be written in more than one way
        return
    rest, pointed = no_plain_numbers(texts)
    if pointed:
        survey.observe("0.5", pointed)
    for text, times in counted(rest):
        survey.observe(text, times)


def _are_dates(survey: DateSurvey, cells: pa.Array) -> bool:
    """Whether all cells are; eight digits may be a date, but more often they are a number."""
    return all(
        not (as_text(cell) or "").isdigit() and survey.observe(cell, times)
        for cell, times in counted(dates(cells))
    )
