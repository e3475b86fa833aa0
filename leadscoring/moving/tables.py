"""The tables of an installation, and their rows in a form that does not depend on the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

# Rows that are in memory at once; of those that hold files, one.
ROWS, FILES = 2_000, 1
_MODULUS = 1 << 256

Model = type[models.Model]


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, and the sum of their hashes: the same in whatever order."""

    rows: int
    hash: int

    def __str__(self) -> str:
        return f"{self.hash:064x}"[:12]


def installed_tables() -> list[Model]:
    """Every table of ours and of Django's, but for the list of migrations."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def columns(model: Model) -> list[models.Field[Any, Any]]:
    """What is stored of a row; what the database works out by itself is not."""
    return [
        field for field in model._meta.concrete_fields if not getattr(field, "generated", False)
    ]


def rows(model: Model, using: str) -> Iterator[tuple[Any, ...]]:
    """All rows as Python values, a few at a time. Call it within a transaction."""
    fields = columns(model)
    size = FILES if any(isinstance(field, models.BinaryField) for field in fields) else ROWS
    found = model._base_manager.using(using).order_by("pk")
    return found.values_list(*(field.attname for field in fields)).iterator(chunk_size=size)


class Fingerprint:
    """Adds up a table's rows one by one."""

    def __init__(self) -> None:
        self._rows = self._hash = 0

    def add(self, row: tuple[Any, ...]) -> None:
        text = json.dumps([_plain(value) for value in row], sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        self._rows += 1
        self._hash = (self._hash + int.from_bytes(digest, "big")) % _MODULUS

    def content(self) -> Content:
        return Content(self._rows, self._hash)


def _plain(value: Any) -> Any:
    """The same for the same value, however a database gives it back."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case UUID():
            return str(value)
        case bytes() | memoryview():
            return hashlib.sha256(value).hexdigest()
        case float() if value.is_integer():
            # PostgreSQL's JSON does not tell 3.0e2 from 300.
            return int(value)
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value
