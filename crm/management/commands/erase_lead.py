"""manage.py erase_lead ID: forget a person."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from crm.errors import LeadNotFound
from crm.models import Lead
from crm.services import Actor, lead_erase
from leadscoring.commands import LightCommand

ACTOR = Actor(user=None, label="manage.py erase_lead")


class Command(LightCommand):
    """Erase one lead for good."""

    help = (
        "Erase a lead with its outcome and all its history, for good. Predictions that were made "
        "of it stay without what they saw."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", help="The lead's id.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *, id: str, yes: bool, **_options: Any) -> None:
        if not Lead.objects.filter(external_id=id).exists():
            raise CommandError(f"There is no lead with the id {id}.")
        if not (yes or _agreed(f"Erase lead {id} with all its history? [y/N] ")):
            self.stdout.write("Nothing was erased.")
            return
        try:
            lead_erase(external_id=id, actor=ACTOR)
        except LeadNotFound as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"Erased lead {id}.")


def _agreed(question: str) -> bool:
    """Whether who sits there says yes. Raises CommandError if nobody does: a script, say."""
    try:
        return input(question).strip().lower() == "y"
    except EOFError:
        raise CommandError("Nobody is there to ask: say --yes to erase it.") from None
