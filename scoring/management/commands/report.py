"""Write the report of a model version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from scoring.errors import VersionNotFound
from scoring.files import replacing
from scoring.management.base import ScoringCommand
from scoring.models import ModelVersion
from scoring.services.model_report import model_report_html


class Command(ScoringCommand):
    """One HTML file with everything that was measured, to send and to print."""

    help = "Write the report of a model version as one HTML file that needs nothing beside itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="The number of the version.")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *, number: int, output: Path, **options: Any) -> None:
        version = ModelVersion.objects.filter(number=number).first()
        if version is None:
            raise VersionNotFound(f"There is no model version {number}.")
        html = model_report_html(version)
        try:
            with replacing(output) as temporary:
                temporary.write_text(html, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote the report of version {number}: {output}")
