"""What a column of one's own holds: dates, numbers as people write them, or something else."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from crm.importing.cells import as_text
from crm.importing.date_survey import DateSurvey
from crm.importing.dates import DateReader
from crm.importing.numbers import NumberReader, NumberSurvey
from crm.importing.table import Cell
from crm.importing.text_columns import counted, dates, is_text, three_digits_or_odd
from crm.services.cleaning import ATTRIBUTE_TEXT_LENGTH


class AttributeSurvey:
    """Collects how an attribute's column is written.

    filled: it has a value. long: a text in it is longer than what is kept.
    """

    def __init__(self) -> None:
        self.filled = False
        self.long = False
        self._dates: DateSurvey | None = DateSurvey()
        self._numbers: NumberSurvey | None = NumberSurvey(percents=True)

    def observe(self, cell: Cell) -> None:
        """Take note of a cell."""
        text = as_text(cell)
        if text is None:
            return
        self.filled = True
        self.long |= len(text) > ATTRIBUTE_TEXT_LENGTH
        if self._dates:
            self._look_for_date(cell, 1)
        if self._numbers:
            self._look_for_number(cell, 1)

    def observe_column(self, column: pa.Array) -> None:
        """Take note of many cells: (n,), null for "not known"."""
        if column.null_count == len(column):
            return
        self.filled = True
        for cell, times in counted(dates(column)) if self._dates else ():
            self._look_for_date(cell, times)
            if self._dates is None:
                break
        if is_text(column):
            self.long |= pc.max(pc.utf8_length(column)).as_py() > ATTRIBUTE_TEXT_LENGTH
            self._observe_numbers(column)

    def _observe_numbers(self, texts: pa.Array) -> None:
        if self._numbers is None:
            return
        odd, others = three_digits_or_odd(texts)
        self._numbers.observe("0", others["whole"])
        self._numbers.observe("0.5", others["pointed"])
        for text, times in counted(odd):
            self._look_for_number(text, times)

    def _look_for_date(self, cell: Cell, times: int) -> None:
        survey = self._dates
        if survey is None:
            return
        # Eight digits may be a date, but more often they are a number.
        if (as_text(cell) or "").isdigit():
            survey.words += times
        else:
            survey.observe(cell, times)
        if survey.is_hopeless:
            self._dates = None

    def _look_for_number(self, cell: Cell, times: int) -> None:
        if self._numbers:
            self._numbers.observe(cell, times)
            if self._numbers.is_hopeless:
                self._numbers = None

    def number_reader(self) -> NumberReader | None:
        """How to read the column, if it holds numbers that no program reads as they stand."""
        return self._numbers.reader() if self._numbers and self._numbers.needs_reader else None

    def orders(self) -> Mapping[str, bool]:
        """As `DateSurvey.orders`, of a column of dates."""
        return self._dates.orders() if self._dates and self._holds_dates() else {}

    def _holds_dates(self) -> bool:
        survey = self._dates
        return survey is not None and bool(survey.readable) and not survey.holds_words

    def date_reader(self, column: str, orders: Mapping[str, bool]) -> DateReader | None:
        """How to read the column, if it holds dates that are not ISO ones.

        orders: what the other columns show of dates. Raises LookupError if nothing shows whether
        the day or the month comes first.
        """
        survey = self._dates
        if survey is None or not self._holds_dates() or survey.iso_only:
            return None
        if not survey.doubts():
            return survey.reader(column)
        reader = survey.settled(orders)
        if reader is None:
            raise LookupError(column)
        return reader
