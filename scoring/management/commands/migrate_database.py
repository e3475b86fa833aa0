"""Move from the embedded SQLite to PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from leadscoring.commands import CommandWithNotes
from leadscoring.moving.move import (
    MovedTable,
    MoveRefused,
    database_move,
    rows_to_move,
    target_database,
)

NOTES = """
what it does:
  Creates all tables in the empty database that --to names and copies everything into them:
  leads and outcomes with their history, models, predictions, users, API keys, jobs, sessions.
  Then it reads both sides and compares the number of rows and a hash of their content, table by
  table. All of it is one transaction: it is carried over whole, or not at all, and it can be
  started again. The database that is moved is only read, and locked against changes meanwhile.

in this order:
  1. Stop the server and the workers.
  2. createdb leads
  3. manage.py migrate_database --to postgres://leads:PASSWORD@localhost:5432/leads
  4. Set DATABASE_URL to the same address (in the environment or var/local.env), start again.
  Keep the old file until you are sure: nothing in it was changed.
"""


class Command(CommandWithNotes):
    help = "Carry this installation over to an empty PostgreSQL database, and verify it."
    notes = NOTES

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", required=True, metavar="URL", help="postgres://user:password@host:5432/name"
        )

    def handle(self, *, to: str, **_options: Any) -> None:
        try:
            with target_database(to):
                moved = self._move()
        except MoveRefused as error:
            raise CommandError(str(error)) from error
        width = max(len(table.name) for table in moved)
        for table in moved:
            if table.content.rows:
                content = table.content
                self.stdout.write(f"{table.name:{width}}  {content.rows:>12,}  {content}")
        rows = sum(table.content.rows for table in moved)
        self.stdout.write(
            f"{rows:,} rows in {len(moved)} tables are the same on both sides. "
            "Now set DATABASE_URL to this address and start again."
        )

    @staticmethod
    def _move() -> list[MovedTable]:
        with tqdm(total=rows_to_move(), unit=" rows", disable=None) as bar:

            def progress(table: str, done: int) -> None:
                bar.set_description(table, refresh=False)
                bar.update(done - bar.n)

            return database_move(progress=progress)
