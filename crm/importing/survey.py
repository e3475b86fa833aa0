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
from crm.importing.csv_blocks import Block, blocks_of
from crm.importing.csv_table import CsvTable
from crm.importing.date_survey import DateSurvey
from crm.importing.dates import DateReader, local_day, written
from crm.importing.mapping import DAYS, NUMBERS, ColumnPlan
from crm.importing.numbers import NumberReader, NumberSurvey
from crm.importing.problems import ImportProblem, samples
from crm.importing.repeats import Repeats
from crm.importing.table import Cell, Row, Table, named_columns
from crm.importing.text_columns import as_texts, counted, dates, no_plain_numbers

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
    day: object = as_text(seen_on)
    if isinstance(day, str):
        day = local_day(seen_on) if isinstance(seen_on, datetime) else written(day) or day
    return as_text(external_id), day


def survey_table(
    table: Table, plan: ColumnPlan, progress: Progress | None, *, repeats: bool = True
) -> Survey:
    """Read the whole table once. Without `repeats` none are found, and memory stays flat.

    Raises:
        ImportProblem: if it cannot be read to its end, or a column that is needed is not clear.
    """
    surveyor = _Surveyor(plan, named_columns(table.header), repeats)
    parts: Iterable[Row | Block] = table.rows()
    if isinstance(table, CsvTable):
        parts = blocks_of(table, surveyor.columns)
    rows, told = 0, 0
    for part in parts:
        if isinstance(part, Block):
            rows += surveyor.observe_block(part)
        else:
            rows += 1
            if not part.problem:
                surveyor.observe(part)
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
        """Many rows at once, each distinct text once; how many there are but for blank ones."""
        blank = [
            number
            for number in pc.indices_nonzero(pc.equal(block.columns[self._id], "")).to_pylist()
            if block.row(number) is None
        ]
        kept = np.delete(np.arange(len(block)), blank)
        texts = {
            position: as_texts(block.columns[position].take(kept) if blank else column)
            for position, column in block.columns.items()
        }
        if self._find_repeats:
            self._add_keys(texts)
        if self._outcome is not None:
            for result, times in counted(texts[self._outcome]):
                if len(self._results) < MOST_VALUES or result in self._results:
                    self._results[result] += times
        for column, date_survey in self._dates.items():
            for text, times in counted(dates(texts[self._positions[column]])):
                date_survey.observe(text, times)
        for column, number_survey in self._numbers.items():
            _observe_numbers(number_survey, texts[self._positions[column]])
        for column, date_survey in list(self._maybe_dates.items()):
            if not _are_dates(date_survey, texts[self._positions[column]]):
                del self._maybe_dates[column]
        return len(kept)

    def _add_keys(self, texts: Mapping[int, pa.Array]) -> None:
        ids = texts[self._id].to_pylist()
        if self._seen_on is None:
            days: Iterable[object] = repeat(None)
        else:
            encoded = texts[self._seen_on].dictionary_encode()
            found = [written(text) or text for text in encoded.dictionary.to_pylist()]
            days = (None if at is None else found[at] for at in encoded.indices.to_pylist())
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
            # Eight digits may be a date, but more often they are a number.
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


def _observe_numbers(survey: NumberSurvey, texts: pa.Array) -> None:
    rest, pointed = no_plain_numbers(texts)
    if pointed:
        survey.observe("0.5", pointed)
    for text, times in counted(rest):
        survey.observe(text, times)


def _are_dates(survey: DateSurvey, texts: pa.Array) -> bool:
    return all(
        not text.isdigit() and survey.observe(text, times) for text, times in counted(dates(texts))
    )
