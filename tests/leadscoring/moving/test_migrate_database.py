"""From SQLite to PostgreSQL, as somebody does it who outgrows the first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.databases import empty_postgresql, needs_postgresql

FILL = "import django; django.setup(); from tests.leadscoring.moving.filled import fill; fill()"
pytestmark = [
    pytest.mark.services,
    needs_postgresql,
]


def run(*command: str, database: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE_URL": database,
        },
        capture_output=True,
        text=True,
    )


def move(source: str, target: str) -> subprocess.CompletedProcess[str]:
    return run("manage.py", "migrate_database", "--to", target, database=source)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("home") / "db.sqlite3"
    made = run("-c", FILL, database=f"sqlite:///{path}")
    assert made.returncode == 0, made.stderr
    return path


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> str:
    shutil.copy(filled, tmp_path / "db.sqlite3")
    return f"sqlite:///{tmp_path}/db.sqlite3"


@pytest.fixture
def target() -> Iterator[str]:
    with empty_postgresql() as url:
        yield url


def rows(target: str, table: str) -> int:
    with psycopg.connect(target) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    assert found is not None
    return int(found[0])


def test_everything_is_carried_over_and_goes_on_there(source: str, target: str):
    moved = move(source, target)
    assert moved.returncode == 0, moved.stderr
    assert "are the same on both sides" in moved.stdout
    for table, least in [
        ("crm_lead", 52),
        ("crm_historicallead", 53),
        ("scoring_modelartifact", 2),
        ("scoring_promotion", 2),
        ("scoring_uploadpart", 2),
        ("auth_user_groups", 1),
        ("access_apikey", 1),
    ]:
        assert rows(target, table) >= least, table
    # New rows get new keys, models load, and the batch that waited is worked off.
    worked = run("manage.py", "worker", "--once", database=target)
    assert "Took up 1 jobs" in worked.stdout, worked.stderr
    scored = run("manage.py", "score", database=target)
    assert scored.returncode == 0, scored.stderr
    crowded = run("manage.py", "import_leads", str(table_of_one(source)), database=target)
    assert crowded.returncode == 0, crowded.stderr
    assert rows(target, "scoring_job WHERE state = 'succeeded'") == 1


def table_of_one(source: str) -> Path:
    path = Path(source.removeprefix("sqlite:///")).with_name("one.csv")
    path.write_text("id,industry\nbrand-new,Retail\n")
    return path


def test_a_target_that_holds_anything_is_refused_and_left_alone(source: str, target: str):
    with psycopg.connect(target) as connection:
        connection.execute("CREATE TABLE precious AS SELECT 1 AS id")
    moved = move(source, target)
    assert moved.returncode == 1
    assert "The target is not empty: precious has rows" in moved.stderr
    with psycopg.connect(target) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    assert tables == (1,)


def test_what_postgresql_cannot_hold_takes_all_of_it_back_and_can_be_mended(
    source: str, target: str
):
    import_nul = (
        "import django; django.setup(); from crm.models import Lead; "
        "Lead.objects.filter(external_id='odd').update(name={!r})"
    )
    run("-c", import_nul.format("a\0b"), database=source)
    moved = move(source, target)
    assert moved.returncode == 1
    assert "nothing was carried over" in moved.stderr
    assert rows(target, "crm_lead") == rows(target, "auth_user") == 0
    run("-c", import_nul.format("ab"), database=source)
    assert move(source, target).returncode == 0


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////tmp/other.sqlite3", "must be PostgreSQL"),
        ("nonsense", "no database address"),
        ("postgres://nobody@127.0.0.1:1/x", "nothing was carried over"),
    ],
)
def test_a_wrong_address_is_said(source: str, url: str, says: str):
    moved = move(source, url)
    assert moved.returncode == 1
    assert says in moved.stderr
