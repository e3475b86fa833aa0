"""What our commands have in common: they start quickly, and some explain themselves at length."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import Any, ClassVar

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandParser, DjangoHelpFormatter


class _NotesFormatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Django's order of flags, and the notes as they are typed."""


class LightCommand(BaseCommand):
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
