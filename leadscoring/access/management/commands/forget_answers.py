"""`manage.py forget_answers`: for the nightly crontab."""

from __future__ import annotations

from typing import Any

from leadscoring.api.idempotency import forget_old_answers
from leadscoring.commands import LightCommand


class Command(LightCommand):
    """Requests with an Idempotency-Key do this too, but there may be none for days."""

    help = "Delete the answers that were kept for repeated requests, once they are a day old."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"{forget_old_answers():,} answers forgotten.")
