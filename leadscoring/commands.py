"""What our commands share: they say what is wrong, start quickly, and explain themselves."""

from __future__ import annotations

import re
from argparse import RawDescriptionHelpFormatter
from typing import Any, ClassVar

from django.core.checks import Tags
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)
from django.db import DatabaseError, OperationalError, ProgrammingError

# There is no such table, no such column: PostgreSQL's codes, SQLite's words.
_MISSING_CODES = ("42P01", "42703")
_MISSING = re.compile("no such (table|column)|has no column named")


class _NotesFormatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Django's order of flags, and the notes as they are typed."""


def database_failure(error: DatabaseError) -> str:
    """What a failure of the database means for whoever runs a command, in a sentence."""
    if _is_not_migrated(error):
        return "The database lacks tables or columns of this version: run manage.py migrate."
    text = " ".join(str(error).split())
    return f"The database failed: {text}" + ("" if text.endswith((".", "?")) else ".")


def _is_not_migrated(error: DatabaseError) -> bool:
    code = getattr(error.__cause__, "sqlstate", None)
    return code in _MISSING_CODES or bool(_MISSING.search(str(error)))


class PlainCommand(BaseCommand):
    """Where the database is to blame it ends with a sentence; `--traceback` tells more."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command. Raises CommandError if the database cannot be used as it is."""
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            if isinstance(error, ProgrammingError) and not _is_not_migrated(error):
                raise
            raise CommandError(database_failure(error)) from error


class LightCommand(PlainCommand):
    """Checks only what commands need: the web server's parts take longer than a small job."""

    requires_system_checks = [Tags.models, Tags.database]


class CommandWithNotes(LightCommand):
    """Its `--help` ends with notes: what it does, examples, exit codes."""

    notes: ClassVar[str]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's parser with the notes below its flags."""
        return super().create_parser(
            prog_name, subcommand, epilog=self.notes, formatter_class=_NotesFormatter, **kwargs
        )
