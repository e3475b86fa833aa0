"""Choose the version that answers for `auto`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from scoring.management.base import ScoringCommand, say_promoted
from scoring.services.promote import version_promote


class Command(ScoringCommand):
    """Promote a version by hand; the gate is not asked."""

    help = "Make a model version the champion, which answers for `auto`. Kept with who and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="The version's number.")
        parser.add_argument("--reason", required=True, help="Why; kept for whoever asks later.")

    def handle(self, *, number: int, reason: str, **_options: Any) -> None:
        say_promoted(self.stdout, version_promote(number=number, reason=reason))
