"""Which number is the month: what the dates of a column show together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from crm.importing.cells import as_text
from crm.importing.dates import DateReader, Written, day_of, is_zero, written
from crm.importing.problems import ImportProblem, samples
from crm.importing.table import Cell

SAMPLES = 3


@dataclass(slots=True)
class DateSurvey:
    """Collects how a column writes its dates."""

    readable: int = 0
    strangers: list[str] = field(default_factory=list)
    iso_only: bool = True
    day_first: Counter[str] = field(default_factory=Counter)
    month_first: Counter[str] = field(default_factory=Counter)
    either: dict[str, list[str]] = field(default_factory=dict)
    proof: dict[tuple[str, bool], str] = field(default_factory=dict)

    def observe(self, cell: Cell, times: int = 1) -> bool:
        """Take note of a cell that is not a placeholder; whether it writes a date."""
        if isinstance(cell, date):
            self.readable += times
            return True
        text = as_text(cell) or ""
        parts = written(text)
        known = parts is not None and self._weigh(text, parts, times)
        if known:
            self.readable += times
        elif not is_zero(text) and len(self.strangers) <= SAMPLES and text not in self.strangers:
            self.strangers.append(text)
        return known

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
        return DateReader(month_first=frozenset(each for each, n in self.month_first.items() if n))
