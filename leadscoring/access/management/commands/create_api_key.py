"""`manage.py create_api_key frontend --scopes predict,leads`: a key for a program."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from crm.days import day_end, today
from leadscoring.access.models import DEFAULT_RATE
from leadscoring.access.rules import SCOPES
from leadscoring.access.services import api_key_create
from leadscoring.commands import LightCommand


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day such as 2030-12-31") from None


class Command(LightCommand):
    """Make an API key and print it, once."""

    help = "Make an API key for a program and print it. Only its hash is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="Who will use it, for people to read.")
        parser.add_argument(
            "--scopes", required=True, help=f"What it may do, by commas: {', '.join(SCOPES)}."
        )
        parser.add_argument(
            "--rate",
            default=DEFAULT_RATE,
            help=f"Requests per s, m, h or d, such as {DEFAULT_RATE} (the default), or none.",
        )
        parser.add_argument("--expires", type=day, metavar="DATE", help="Its last day.")

    def handle(
        self, *, name: str, scopes: str, rate: str, expires: date | None, **_options: Any
    ) -> None:
        if expires and expires < today():
            raise CommandError("--expires lies in the past.")
        try:
            _, key = api_key_create(
                name=name,
                scopes=[scope.strip() for scope in scopes.split(",")],
                rate="" if rate == "none" else rate,
                expires=day_end(expires) if expires else None,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stderr.write("The key is printed once. Keep it where secrets are kept.")
        self.stdout.write(key)
