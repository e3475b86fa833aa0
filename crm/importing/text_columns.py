"""Columns of texts as cells are read one by one (`cells`, `numbers`, `dates`), each text once.

What is plainly one thing is read by pyarrow; each other distinct text by the rule for a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


def as_texts(column: pa.Array) -> pa.Array:
    """`cells.as_text` of each: (n,), null for "not known"."""
    texts = pc.utf8_trim(column, characters=_SPACES)
    unknown = pc.is_in(pc.ascii_lower(texts), value_set=_PLACEHOLDERS)
    # Only ASCII is compared without case by its small letters.
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        odd = pc.invert(pc.string_is_ascii(texts))
        read = [as_text(text) for text in texts.filter(odd).to_pylist()]
        texts = pc.replace_with_mask(texts, odd, pa.array(read, pa.string()))
    return pc.if_else(pc.fill_null(unknown, False), pa.scalar(None, pa.string()), texts)


def coded(texts: pa.Array, read: Callable[[str], Any]) -> Coded:
    """Each distinct text by `read`; what it refuses by CellProblem is wrong. None is not known."""
    encoded = texts.dictionary_encode()
    found, wrong = [], []
    for text in encoded.dictionary.to_pylist():
        try:
            found.append(read(text))
            wrong.append(False)
        except (CellProblem, ValidationError):
            found.append(None)
            wrong.append(True)
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.intp)
    table = np.array([*wrong, False])
    place = np.array([*(-1 if each is None else n for n, each in enumerate(found)), -1])
    return Coded(place[codes], found, table[codes])


def numbers(
    texts: pa.Array, read: Callable[[str], float], *, whole: bool, style: Style
) -> tuple[Numbers, Bools]:
    """Numbers (n,), NaN for "not known", and which texts are wrong."""
    values, rest = _plain_numbers(texts, _WHOLE if whole or style is Style.COMMA else _DECIMAL)
    if rest.null_count == len(rest):
        return values, np.zeros(len(values), dtype=bool)
    others = coded(rest, read)
    known = others.codes >= 0
    values[known] = np.array(others.found, dtype=np.float64)[others.codes[known]]
    return values, others.wrong


def days(texts: pa.Array, read: Callable[[str], Any], *, iso: bool) -> Coded:
    """Dates; with `iso`, those of ISO moments without a zone by their first ten letters."""
    return coded(dates(texts) if iso else texts, read)


def attributes(texts: pa.Array, read: Callable[[str], Any]) -> tuple[Numbers, Coded]:
    """Plain numbers (n,), NaN elsewhere; and the other texts as `read` sees them."""
    values, rest = _plain_numbers(texts, _ATTRIBUTE)
    # -0 is a whole number, and of those there is one zero.
    return values + 0.0, coded(rest, read)


def flagged(column: pa.Array, longest: int) -> Bools:
    """Texts that may be too long for a rule, or hold a NUL: (n,)."""
    odd = pc.or_(pc.greater(pc.binary_length(column), longest), pc.match_substring(column, "\0"))
    return np.asarray(pc.fill_null(odd, False).to_numpy(zero_copy_only=False))


def matching(column: pa.Array, pattern: str) -> tuple[pa.Array, pa.Array]:
    """The texts that match and those that do not, null in place of the others."""
    hit = pc.fill_null(pc.match_substring_regex(column, pattern), False)
    nothing = pa.scalar(None, pa.string())
    return pc.if_else(hit, column, nothing), pc.if_else(hit, nothing, column)


def counted(texts: pa.Array) -> Iterator[tuple[str, int]]:
    """Each distinct text and how often it is there, in the order in which they first come."""
    encoded = texts.drop_null().dictionary_encode()
    if len(encoded):
        times = np.bincount(encoded.indices.to_numpy(), minlength=len(encoded.dictionary))
        yield from zip(encoded.dictionary.to_pylist(), times.tolist(), strict=True)


def dates(texts: pa.Array) -> pa.Array:
    """Texts, of ISO moments without a zone only the day: what a column of dates is read by."""
    moments = pc.fill_null(pc.match_substring_regex(texts, _ISO_MOMENT), False)
    return pc.if_else(moments, pc.utf8_slice_codeunits(texts, 0, 10), texts)


def no_plain_numbers(texts: pa.Array) -> tuple[pa.Array, int]:
    """The texts that leave open how a column writes its numbers; how many are as 12.5 is."""
    _, rest = matching(texts, r"^\d{1,30}$")
    pointed, rest = matching(rest, r"^\d{1,13}\.\d{1,2}$")
    return rest, len(pointed) - pointed.null_count


def _plain_numbers(texts: pa.Array, pattern: str) -> tuple[Numbers, pa.Array]:
    plain, rest = matching(texts, pattern)
    return np.array(plain.cast(pa.float64()).to_numpy(zero_copy_only=False)), rest
