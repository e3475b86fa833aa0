"""Arrays of numbers in PostgreSQL's binary form, as a whole: psycopg takes them one by one.

The form is that of `array_send` in PostgreSQL's src/backend/utils/adt/arrayfuncs.c: dimensions,
whether any is null, the kind of an element, its count and the first index; then each with its size.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import numpy.typing as npt

_HEAD = struct.Struct(">iiIii")
# Element's type -> its number in every PostgreSQL (pg_type.dat).
_KINDS = {"i2": 21, "i8": 20, "f8": 701}


def _elements(kind: str) -> np.dtype[Any]:
    return np.dtype([("size", ">i4"), ("value", f">{kind}")])


def to_binary(values: npt.ArrayLike, kind: str) -> bytes:
    """`values` (n,), none missing, as smallint[] ("i2"), bigint[] ("i8") or float8[] ("f8")."""
    numbers = np.asarray(values)
    elements = np.empty(len(numbers), dtype=_elements(kind))
    elements["size"] = elements.dtype["value"].itemsize
    elements["value"] = numbers
    return _HEAD.pack(1, 0, _KINDS[kind], len(elements), 1) + elements.tobytes()


def from_binary(array: bytes | None, kind: str) -> npt.NDArray[Any]:
    """The values (n,) of such an array; none of NULL, which `array_agg` makes of no rows."""
    if array is None:
        return np.empty(0, dtype=kind)
    found: npt.NDArray[Any] = np.frombuffer(array, dtype=_elements(kind), offset=_HEAD.size)[
        "value"
    ]
    return found
