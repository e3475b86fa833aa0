"""Copy every table into an empty PostgreSQL: all of it and verified, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dj_database_url
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from leadscoring.moving.tables import Content, Fingerprint, Model, columns, installed_tables, rows

SOURCE, TARGET = "default", "target"
# `migrate` fills these; what else it puts into a new database is replaced likewise.
_FILLED_BY_MIGRATE = frozenset({"django_migrations", "django_content_type", "auth_permission"})
EVERY = 1_000

# The table's name, and how many rows of all tables are done.
Progress = Callable[[str, int], None]


class MoveRefused(Exception):
    """It cannot be done, or was taken back; the message says what to do."""


@dataclass(frozen=True, slots=True)
class MovedTable:
    """A table that is the same on both sides."""

    name: str
    content: Content


@contextmanager
def target_database(url: str) -> Iterator[None]:
    """Make the database that `url` names known as TARGET. Raises MoveRefused."""
    try:
        config = dict(dj_database_url.parse(url))
    except (ValueError, KeyError) as error:
        raise MoveRefused(f"--to is no database address: {error}.") from None
    if not str(config["ENGINE"]).endswith("postgresql"):
        raise MoveRefused("--to must be PostgreSQL: postgres://user:password@host:5432/name.")
    both = {SOURCE: dict(connections.settings[SOURCE]), TARGET: config}
    connections.settings[TARGET] = connections.configure_settings(both)[TARGET]
    try:
        connections[TARGET].ensure_connection()
        yield
    except DatabaseError as error:
        raise MoveRefused(f"The database failed, nothing was carried over: {error}") from error
    finally:
        connections[TARGET].close()
        del connections[TARGET]
        del connections.settings[TARGET]


def rows_to_move() -> int:
    """How many rows there are in all tables."""
    return sum(model._base_manager.using(SOURCE).count() for model in installed_tables())


def database_move(*, progress: Progress) -> list[MovedTable]:
    """Create the tables in TARGET and carry all rows over, within `target_database`.

    The source is locked against writing meanwhile. Raises MoveRefused: if the target holds
    anything, the source is behind in its migrations, or what arrived is not what was sent.
    """
    _refuse_unless_ready()
    call_command("migrate", database=TARGET, verbosity=0, interactive=False)
    tables = installed_tables()
    target = connections[TARGET]
    with transaction.atomic(using=SOURCE), transaction.atomic(using=TARGET):
        _empty(target, tables)
        done, sent = 0, {}
        for model in tables:
            sent[model] = _copy(target, model, done, progress)
            done += sent[model].rows
        with target.cursor() as cursor:
            for statement in target.ops.sequence_reset_sql(no_style(), tables):
                cursor.execute(statement)
            # Now, while the message can still say which row points nowhere.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return [_verified(model, sent[model]) for model in tables]


def _refuse_unless_ready() -> None:
    executor = MigrationExecutor(connections[SOURCE])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MoveRefused("This database is behind the code: run `manage.py migrate` first.")
    target = connections[TARGET]
    with target.cursor() as cursor:
        for name in target.introspection.table_names(cursor):
            if name in _FILLED_BY_MIGRATE:
                continue
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {target.ops.quote_name(name)})")  # noqa: S608  # nosec B608 - a table's own name
            if cursor.fetchone() == (True,):
                raise MoveRefused(
                    f"The target is not empty: {name} has rows. Create a new database for this."
                )


def _empty(target: BaseDatabaseWrapper, tables: list[Model]) -> None:
    """Take away what `migrate` put into the new tables: the source has it too."""
    names = ", ".join(target.ops.quote_name(model._meta.db_table) for model in tables)
    with target.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")


def _copy(target: BaseDatabaseWrapper, model: Model, done: int, progress: Progress) -> Content:
    fields = columns(model)
    name = model._meta.db_table
    quoted = ", ".join(target.ops.quote_name(str(field.column)) for field in fields)
    fingerprint = Fingerprint()
    try:
        with (
            # What psycopg says while rows are written does not go through Django's cursor.
            target.wrap_database_errors,
            target.cursor() as cursor,
            cursor.copy(f"COPY {target.ops.quote_name(name)} ({quoted}) FROM STDIN") as sink,
        ):
            for number, row in enumerate(rows(model, SOURCE), 1):
                fingerprint.add(row)
                sink.write_row(_prepared(row, fields, target))
                if number % EVERY == 0:
                    progress(name, done + number)
    except DatabaseError as error:
        raise MoveRefused(
            f"PostgreSQL does not take a row of {name}; nothing was carried over: {error}"
        ) from error
    content = fingerprint.content()
    progress(name, done + content.rows)
    return content


def _prepared(
    row: tuple[object, ...],
    fields: list[models.Field[object, object]],
    target: BaseDatabaseWrapper,
) -> list[object]:
    return [
        field.get_db_prep_save(value, connection=target)
        for field, value in zip(fields, row, strict=True)
    ]


def _verified(model: Model, sent: Content) -> MovedTable:
    fingerprint = Fingerprint()
    for row in rows(model, TARGET):
        fingerprint.add(row)
    arrived = fingerprint.content()
    name = model._meta.db_table
    if arrived != sent:
        raise MoveRefused(
            f"{name} is not the same after copying ({sent.rows:,} rows {sent}, then "
            f"{arrived.rows:,} rows {arrived}): nothing was carried over. Please report this."
        )
    return MovedTable(name, arrived)
