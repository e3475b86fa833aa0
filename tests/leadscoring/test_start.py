"""What a small command loads: not what scores, trains and draws, which takes seconds."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

HEAVY = {"import_export.admin", "openpyxl", "pandas", "pyarrow", "scipy", "sklearn", "treelite"}
SMALL = [("leadscoring.access", "create_api_key"), ("leadscoring.access", "forget_answers")]
SMALL += [("crm", "erase_lead")]

PROGRAM = f"""
import sys
import django
from django.core.management import call_command, load_command_class
django.setup()
for application, name in {SMALL}:
    tags = load_command_class(application, name).requires_system_checks
    call_command("check", tags=list(tags), verbosity=0)
print(*sys.modules)
"""


def test_a_small_command_loads_nothing_that_scores_or_draws() -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(result.stdout.split())
    assert "crm.models" in loaded
    assert not HEAVY & loaded


def test_admin_pages_are_checked_although_they_come_late_and_load_nothing_that_trains() -> None:
    """On its own, before any route has been looked at."""
    broken = (
        "import django; django.setup()\n"
        "from django.contrib import admin\n"
        "from django.contrib.auth.models import Permission\n"
        "from django.core.checks import run_checks\n"
        "page = type('Page', (admin.ModelAdmin,), {'list_display': ['nothing']})\n"
        "admin.site.register(Permission, page)\n"
        "print(*[each.id for each in run_checks(tags=['admin'])])\n"
        "print(len(admin.site._registry))\n"
        "import leadscoring.asgi, sys\n"
        "print('sklearn' in sys.modules)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", broken],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    found, registered, trains = result.stdout.splitlines()
    assert found == "admin.E108"
    assert int(registered) > 5
    assert trains == "False"
