"""The databases that the dashboard is tried on, each filled by one process, and once.

    python -m tests.browser.dashboard.filling LEADS

fills the database of the environment: with leads it has models too, without it is as new.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import django
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "a password of tests"
# Who may do everything; who sells, and neither trains nor promotes; who may do nothing.
BOSS, SELLER, NOBODY = "boss", "seller", "nobody"
SELLS = (
    *("view_lead", "add_lead", "change_lead", "add_outcome", "change_outcome"),
    *("view_leadscore", "view_prediction", "add_prediction", "view_modelversion"),
)
# One that is quickly trained, and one to compare it with.
MODEL_TYPES = ["gradient-boosting", "logistic-regression"]


def environment_of(database: Path) -> dict[str, str]:
    """For processes that use this database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE_URL": f"sqlite:///{database}",
        "TEST_REDIS_URL": "",
    }


def made_once(database: Path, leads: int) -> Path:
    """The filled database, which the first of several test processes makes for all of them."""
    with database.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not database.exists():
            making = database.with_suffix(".making")
            subprocess.run(
                [sys.executable, "-m", "tests.browser.dashboard.filling", str(leads)],
                cwd=ROOT,
                env=environment_of(making),
                check=True,
                capture_output=True,
            )
            making.rename(database)
    return database


def multiply(database: Path, leads: int) -> None:
    """Copy the leads with their outcomes and scores until there are as many."""
    with closing(sqlite3.connect(database)) as connection, connection:
        (there, newest) = connection.execute("SELECT count(*), max(id) FROM crm_lead").fetchone()
        copies = -(-(leads - there) // there)
        for table in ("crm_lead", "crm_outcome", "scoring_leadscore"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            changed = {
                "id": f"id + copy * {newest}",
                "lead_id": f"lead_id + copy * {newest}",
                "external_id": "external_id || '-' || copy",
            }
            connection.execute(
                f"WITH RECURSIVE copies(copy) AS (SELECT 1 UNION ALL SELECT copy + 1 FROM copies"  # noqa: S608 - names of ours
                f" WHERE copy < {copies}) INSERT INTO {table} ({', '.join(columns)})"
                f" SELECT {', '.join(changed.get(each, each) for each in columns)}"
                f" FROM {table}, copies"
            )


def fill(leads: int) -> None:
    """Users, and with leads demo data, two models and scores."""
    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    _create_users()
    if leads:
        call_command("seed_demo", leads=leads)
        call_command("retrain", model_types=MODEL_TYPES)
        call_command("score")


def _create_users() -> None:
    from django.contrib.auth.models import Permission, User  # noqa: PLC0415 - after the setup

    User.objects.create_superuser(BOSS, password=PASSWORD)
    User.objects.create_user(NOBODY, password=PASSWORD)
    seller = User.objects.create_user(SELLER, password=PASSWORD)
    seller.user_permissions.set(Permission.objects.filter(codename__in=SELLS))


if __name__ == "__main__":
    fill(int(sys.argv[1]))
