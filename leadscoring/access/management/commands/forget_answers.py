"""`manage.py forget_answers`: for the nightly crontab."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from leadscoring.api.idempotency import forget_old_answers


class Command(BaseCommand):
    """Requests with an Idempotency-Key do this too, but there may be none for days."""

    help = "Delete the answers that were kept for repeated requests, once they are a day old."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"{forget_old_answers():,} answers forgotten.")
