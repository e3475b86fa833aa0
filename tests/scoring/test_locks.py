import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from scoring.errors import RetrainRunning
from scoring.locks import ADVISORY_KEY, retrain_lock

pytestmark = pytest.mark.django_db

HOLD = """
import time
import django
django.setup()
from scoring.locks import retrain_lock
with retrain_lock():
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def database(tmp_path, monkeypatch) -> str:
    """The address of a database that other processes reach too."""
    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        return os.environ["TEST_DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    path = tmp_path / "db.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    return f"sqlite:///{path}"


@pytest.fixture
def holder(database):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "TEST_DATABASE_URL": database,
        },
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def hold() -> None:
    with retrain_lock():
        pass


def wait_until_free() -> None:
    """PostgreSQL frees a dead client's lock once it notices, a moment after the end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '30s'")
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_KEY])
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])


def test_it_is_refused_while_another_process_has_it_and_free_once_that_is_killed(holder):
    with pytest.raises(RetrainRunning, match="Another retrain is running"):
        hold()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    wait_until_free()
    hold()


def test_it_is_free_again_after_an_error_inside():
    def fail() -> None:
        with retrain_lock():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    hold()


@pytest.mark.skipif(connection.vendor == "postgresql", reason="a lock of the operating system")
def test_it_lies_beside_the_database_that_it_guards(tmp_path, database):
    hold()
    assert (tmp_path / "db.sqlite3.retrain.lock").exists()
