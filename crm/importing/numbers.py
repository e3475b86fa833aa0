"""Numbers as people write them: "1,234.56", "1.234,56", "€ 25 000", "12 %". One way per column."""

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
# "US$ 5" and "-$5": what stands before the digits.
_LETTERS = re.compile(r"^[A-Z]{1,3}(?=[$£])")
_SIGN_FIRST = re.compile(r"^-\s*(?=\D)")
# "00123" is a code, and what has more digits than a float keeps is an identifier.
_IDENTIFIER = re.compile(r"-?0\d.*|.*\d{16}.*", re.ASCII | re.DOTALL)
LONGEST = 60
# A column of one's own holds numbers if this share of its cells are such,
CLEAR_SHARE = 0.95
# which is not asked before so many are not.
PATIENCE = 20


class Style(Enum):
    """What "." and "," mean in a column."""

    GROUPED = "both group thousands"
    POINT = "a point before the decimals"
    COMMA = "a comma before the decimals"


@dataclass(frozen=True, slots=True)
class NumberReader:
    """Reads the numbers of one column.

    With `doubtful`, most of the column could be thousands as well as decimals: a value that can
    be both is refused. With `percents` a number may be followed by a percent sign.
    """

    style: Style = Style.GROUPED
    doubtful: bool = False
    percents: bool = False

    def number(self, cell: Cell) -> Decimal:
        """The number in a cell that is not a placeholder.

        Raises:
            CellProblem: if there is none, or two that it could be.
        """
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            if not math.isfinite(cell):
                raise CellProblem("is not a finite number")
            return Decimal(str(cell))
        written = str(cell).strip()
        text = bare(written.removesuffix("%") if self.percents else written)
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
    """Collects how a column writes its numbers; with `percents`, those too."""

    def __init__(self, *, percents: bool = False) -> None:
        self._percents = percents
        self._point = 0
        self._comma = 0
        self._either = {".": 0, ",": 0}
        self._plain = 0
        self._codes = 0
        self._dressed = 0
        self.words = 0

    def observe(self, cell: Cell, times: int = 1) -> None:
        """Take note of a cell that is not a placeholder."""
        if not isinstance(cell, str):
            is_number = isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
            self._plain += times * is_number
            self.words += times * (not is_number)
            return
        written = cell.strip()
        is_percent = self._percents and written.endswith("%")
        text = bare(written.removesuffix("%") if is_percent else written)
        self._codes += times * bool(_IDENTIFIER.fullmatch(text))
        self._dressed += times * (text != written or "," in text)
        if _PLAIN.fullmatch(text):
            self._plain += times
        elif (either := _EITHER.fullmatch(text)) and not is_percent:
            self._either[either[1]] += times
        elif _POINT.fullmatch(text):
            self._point += times
        elif _COMMA.fullmatch(text):
            self._comma += times
        else:
            self.words += times

    @property
    def share_of_words(self) -> float:
        """The share of cells that are no numbers."""
        known = self._plain + self._point + self._comma + sum(self._either.values())
        return self.words / max(known + self.words, 1)

    @property
    def holds_words(self) -> bool:
        """Whether too many cells are no numbers for a column of one's own to hold numbers."""
        return self.share_of_words > 1 - CLEAR_SHARE

    @property
    def is_hopeless(self) -> bool:
        """Whether that is so and will hardly change."""
        return self.words > PATIENCE and self.holds_words

    @property
    def needs_reader(self) -> bool:
        """Whether a column of one's own holds numbers that no program reads as they stand."""
        unclear = self._codes or (self._point and self._comma) or self.reader().doubtful
        return bool(self._dressed) and not (unclear or self.holds_words)

    def reader(self) -> NumberReader:
        """Three digits after a lone separator are thousands unless the column shows otherwise:
        neither money nor a count has three decimals."""
        if not (self._point or self._comma):
            return NumberReader(percents=self._percents)
        if self._point >= self._comma:
            style, doubtful = Style.POINT, self._either["."] > self._point
        else:
            style, doubtful = Style.COMMA, self._either[","] > self._comma
        return NumberReader(style, doubtful, self._percents)


def bare(text: str) -> str:
    """A number's text without currency and without spaces that group its digits."""
    text = text.strip()[: LONGEST + 1]
    if len(text) > LONGEST or _PLAIN.fullmatch(text):
        return text
    text = _SPACED.sub("", _CODE.sub("", text))
    minus = _SIGN_FIRST.match(text)
    text = _LETTERS.sub("", text[minus.end() :] if minus else text)
    if text and unicodedata.category(text[0]) == "Sc":
        text = text[1:].lstrip()
    if text and unicodedata.category(text[-1]) == "Sc":
        text = text[:-1].rstrip()
    return "-" + text if minus else text
