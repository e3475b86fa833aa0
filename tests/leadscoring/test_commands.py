"""Where the database is to blame a command ends with a sentence, as everywhere else."""

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, get_commands, load_command_class
from django.db import OperationalError, ProgrammingError

from leadscoring.commands import PlainCommand

ACCESS = "leadscoring.access"
REMEDY = "The database lacks tables or columns of this version: run manage.py migrate."


class Failing(PlainCommand):
    requires_system_checks = []

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def handle(self, **_options: object) -> None:
        raise self.error


class UndefinedTable(Exception):
    sqlstate = "42P01"


def run(error: Exception) -> None:
    Failing(error).execute(force_color=False, no_color=True, stdout=None, stderr=None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("database or disk is full", "The database failed: database or disk is full."),
        ("connection refused\n\tIs it on?", "The database failed: connection refused Is it on?"),
        ("no such table: crm_lead", REMEDY),
        ("table crm_lead has no column named x", REMEDY),
    ],
)
def test_a_failing_database_is_a_sentence(text, said):
    with pytest.raises(CommandError) as raised:
        run(OperationalError(text))
    assert str(raised.value) == said


def test_a_missing_table_of_postgresql_is_one_too():
    error = ProgrammingError("relation does not exist")
    error.__cause__ = UndefinedTable()
    with pytest.raises(CommandError, match=r"run manage\.py migrate"):
        run(error)


def test_a_mistake_of_ours_is_none():
    with pytest.raises(ProgrammingError):
        run(ProgrammingError("syntax error"))


def test_each_command_of_ours_is_such_a_one():
    apps = {name: app for name, app in get_commands().items() if app in ("crm", "scoring", ACCESS)}
    assert len(apps) > 10
    for name, app in apps.items():
        assert isinstance(load_command_class(app, name), PlainCommand), name


def test_before_the_first_migration_a_command_says_what_to_run(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "django", "seed_demo"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        },
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert run.stderr.strip() == f"CommandError: {REMEDY}"
