"""Columns as cells are read one by one (`cells`, `numbers`, `dates`), each distinct cell once.

What is plainly one thing is read by pyarrow; each other distinct cell by the rule for a cell.
Columns are of texts, where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.core.exceptions import ValidationError

from crm.importing.cells import as_text
from crm.importing.numbers import Style
from crm.importing.problems import CellProblem
from crm.placeholders import PLACEHOLDERS

Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

# What `str.strip` takes away.
_SPACES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())
_PLACEHOLDERS = pa.array(sorted(PLACEHOLDERS))
_WHOLE = r"^\d{1,15}$"
# Two decimals are decimals to everyone but to those who write a comma before them.
_DECIMAL = r"^\d{1,13}(\.\d{1,2})?$"
# A plain number as `cells.as_attribute` sees it, without those that floats do not hold exactly.
_ATTRIBUTE = r"^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$"
_ISO_MOMENT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"


@dataclass(frozen=True)
class Coded:
    """Values (n,) as codes into the distinct ones; -1: not known. `wrong`: nobody can read it."""

    codes: Codes
    found: list[Any]
    wrong: Bools


def is_text(column: pa.Array) -> bool:
    """Whether its cells are texts; those of Parquet and JSON may be of other kinds."""
    return bool(pa.types.is_string(column.type))


def is_numeric(column: pa.Array) -> bool:
    """Whether its cells are numbers that floats hold about as well."""
    return bool(pa.types.is_integer(column.type) or pa.types.is_floating(column.type))


def as_written(column: pa.Array) -> pa.Array:
    """Texts as they are, cells of any other kind as `cells.as_text` has them: (n,)."""
    if is_text(column):
        return column
    if pa.types.is_integer(column.type):
        return column.cast(pa.string())
    read = coded(column, as_text)
    places = pa.array(read.codes, mask=read.codes < 0)
    return pa.array(read.found, pa.string()).take(places)


def as_texts(column: pa.Array) -> pa.Array:
    """`cells.as_text` of each cell of any kind: (n,), null for "not known"."""
    if not is_text(column):
        return as_written(column)
    texts = pc.utf8_trim(column, characters=_SPACES)
    unknown = pc.is_in(pc.ascii_lower(texts), value_set=_PLACEHOLDERS)
    # Only ASCII is compared without case by its small letters.
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        odd = pc.invert(pc.string_is_ascii(texts))
        read = [as_text(text) for text in texts.filter(odd).to_pylist()]
        texts = pc.replace_with_mask(texts, odd, pa.array(read, pa.string()))
    return pc.if_else(pc.fill_null(unknown, False), pa.scalar(None, pa.string()), texts)


def coded(column: pa.Array, read: Callable[[Any], Any]) -> Coded:
    """Each distinct cell of any kind by `read`; what it refuses is wrong. None is not known."""
    encoded = column.dictionary_encode()
    found, wrong = [], []
    for cell in encoded.dictionary.to_pylist():
        try:
            found.append(read(cell))
            wrong.append(False)
        except (CellProblem, ValidationError):
            found.append(None)
            wrong.append(True)
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.intp)
    table = np.array([*wrong, False])
    place = np.array([*(-1 if each is None else n for n, each in enumerate(found)), -1])
    return Coded(place[codes], found, table[codes])


def numbers(
    column: pa.Array, read: Callable[[Any], float], *, whole: bool, style: Style
) -> tuple[Numbers, Bools]:
    """Numbers (n,) of cells of any kind, NaN for "not known", and which cells are wrong."""
    values, rest = np.full(len(column), np.nan), column
    if is_text(column):
        pattern = _WHOLE if whole or style is Style.COMMA else _DECIMAL
        values, rest = _plain_numbers(column, pattern)
    if rest.null_count == len(rest):
        return values, np.zeros(len(values), dtype=bool)
    others = coded(rest, read)
    known = others.codes >= 0
    values[known] = np.array(others.found, dtype=np.float64)[others.codes[known]]
    return values, others.wrong


def amounts(
    column: pa.Array, read: Callable[[float], float], *, whole: bool, most: float
) -> tuple[Numbers, Bools]:
    """The same of cells that are numbers, of which `most` may be: what has no more than cents is
    as it is, the others by `read`."""
    values = floats(column)
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        plain = np.rint(values) if whole else np.rint(values * 100) / 100
        wrong = known & ~((values >= 0) & (values <= most))
    odd = known & ~wrong & (plain != values)
    if whole:
        return values, wrong | odd
    cells, places = np.unique(values[odd], return_inverse=True)
    values[odd] = np.array([read(cell) for cell in cells.tolist()], dtype=np.float64)[places]
    return values, wrong


def floats(column: pa.Array) -> Numbers:
    """Numbers of any type (n,), NaN for none."""
    return np.array(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))


def days(column: pa.Array, read: Callable[[Any], Any], *, iso: bool) -> Coded:
    """Dates of cells of any kind; with `iso`, ISO moments without a zone by their day."""
    return coded(dates(column) if iso else column, read)


def attributes(texts: pa.Array, read: Callable[[str], Any]) -> tuple[Numbers, Coded]:
    """Plain numbers (n,), NaN elsewhere; and the other texts as `read` sees them."""
    values, rest = _plain_numbers(texts, _ATTRIBUTE)
    # -0 is a whole number, and of those there is one zero.
    return values + 0.0, coded(rest, read)


def flagged(column: pa.Array, longest: int) -> Bools:
    """Texts that may be too long for a rule, or hold a NUL: (n,)."""
    odd = pc.or_(pc.greater(pc.binary_length(column), longest), pc.match_substring(column, "\0"))
    return np.asarray(pc.fill_null(odd, False).to_numpy(zero_copy_only=False))


def is_one_of(texts: pa.Array, words: Collection[str]) -> Bools:
    """Texts that are one of these, but for case and a colon: (n,)."""
    plain = pc.utf8_rtrim(pc.utf8_lower(texts), characters=":")
    found = pc.is_in(plain, value_set=pa.array(sorted(words)))
    return np.asarray(found.to_numpy(zero_copy_only=False))


def matching(column: pa.Array, pattern: str) -> tuple[pa.Array, pa.Array]:
    """The texts that match and those that do not, null in place of the others."""
    hit = pc.fill_null(pc.match_substring_regex(column, pattern), False)
    nothing = pa.scalar(None, pa.string())
    return pc.if_else(hit, column, nothing), pc.if_else(hit, nothing, column)


def counted(column: pa.Array) -> Iterator[tuple[Any, int]]:
    """Each distinct cell of any kind and how often it is there, in the order of the first ones."""
    encoded = column.drop_null().dictionary_encode()
    if len(encoded):
        times = np.bincount(encoded.indices.to_numpy(), minlength=len(encoded.dictionary))
        yield from zip(encoded.dictionary.to_pylist(), times.tolist(), strict=True)


def dates(column: pa.Array) -> pa.Array:
    """Cells of any kind, of ISO moments without a zone only the day: what dates are read by."""
    if is_text(column):
        moments = pc.fill_null(pc.match_substring_regex(column, _ISO_MOMENT), False)
        return pc.if_else(moments, pc.utf8_slice_codeunits(column, 0, 10), column)
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        return column.cast(pa.date32(), safe=False)
    return column


def no_plain_numbers(texts: pa.Array) -> tuple[pa.Array, dict[str, int]]:
    """The texts that leave open how a column writes its numbers; how many are as 12 or 12.5 is."""
    whole, rest = matching(texts, r"^\d{1,30}$")
    pointed, rest = matching(rest, r"^\d{1,13}\.\d{1,2}$")
    plain = {"12": len(whole) - whole.null_count, "0.5": len(pointed) - pointed.null_count}
    return rest, plain


def three_digits_or_odd(texts: pa.Array) -> tuple[pa.Array, dict[str, int]]:
    """The texts that are no plain numbers, or such that may be thousands; how many others."""
    whole, rest = matching(texts, r"^-?(0|[1-9]\d{0,14})$")
    pointed, rest = matching(rest, r"^-?(\d{1,13}\.(\d{1,2}|\d{4,15})|0\.\d{3})$")
    kinds = {"whole": whole, "pointed": pointed}
    return rest, {name: len(each) - each.null_count for name, each in kinds.items()}


def _plain_numbers(texts: pa.Array, pattern: str) -> tuple[Numbers, pa.Array]:
    plain, rest = matching(texts, pattern)
    return np.array(plain.cast(pa.float64()).to_numpy(zero_copy_only=False)), rest
