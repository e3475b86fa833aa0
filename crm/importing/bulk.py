"""Write many rows of wide tables.

`bulk_create` compiles each value of each row into its statement, which took four fifths of an
import. One prepared statement for all rows takes none of that; it gives no primary keys back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

from django.db import connection, models

Model = type[models.Model]
# Values that every database takes as they are.
_PLAIN = frozenset({str, int, bool, type(None)})


def insert(model: Model, rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
    """Insert rows of values, in the order of `columns` (the fields' attnames).

    Nothing is filled in: a row has all columns that have no default in the database.
    """
    names = ", ".join(_quoted(model, columns))
    marks = ", ".join(["%s"] * len(columns))
    _execute(f"INSERT INTO {_table(model)} ({names}) VALUES ({marks})", model, rows, columns)  # noqa: S608  # nosec B608 - names of our own tables


def update(model: Model, rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
    """Write rows of values over what is stored; the first of `columns` is the primary key."""
    key, *others = _quoted(model, columns)
    names = ", ".join(f"{name} = %s" for name in others)
    statement = f"UPDATE {_table(model)} SET {names} WHERE {key} = %s"  # noqa: S608  # nosec B608 - likewise
    _execute(statement, model, ([*row[1:], row[0]] for row in rows), [*columns[1:], columns[0]])


def attnames(model: Model) -> tuple[str, ...]:
    """All columns of a model but its automatic primary key."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
    )


def _table(model: Model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(model: Model, columns: Sequence[str]) -> list[str]:
    return [connection.ops.quote_name(str(field.column)) for field in _fields(model, columns)]


def _fields(model: Model, columns: Sequence[str]) -> list[models.Field[Any, Any]]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [fields[name] for name in columns]


def _execute(
    statement: str, model: Model, rows: Iterable[Sequence[Any]], columns: Sequence[str]
) -> None:
    prepare = [_converter(field) for field in _fields(model, columns)]
    prepared = [
        [
            value if type(value) in _PLAIN else convert(value)
            for value, convert in zip(row, prepare, strict=True)
        ]
        for row in rows
    ]
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(statement, prepared)


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """What makes the database's value of a Python one; quick for days that many rows share."""
    convert: Callable[[Any], Any] = partial(field.get_db_prep_save, connection=connection)
    return lru_cache(256)(convert) if isinstance(field, models.DateField) else convert
