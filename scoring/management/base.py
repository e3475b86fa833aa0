"""What the commands of scoring share: an error of the domain is a sentence and an exit code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring.errors import NotEnoughData, RetrainRunning, ScoringError

EXIT_CODES: dict[type[ScoringError], int] = {NotEnoughData: 3, RetrainRunning: 4}


class ScoringCommand(BaseCommand):
    """A command that ends with what is wrong, never with a traceback, where we know it."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command. Raises CommandError in place of a ScoringError."""
        try:
            return super().execute(*args, **options)
        except ScoringError as error:
            raise CommandError(error.message, returncode=EXIT_CODES.get(type(error), 1)) from error
