"""Insert many rows of wide tables.

`bulk_create` compiles each value of each row into the statement, which took four fifths of an
import. One prepared statement for all rows takes none of that; it gives no primary keys back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

from django.db import connection, models

# Values that every database takes as they are.
_PLAIN = frozenset({str, int, bool, type(None)})


def insert(
    model: type[models.Model], rows: Iterable[Sequence[Any]], columns: Sequence[str]
) -> None:
    """Insert rows of values, in the order of `columns` (the fields' attnames).

    Nothing is filled in: a row has all columns that have no default in the database.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    chosen = [fields[name] for name in columns]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in chosen)
    marks = ", ".join(["%s"] * len(chosen))
    prepare = [_converter(field) for field in chosen]
    prepared = [
        [
            value if type(value) in _PLAIN else convert(value)
            for value, convert in zip(row, prepare, strict=True)
        ]
        for row in rows
    ]
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608  # nosec B608 - names of our own tables
                prepared,
            )


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """What makes the database's value of a Python one; quick for days that many rows share."""
    convert: Callable[[Any], Any] = partial(field.get_db_prep_save, connection=connection)
    return lru_cache(256)(convert) if isinstance(field, models.DateField) else convert


def attnames(model: type[models.Model]) -> tuple[str, ...]:
    """All columns of a model but its automatic primary key."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
    )
