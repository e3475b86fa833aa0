"""Plain values -> typed structs, or a 400 that names every wrong field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from django.http import QueryDict

from leadscoring.api.parsing import parse
from leadscoring.api.quick import Columns, columns_of, decode_quickly, decoder_of
from leadscoring.api.wire import EXTERNAL_ID_RULE, ExternalId, read_custom
from leadscoring.errors import MAX_FIELDS, invalid

T = TypeVar("T", bound=msgspec.Struct)
# From here, about ten leads, it takes less time to make sure that the quick way lost nothing.
LONG_BODY = 2_000
# Enough of an unknown field's name to find it.
NAME_LENGTH = 60


def decode(value: Any, kind: type[T]) -> T:
    """`value` as a `kind`. Raises Problem 400 with all errors by path ("leads.3.budget")."""
    return _convert(value, kind, strict=True)


def decode_json(raw: bytes, kind: type[T]) -> T:
    """A body as a `kind`. Raises Problem 400 as `parse` and `decode` do."""
    return _decode_json(raw, kind)[0]


def decode_rows(raw: bytes, kind: type[T], name: str) -> tuple[T, Columns]:
    """`decode_json`, and the structs that its field `name` lists, at least one, as columns."""
    value, columns = _decode_json(raw, kind)
    rows = getattr(value, name)
    return value, columns.get(type(rows[0])) or columns_of(rows)


def _decode_json(raw: bytes, kind: type[T]) -> tuple[T, Mapping[type, Columns]]:
    """Beside it what is known of its columns, by their kinds."""
    quick = decode_quickly(raw, kind) if len(raw) >= LONG_BODY else None
    return quick or (decode(parse(raw), kind), {})


def decode_query(query: QueryDict, kind: type[T]) -> T:
    """The parameters of a query string as a `kind`. Only those that are lists may come again."""
    lists = _list_names(kind)
    value: dict[str, Any] = {}
    wrong = {}
    for name, values in query.lists():
        if len(values) > 1 and name not in lists:
            wrong[_short(name)] = "Given more than once."
        elif any("\0" in each for each in values):
            wrong[_short(name)] = "Has a NUL character."
        value[name] = values if name in lists else values[-1]
    if wrong:
        raise invalid(wrong)
    return _convert(value, kind, strict=False)


def _list_names(kind: type[msgspec.Struct]) -> set[str]:
    fields = msgspec.structs.fields(kind)
    return {each.encode_name for each in fields if get_origin(_item_type(each.type)) is list}


def _convert(value: Any, kind: type[T], *, strict: bool) -> T:
    decoder_of(kind)
    try:
        return msgspec.convert(value, kind, strict=strict, dec_hook=read_custom)
    except msgspec.ValidationError as error:
        # msgspec is quick because it stops at the first error. Somebody has to mend them all.
        found = dict(islice(_errors(value, kind, "", strict), MAX_FIELDS)) or {
            "body": _sentence(error, kind)
        }
        raise invalid(found) from None


def _errors(value: Any, kind: Any, path: str, strict: bool) -> Iterator[tuple[str, str]]:
    inner = _item_type(kind)
    if isinstance(value, Mapping):
        inner = _struct_in(inner)
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        if _is_good(value, inner, strict):
            return
        if isinstance(value, Mapping):
            yield from _struct_errors(value, inner, path, strict)
        else:
            yield path or "body", "Must be an object."
        return
    if get_origin(inner) is list and isinstance(value, list):
        for position, each in enumerate(value):
            yield from _errors(each, get_args(inner)[0], f"{path}.{position}", strict)
        kind = _without_items(kind)
    try:
        msgspec.convert(value, kind, strict=strict, dec_hook=read_custom)
    except msgspec.ValidationError as error:
        yield path, _sentence(error, kind)


def _struct_errors(
    value: Mapping[str, Any], kind: type[msgspec.Struct], path: str, strict: bool
) -> Iterator[tuple[str, str]]:
    start = f"{path}." if path else ""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in value.keys() - fields.keys():
        yield start + _short(name), getattr(kind, "UNKNOWN_FIELD", "Unknown field.")
    for name, field in fields.items():
        if name in value:
            yield from _errors(value[name], field.type, start + name, strict)
        elif field.required:
            yield start + name, "Required."


def _is_good(value: Any, kind: type[msgspec.Struct], strict: bool) -> bool:
    """Quick: msgspec keeps what it needs for a struct, but not for a field by itself."""
    try:
        msgspec.convert(value, kind, strict=strict, dec_hook=read_custom)
    except msgspec.ValidationError:
        return False
    return True


def _item_type(kind: Any) -> Any:
    """The type itself, without its annotations."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _struct_in(kind: Any) -> Any:
    """The struct that an object must be, where something else would do too."""
    structs = [
        each
        for each in (get_args(kind) if get_origin(kind) in (Union, UnionType) else ())
        if isinstance(each, type) and issubclass(each, msgspec.Struct)
    ]
    return structs[0] if len(structs) == 1 else kind


def _without_items(kind: Any) -> Any:
    """The list's own limits; its items have been looked at one by one."""
    if get_origin(kind) is Annotated:
        return Annotated[list[Any], *kind.__metadata__]
    return list[Any]


def _sentence(error: msgspec.ValidationError, kind: Any) -> str:
    """msgspec's words for people, without the path and without what the client sent."""
    if kind == ExternalId:
        return EXTERNAL_ID_RULE
    text = str(error).partition(" - at `")[0]
    if text.startswith("Invalid enum value"):
        return f"Must be one of: {', '.join(_choices(kind))}."
    return text.replace("`", "").replace(" | null", " or null").rstrip(".") + "."


def _choices(kind: Any) -> list[str]:
    if get_origin(kind) is Literal:
        return list(map(str, get_args(kind)))
    if get_origin(kind) in (Union, UnionType, Annotated):
        return [choice for each in get_args(kind) for choice in _choices(each)]
    return []


def _short(name: str) -> str:
    return name[:NAME_LENGTH]


def refuse_same_ids(name: str, ids: Sequence[int | str]) -> None:
    """Raise Problem 400 if two of a request's rows are one lead: 1 and "1" are the same."""
    if len(set(map(str, ids))) == len(ids):
        return
    first: dict[str, int] = {}
    wrong = {}
    for position, each in enumerate(ids):
        if first.setdefault(str(each), position) != position:
            wrong[f"{name}.{position}.id"] = f"The same id as {name}.{first[str(each)]}."
    raise invalid(wrong)
