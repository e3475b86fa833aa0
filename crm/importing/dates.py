"""Dates as people write them, read as days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone

from crm.importing.cells import as_text
from crm.importing.problems import CellProblem, ImportProblem
from crm.importing.table import Cell

# Nobody who may still buy was met before; what claims so is a form's zero or a typing error.
FIRST_YEAR = 1900

_TIME = (
    r"(?:[T,]?\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|GMT|[-+]\d{2}:?(?:\d{2})?|[A-Z]{3,4})?)?"
)
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?"
_NAMED_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
# Days from 1954 to 2173 as Excel counts them; seconds or milliseconds from 2001 to 2286.
_COUNTED = re.compile(
    r"(?P<days>[2-9]\d{4})(\.\d+)?|(?P<seconds>[1-9]\d{9})(\d{3})?(\.\d+)?", re.ASCII
)
EXCEL_EPOCH = date(1899, 12, 30)
_ZERO = re.compile(r"0000-00-00" + _TIME, re.ASCII)
_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<a>\d{1,2})" + _TIME, re.ASCII
)
_YEAR_LAST = re.compile(
    r"(?P<a>\d{1,2})(?:(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4})"
    r"|(?P<sep2>[/.])(?P<b2>\d{1,2})(?P=sep2)(?P<y2>\d{2}))" + _TIME,
    re.ASCII,
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<b>\d{2})(?P<a>\d{2})", re.ASCII)
_DAY_NAME = re.compile(
    _WEEKDAY
    + r"(?P<a>\d{1,2})(?:st|nd|rd|th)?[ .-]+"
    + _NAMED_MONTH
    + r"[ ,-]+(?P<y>\d{4}|\d{2})"
    + _TIME,
    re.ASCII,
)
_NAME_DAY = re.compile(
    _WEEKDAY
    + _NAMED_MONTH
    + r"[ -]+(?P<a>\d{1,2})(?:st|nd|rd|th)?(?:,\s*|[ -]+)(?P<y>\d{4})"
    + _TIME,
    re.ASCII,
)
_OFFSET = re.compile(r"(?:Z|UTC|[-+]\d{2}:?(?:\d{2})?)$", re.ASCII)
_TRAILING_TIME = re.compile(r"[T, ]\s*\d{1,2}:\d{2}.*$", re.ASCII)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written. `separator` is empty where it is clear which number is the month;
    otherwise `a` and `b` are the first and the second number."""

    year: int
    b: int
    a: int
    separator: str = ""
    short_year: bool = False


@lru_cache(1 << 14)
def written(text: str) -> Written | None:
    """The date that `text` writes, whatever comes first in it; None if it writes none."""
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return Written(int(match["y"]), int(match["b"]), int(match["a"]))
    if match := _YEAR_LAST.fullmatch(text):
        year = match["y"] or match["y2"]
        b, separator = int(match["b"] or match["b2"]), match["sep"] or match["sep2"]
        return Written(_full(year), b, int(match["a"]), separator, len(year) == 2)
    if match := _DAY_NAME.fullmatch(text) or _NAME_DAY.fullmatch(text):
        name = match["month"].casefold()
        month = [n for n, each in enumerate(_MONTHS, 1) if name in (each, each[:3], each[:4])]
        return Written(_full(match["y"]), month[0], int(match["a"])) if month else None
    return None


def _full(year: str) -> int:
    """A year of two digits as POSIX reads it: 69 to 99 are the last century."""
    number = int(year)
    return number if len(year) == 4 else number + (1900 if number >= 69 else 2000)


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, if there is such a day and it is not before FIRST_YEAR."""
    if year < FIRST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def counted_day(cell: Cell) -> date | None:
    """The day that a number counts: as Excel does, or in (milli)seconds since 1970 (UTC)."""
    match = _COUNTED.fullmatch(str(cell).strip())
    if match is None or isinstance(cell, bool):
        return None
    if match["days"]:
        return EXCEL_EPOCH + timedelta(days=int(match["days"]))
    return local_day(datetime.fromtimestamp(int(match["seconds"]), UTC))


def is_zero(text: str) -> bool:
    """Whether `text` is the "0000-00-00" that some databases write for "not known"."""
    return bool(_ZERO.fullmatch(text))


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads the dates of one column, as `DateSurvey` found them or as a strptime format says.

    month_first: the separators for which the month comes before the day.
    moments: numbers are dates too, as `counted_day` has them.
    """

    month_first: frozenset[str] = frozenset()
    format: str = ""
    moments: bool = False

    def day(self, cell: Cell) -> date | None:
        """The day in a cell that is not a placeholder; None for a zero date.

        Moments with a time zone are days where the sales team sits.

        Raises:
            CellProblem: if there is none.
        """
        if isinstance(cell, datetime):
            return local_day(cell)
        if isinstance(cell, date):
            return cell
        text = as_text(cell) or ""
        if is_zero(text):
            return None
        found = self._by_format(text) if self.format else self._recognised(text)
        if found is None and self.moments:
            found = counted_day(cell)
        if found is None:
            raise CellProblem(f"{text[:40]!r} is not a date as the column writes them")
        return found

    def _recognised(self, text: str) -> date | None:
        parts = written(text)
        if parts is None:
            return None
        if parts.separator in self.month_first:
            return day_of(parts.year, parts.a, parts.b)
        return _moment(text) or day_of(parts.year, parts.b, parts.a)

    def _by_format(self, text: str) -> date | None:
        for attempt in (text, _TRAILING_TIME.sub("", text)):
            try:
                moment = datetime.strptime(attempt, self.format)
            except ValueError:
                continue
            return local_day(moment) if moment.year >= FIRST_YEAR else None
        return None


def _moment(text: str) -> date | None:
    """The local day of an ISO moment with a time zone; None for anything else."""
    if len(text) <= 16 or not _OFFSET.search(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return local_day(moment) if moment.tzinfo and moment.year >= FIRST_YEAR else None


def local_day(moment: datetime) -> date:
    """The day of a moment where the sales team sits; one without a time zone is there already."""
    return (timezone.localtime(moment) if moment.tzinfo else moment).date()


def order_of_format(pattern: str) -> dict[str, bool]:
    """Separator -> whether the month comes before the day, if a format says so."""
    month, day = pattern.find("%m"), pattern.find("%d")
    between = pattern[min(month, day) + 2 : max(month, day)]
    return {between: month < day} if min(month, day) >= 0 and len(between) == 1 else {}


def checked_format(column: str, pattern: str) -> str:
    """A strptime format that gives a whole date.

    Raises:
        ImportProblem: if it does not.
    """
    sample = datetime(2001, 2, 3)
    try:
        complete = datetime.strptime(sample.strftime(pattern), pattern).date() == sample.date()
    except ValueError:
        complete = False
    if not complete:
        raise ImportProblem(
            f"--date-format {column}={pattern}: a format says where day, month and year stand, "
            "e.g. %d/%m/%Y, %m/%d/%y or %Y%m%d."
        )
    return pattern
