"""A cell as text, and as the value of an attribute."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from crm.importing.problems import CellProblem
from crm.importing.table import Cell
from crm.placeholders import is_placeholder
from crm.values import AttributeValue

# "00123" is a code and not a number, and so is what has more digits than a float can keep.
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,30})?([eE][-+]?\d{1,4})?", re.ASCII)
# Columns of categories have few texts and many rows.
_REMEMBERED = 1 << 14


def as_text(cell: Cell) -> str | None:
    """What stands in the cell, without spaces around it; None if that means "not known"."""
    if isinstance(cell, str):
        text = cell.strip()
        return None if is_placeholder(text) else text
    if cell is None:
        return None
    written = _text_of(cell)
    return None if written is None else written.strip()


def _text_of(cell: Cell) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | Decimal):
        return None if math.isnan(cell) else str(int_or_same(cell))
    if isinstance(cell, datetime):
        # pandas' NaT is a datetime too, and equals nothing.
        return as_iso(cell) if cell == cell else None
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def int_or_same(number: float | Decimal) -> int | float | Decimal:
    """The whole number that this one is, or itself: 3.0 and 3 are the same to whoever typed it."""
    return int(number) if math.isfinite(number) and number == int(number) else number


def as_iso(moment: datetime) -> str:
    """A moment as text; a midnight without time zone is just a day."""
    if moment.tzinfo is None and moment.time() == time.min:
        return moment.date().isoformat()
    return moment.isoformat()


def as_attribute(cell: Cell) -> AttributeValue:
    """What is stored of an attribute: a plain number as a number, anything else as text.

    Raises:
        CellProblem: for a number that is not finite: no database keeps it.
    """
    if isinstance(cell, str):
        return _attribute_of_text(cell)
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float | Decimal):
        return None if math.isnan(cell) else _finite(cell)
    return as_text(cell)


@lru_cache(_REMEMBERED)
def _attribute_of_text(cell: str) -> AttributeValue:
    text = as_text(cell)
    if text is None or not _NUMBER.fullmatch(text):
        return text
    return _finite(float(text)) if not text.lstrip("-").isdigit() else int(text)


def _finite(number: float | Decimal) -> int | float:
    if not math.isfinite(number) or not math.isfinite(float(number)):
        raise CellProblem("is not a finite number")
    whole = int_or_same(number)
    return whole if isinstance(whole, int) else float(whole)
