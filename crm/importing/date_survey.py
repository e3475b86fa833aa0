"""Which number is the month: what the dates of a column show together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from crm.importing.cells import as_text
from crm.importing.dates import DateReader, Written, counted_day, day_of, is_zero, written
from crm.importing.problems import ImportProblem, samples
from crm.importing.table import Cell

SAMPLES = 3
# A column of one's own holds dates if this share of its cells are such,
CLEAR_SHARE = 0.95
# which is not asked before so many are not.
PATIENCE = 20


@dataclass(slots=True)
class DateSurvey:
    """Collects how a column writes its dates.

    moments: numbers may be dates too, counted in days or seconds as programs do (`counted_day`).
    """

    moments: bool = False
    readable: int = 0
    words: int = 0
    strangers: list[str] = field(default_factory=list)
    iso_only: bool = True
    day_first: Counter[str] = field(default_factory=Counter)
    month_first: Counter[str] = field(default_factory=Counter)
    either: dict[str, list[str]] = field(default_factory=dict)
    proof: dict[tuple[str, bool], str] = field(default_factory=dict)

    def observe(self, cell: Cell, times: int = 1) -> bool:
        """Take note of a cell that is not a placeholder; whether it writes a date."""
        if isinstance(cell, date) or (self.moments and counted_day(cell)):
            self.readable += times
            return True
        text = as_text(cell) or ""
        parts = written(text)
        known = parts is not None and self._weigh(text, parts, times)
        if known:
            self.readable += times
            return True
        self.words += times
        if not is_zero(text) and len(self.strangers) <= SAMPLES and text not in self.strangers:
            self.strangers.append(text)
        return False

    @property
    def share_of_words(self) -> float:
        """The share of cells that are no dates."""
        return self.words / max(self.readable + self.words, 1)

    @property
    def holds_words(self) -> bool:
        """Whether too many cells are no dates for a column of one's own to hold dates."""
        return self.share_of_words > 1 - CLEAR_SHARE

    @property
    def is_hopeless(self) -> bool:
        """Whether that is so and will hardly change."""
        return self.words > PATIENCE and self.holds_words

    def _weigh(self, text: str, parts: Written, times: int) -> bool:
        as_day_first = day_of(parts.year, parts.b, parts.a)
        if not parts.separator:
            self.iso_only &= text[4:5] == "-"
            return as_day_first is not None
        self.iso_only = False
        as_month_first = day_of(parts.year, parts.a, parts.b)
        if as_day_first and as_month_first:
            if parts.a != parts.b:
                seen = self.either.setdefault(parts.separator, [])
                if len(seen) <= SAMPLES and text not in seen:
                    seen.append(text)
        elif as_day_first:
            self.day_first[parts.separator] += times
            self.proof.setdefault((parts.separator, False), text)
        elif as_month_first:
            self.month_first[parts.separator] += times
            self.proof.setdefault((parts.separator, True), text)
        return bool(as_day_first or as_month_first)

    def orders(self) -> dict[str, bool]:
        """Separator -> whether the month comes first, where a value shows it."""
        shown = {each: n for each, n in (self.day_first + self.month_first).items() if n}
        return {
            each: bool(self.month_first[each])
            for each in shown
            if not (self.day_first[each] and self.month_first[each])
        }

    def settled(self, orders: Mapping[str, bool]) -> DateReader | None:
        """How to read the column, if others of the file show what it leaves open."""
        if any(self.day_first[each] and self.month_first[each] for each in "/-."):
            return None
        found = {".": False, **orders, **self.orders()}
        if not set(self.either) <= set(found):
            return None
        return DateReader(month_first=frozenset(each for each, first in found.items() if first))

    def doubts(self) -> list[str]:
        """Values that leave open which number is the month; empty if the column is clear.

        With points between them the day comes first, unless a value shows that it does not.
        """
        for separator in ("/", "-", "."):
            day, month = self.day_first[separator], self.month_first[separator]
            if day and month:
                return [self.proof[separator, False], self.proof[separator, True]]
            if not (day or month or separator == ".") and separator in self.either:
                return self.either[separator]
        return []

    def reader(self, column: str) -> DateReader:
        """How to read the column.

        Raises:
            ImportProblem: if it does not write dates, or not clearly.
        """
        if self.strangers and not self.readable:
            raise ImportProblem(
                f"Column {column!r} holds no dates that are recognised ({samples(self.strangers)}):"
                f' say how it writes them, e.g. --date-format "{column}=%d.%m.%Y".'
            )
        if doubts := self.doubts():
            separator = next(each for each in "/-." if each in doubts[0])
            year = "%y" if (parts := written(doubts[0])) and parts.short_year else "%Y"
            day_first = separator.join(("%d", "%m", year))
            month_first = separator.join(("%m", "%d", year))
            raise ImportProblem(
                f"Column {column!r} does not show whether its dates begin with the day or the "
                f'month ({samples(doubts)}): add --date-format "{column}={day_first}" or '
                f'--date-format "{column}={month_first}".'
            )
        first = frozenset(each for each, n in self.month_first.items() if n)
        return DateReader(month_first=first, moments=self.moments)
