"""Numbers as people write them: "1,234.56", "1.234,56", "€ 25 000". One way per column."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from crm.importing.problems import CellProblem
from crm.importing.table import Cell

_PLAIN = re.compile(r"-?\d{1,30}", re.ASCII)
_POINT = re.compile(r"-?(\d{1,30}|[1-9]\d{0,2}(,\d{3})+)(\.\d{1,30})?([eE][-+]?\d{1,3})?", re.ASCII)
_COMMA = re.compile(r"-?(\d{1,30}|[1-9]\d{0,2}(\.\d{3})+)(,\d{1,30})?", re.ASCII)
# Thousands to one eye, three decimals to another.
_EITHER = re.compile(r"-?[1-9]\d{0,2}([.,])\d{3}", re.ASCII)
_SPACED = re.compile(r"(?<=\d)[ '’\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_CODE = re.compile(r"^[A-Z]{3}\s*(?=[-\d])|(?<=\d)\s*[A-Z]{3}$")
LONGEST = 60


class Style(Enum):
    """What "." and "," mean in a column."""

    GROUPED = "both group thousands"
    POINT = "a point before the decimals"
    COMMA = "a comma before the decimals"


@dataclass(frozen=True, slots=True)
class NumberReader:
    """Reads the numbers of one column.

    With `doubtful`, most of the column could be thousands as well as decimals: a value that can
    be both is refused.
    """

    style: Style = Style.GROUPED
    doubtful: bool = False

    def number(self, cell: Cell) -> Decimal:
        """The number in a cell that is not a placeholder.

        Raises:
            CellProblem: if there is none, or two that it could be.
        """
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            if not math.isfinite(cell):
                raise CellProblem("is not a finite number")
            return Decimal(str(cell))
        text = bare(str(cell))
        if _PLAIN.fullmatch(text):
            return Decimal(text)
        if self.style is Style.COMMA:
            return self._read(text, _COMMA, ".", ",")
        if self.style is Style.GROUPED and _EITHER.fullmatch(text):
            return Decimal(text.replace(",", "").replace(".", ""))
        return self._read(text, _POINT, ",", ".")

    def _read(self, text: str, pattern: re.Pattern[str], group: str, point: str) -> Decimal:
        if not pattern.fullmatch(text):
            raise CellProblem(f"{text[:40]!r} is not a number")
        either = _EITHER.fullmatch(text)
        if self.doubtful and either and either[1] == point:
            raise CellProblem(f"{text!r} may be thousands or decimals: write it without separator")
        return Decimal(text.replace(group, "").replace(point, "."))


class NumberSurvey:
    """Collects how a column writes its numbers."""

    def __init__(self) -> None:
        self._point = 0
        self._comma = 0
        self._either = {".": 0, ",": 0}

    def observe(self, cell: Cell, times: int = 1) -> None:
        """Take note of a cell that is not a placeholder."""
        if not isinstance(cell, str) or cell.isdigit():
            return
        text = bare(cell)
        if _PLAIN.fullmatch(text):
            return
        if either := _EITHER.fullmatch(text):
            self._either[either[1]] += times
        elif _POINT.fullmatch(text):
            self._point += times
        elif _COMMA.fullmatch(text):
            self._comma += times

    def reader(self) -> NumberReader:
        """Three digits after a lone separator are thousands unless the column shows otherwise:
        neither money nor a count has three decimals."""
        if not (self._point or self._comma):
            return NumberReader()
        if self._point >= self._comma:
            return NumberReader(Style.POINT, doubtful=self._either["."] > self._point)
        return NumberReader(Style.COMMA, doubtful=self._either[","] > self._comma)


def bare(text: str) -> str:
    """A number's text without currency and without spaces that group its digits."""
    text = text.strip()[: LONGEST + 1]
    if len(text) > LONGEST or _PLAIN.fullmatch(text):
        return text
    text = _SPACED.sub("", _CODE.sub("", text))
    if text and unicodedata.category(text[0]) == "Sc":
        text = text[1:].lstrip()
    if text and unicodedata.category(text[-1]) == "Sc":
        text = text[:-1].rstrip()
    return text
