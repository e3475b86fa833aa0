"""What the commands of scoring share: an error of the domain is a sentence and an exit code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from leadscoring.commands import PlainCommand
from scoring.caution import caution_of
from scoring.errors import NotEnoughData, RetrainRunning, ScoringError
from scoring.services.promote import SCORES_FOLLOW, Promoted

EXIT_CODES: dict[type[ScoringError], int] = {NotEnoughData: 3, RetrainRunning: 4}


class ScoringCommand(PlainCommand):
    """A command that ends with what is wrong, never with a traceback, where we know it."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command. Raises CommandError in place of a ScoringError."""
        try:
            return super().execute(*args, **options)
        except ScoringError as error:
            raise CommandError(error.message, returncode=EXIT_CODES.get(type(error), 1)) from error


def say_promoted(out: OutputWrapper, promoted: Promoted) -> None:
    """Print what a promotion or a rollback changed."""
    version, previous = promoted.version, promoted.previous
    if not promoted.changed:
        out.write(f"Version {version} is the champion already; nothing changed.")
        return
    instead = f" in place of version {previous}" if previous else ""
    out.write(f"Version {version} is the champion now{instead}.")
    if caution := caution_of(version):
        out.write(f"{caution} `manage.py rollback --reason WHY` goes back.")
    out.write(SCORES_FOLLOW)
