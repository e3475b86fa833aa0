"""Everything between an empty database and a server worth trying. `make run` calls it."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandParser

from crm.days import today
from crm.models import Lead
from leadscoring.access.models import ApiKey
from leadscoring.access.services import api_key_create
from leadscoring.commands import PlainCommand
from scoring.ml.model_types import SCORECARD
from scoring.models import ModelVersion

KEY_NAME = "quickstart"


class Command(PlainCommand):
    """Fill what is empty, leave what is there, and say what to try."""

    help = (
        "Migrate, load the demo CRM, train, and create an admin user and an API key: each only if "
        "there is none yet, so it can run again at any time. Secrets are random and printed once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="Port in the lines to try.")

    def handle(self, *, port: int, **_options: Any) -> None:
        # Here, because each start of Django takes seconds.
        call_command("migrate", verbosity=0, skip_checks=True)
        if not Lead.objects.exists():
            call_command("seed_demo", stdout=self.stdout, stderr=self.stderr)
        if not ModelVersion.objects.exclude(model_type=SCORECARD).exists():
            call_command("retrain", stdout=self.stdout, stderr=self.stderr)
            call_command("score", stdout=self.stdout, stderr=self.stderr)
        self.create_admin()
        self.say_what_to_try(self.create_key(), f"http://127.0.0.1:{port}")

    def create_admin(self) -> None:
        users = get_user_model()._default_manager
        # The demo's owners are users too, but cannot log in.
        if users.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("admin", "", password)
        self.stdout.write(f"\nAdmin user: admin   password: {password}   (shown only now)")

    def create_key(self) -> str:
        if ApiKey.objects.filter(name=KEY_NAME).exists():
            return "YOUR_KEY"
        scopes = ["predict", "leads", "outcomes", "models", "batches"]
        _, key = api_key_create(name=KEY_NAME, scopes=scopes)
        self.stdout.write(f"API key: {key}   (shown only now)")
        return key

    def say_what_to_try(self, key: str, address: str) -> None:
        lead = (
            '{"id": 1, "name": "John Doe", "company": "ABC Corp", "industry": "Technology", '
            f'"size": "medium", "lastContact": "{today().isoformat()}", "budget": 25000, '
            '"previousPurchases": 2, "interactions": 8}'
        )
        self.stdout.write(
            f"\nThe dashboard: {address}/\nThe admin: {address}/admin/\n"
            f"The API's pages (after login): {address}/api/docs\n"
            f"Score a lead:\n  curl -s {address}/api/predict -H 'Authorization: Api-Key {key}' "
            f"-H 'Content-Type: application/json' \\\n    -d '{{\"leads\": [{lead}]}}'\n"
            "Another key: .venv/bin/python manage.py create_api_key NAME --scopes predict,leads\n"
        )
