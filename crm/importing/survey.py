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

from crm.importing.attribute_survey import AttributeSurvey
from crm.importing.cells import as_text
from crm.importing.date_survey import DateSurvey
from crm.importing.dates import DateReader, local_day, order_of_format, written
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
# With more words than this a column is not the field that its name says; with fewer, some rows are
# wrong.
FEWEST_WORDS, MOST_WORDS = 10, 0.5


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass found.

    rows:    how many rows there are, those that cannot be read included.
    dates:   column -> how to read its dates: fields, and attributes that need it.
    numbers: column -> how to read its numbers: fields, and attributes that need it.
    results: the outcome column's values and how often each comes (the first MOST_VALUES).
    words:   fields whose column, found by its name, holds something else than the field.
    empty:   attributes without any value.
    long:    attributes with texts that are longer than what is kept.
    unclear: attributes with dates of which nothing shows whether the day or the month comes first.
    """

    rows: int
    dates: Mapping[str, DateReader]
    numbers: Mapping[str, NumberReader]
    results: Mapping[str, int]
    repeats: Repeats = field(compare=False)
    words: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


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
        self._dates = {column: DateSurvey(moments=True) for column in dates}
        self._numbers = {column: NumberSurvey() for column in plan.of_kind(NUMBERS).values()}
        self._attributes = {column: AttributeSurvey() for column in plan.attributes}

    @property
    def columns(self) -> set[int]:
        """The columns that are looked at."""
        named = {*self._dates, *self._numbers, *self._attributes}
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
        for column, attribute_survey in self._attributes.items():
            attribute_survey.observe_column(cells[self._positions[column]])
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
        for column, attribute_survey in self._attributes.items():
            attribute_survey.observe(cells[self._positions[column]])

    def survey(self, rows: int) -> Survey:
        self._repeats.close()
        self._check_results()
        words = tuple(self._words())
        known = {column: survey for column, survey in self._dates.items() if column not in words}
        dates = {column: survey.reader(column) for column, survey in known.items()}
        numbers = {column: survey.reader() for column, survey in self._numbers.items()}
        orders = self._orders()
        unclear = []
        for column, survey in self._attributes.items():
            try:
                reader = survey.date_reader(column, orders)
            except LookupError:
                unclear.append(column)
                continue
            if reader:
                dates[column] = reader
            elif number_reader := survey.number_reader():
                numbers[column] = number_reader
        for column, pattern in self._plan.formats.items():
            dates[column] = DateReader(format=pattern)
        attributes = self._attributes.items()
        return Survey(
            rows=rows,
            dates=dates,
            numbers=numbers,
            results=dict(self._results),
            repeats=self._repeats,
            words=words,
            empty=tuple(column for column, survey in attributes if not survey.filled),
            long=tuple(column for column, survey in attributes if survey.long),
            unclear=tuple(each for each in unclear if each not in self._plan.formats),
        )

    def _words(self) -> Iterator[str]:
        """The columns that were taken for a field by their name, and hold no such thing."""
        for field_name in self._plan.guessed:
            column = self._plan.fields[field_name]
            survey = self._dates.get(column) or self._numbers.get(column)
            if survey and survey.words >= FEWEST_WORDS and survey.share_of_words > MOST_WORDS:
                yield column

    def _orders(self) -> dict[str, bool]:
        """Separator -> whether the month comes first, as any column or format shows it."""
        found: list[Mapping[str, bool]] = [
            *(survey.orders() for survey in self._attributes.values()),
            *(survey.orders() for survey in self._dates.values()),
            *map(order_of_format, self._plan.formats.values()),
        ]
        shown = {each for orders in found for each in orders.items()}
        # Where columns differ, none speaks for another.
        return {each: first for each, first in shown if (each, not first) not in shown}

    def _check_results(self) -> None:
        """A mistyped --won must not end in an import without outcomes."""
        if self._results and not any(map(self._plan.result_of, self._results)):
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
    rest, plain = no_plain_numbers(texts)
    for text, times in plain.items():
        survey.observe(text, times)
    for text, times in counted(rest):
        survey.observe(text, times)
