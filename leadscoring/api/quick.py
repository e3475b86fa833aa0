"""JSON straight into structs, where that is sure to give what the careful way gives.

The careful way, `parsing`, uses Python's own decoder, because only that shows a key that comes
twice. msgspec takes a fraction of the time, and keeps the last one in silence. But each member of
an object has its colon: if there are no more of these than members were found, none has been lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from threading import Lock
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import astuple

from leadscoring.api.wire import Day, Email, read_custom

T = TypeVar("T", bound=msgspec.Struct)
Columns = Mapping[str, Sequence[Any]]
_PLAIN = {str, int, bool, NoneType, msgspec.UnsetType, Day, Email}
_names = msgspec.json.Decoder(dict[str, msgspec.Raw])
_decoders: dict[type, msgspec.json.Decoder[Any]] = {}
_learning = Lock()


class _Doubtful(Exception):
    """The careful way has to read this."""


def decode_quickly(raw: bytes, kind: type[T]) -> tuple[T, Mapping[type, Columns]] | None:
    """`raw` as a struct `kind`; None where in doubt, also of all that is wrong with it.

    Beside it the structs within it as columns, by their kinds: each kind stands in one field.
    """
    # Only an escape can bring in what UTF-8 and JSON keep out. A single byte is found far quicker.
    if b"\\" in raw and b"\\u" in raw:
        return None
    columns: dict[type, Columns] = {}
    try:
        raw.decode()
        value: T = decoder_of(kind).decode(raw)
        return (value, columns) if _has_lost_nothing(value, raw, columns) else None
    except (UnicodeDecodeError, msgspec.MsgspecError, RecursionError, _Doubtful):
        return None


def columns_of(rows: Sequence[msgspec.Struct]) -> Columns:
    """The values (n,) of each field of structs of one kind; at least one of them."""
    names = rows[0].__struct_fields__
    return dict(zip(names, zip(*map(astuple, rows), strict=True), strict=True))


def _has_lost_nothing(value: msgspec.Struct, raw: bytes, columns: dict[type, Columns]) -> bool:
    """Whether no key came twice. Fills `columns`."""
    fields = astuple(value)
    inside = _members_in(fields, set(map(type, fields)), columns)
    told = sum(
        each != field.default for each, field in zip(fields, _fields(type(value)), strict=True)
    )
    if told + inside == raw.count(b":"):
        return True
    # Of the outermost object, what is given may be what it is by default.
    members = len(_names.decode(raw)) + inside
    return members == raw.count(b":") or members == _behind_quotes(raw)


def _behind_quotes(raw: bytes) -> int | None:
    """Colons that may be those of members, where texts have some too; None if others may be."""
    if any(space in raw and space + b":" in raw for space in (b" ", b"\t", b"\n", b"\r")):
        return None
    return raw.count(b'":')


def decoder_of(kind: type[T]) -> msgspec.json.Decoder[T]:
    """msgspec's decoder of a struct. Whoever reads one in another way asks for it first, too.

    What msgspec learns of a struct when it first reads one, another thread can find half done, and
    that ends the process (seen with 0.22). So one thread at a time learns.
    """
    if kind not in _decoders:
        with _learning:
            _decoders[kind] = msgspec.json.Decoder(kind, dec_hook=read_custom)
    return _decoders[kind]


class _Field(NamedTuple):
    """default: what it is if it is not given, NODEFAULT if it has to be. is_plain: whether no value
    of it has members or may be -0.0."""

    default: Any
    is_plain: bool


@lru_cache
def _fields(kind: type[msgspec.Struct]) -> list[_Field]:
    return [
        _Field(
            field.default
            if field.default_factory is msgspec.NODEFAULT
            else field.default_factory(),
            _kinds_in(field.type) <= _PLAIN,
        )
        for field in msgspec.structs.fields(kind)
    ]


def _kinds_in(annotation: Any) -> set[Any]:
    """The types that a union is one of."""
    if get_origin(annotation) is Annotated:
        return _kinds_in(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return {kind for each in get_args(annotation) for kind in _kinds_in(each)}
    return {annotation}


def _members_in(values: Sequence[Any], kinds: set[type], columns: dict[type, Columns]) -> int:
    """How many members the JSON of `values`, of these kinds, had at least. Fills `columns`."""
    members = 0
    for kind in kinds:
        if kind is dict or kind is list:
            members += _members_within([each for each in values if type(each) is kind], columns)
        elif issubclass(kind, msgspec.Struct):
            columns[kind] = columns_of([each for each in values if type(each) is kind])
            for field, column in zip(_fields(kind), columns[kind].values(), strict=True):
                missing = column.count(field.default)
                members += len(column) - missing
                if missing < len(column) and not field.is_plain:
                    members += _members_in(column, set(map(type, column)), columns)
        elif kind is float and 0.0 in values and "-0.0" in map(repr, values):
            raise _Doubtful
    return members


def _members_within(containers: list[Any], columns: dict[type, Columns]) -> int:
    objects = [each for each in containers if isinstance(each, dict)]
    values = [*chain.from_iterable(each.values() for each in objects)]
    values += chain.from_iterable(each for each in containers if isinstance(each, list))
    kinds = set(map(type, values))
    # 8.0 is 8 where no struct says which of them it is.
    if float in kinds and any(type(each) is float and each.is_integer() for each in values):
        raise _Doubtful
    return sum(map(len, objects)) + _members_in(values, kinds, columns)
