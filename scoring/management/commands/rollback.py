"""Take the last promotion back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from scoring.management.base import ScoringCommand, say_promoted
from scoring.services.promote import champion_roll_back


class Command(ScoringCommand):
    """Go back to the champion before this one."""

    help = "Make the earlier champion the champion again; once more goes one further back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reason", default="Rolled back by hand.", help="Why; kept for whoever asks later."
        )

    def handle(self, *, reason: str, **_options: Any) -> None:
        say_promoted(self.stdout, champion_roll_back(reason=reason))
