import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.databases import empty_postgresql, given

# So many as the acceptance asks for: WORKER_KILLS=30.
KILLS = os.environ.get("WORKER_KILLS", "3")


@pytest.fixture
def database(tmp_path) -> Iterator[str]:
    """The address of an empty database."""
    if not given():
        yield f"sqlite:///{tmp_path}/db.sqlite3"
        return
    with empty_postgresql() as url:
        yield url


def test_workers_killed_at_random_points_lose_no_row_and_score_none_twice(database):
    run = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--kills", KILLS],
        cwd=settings.BASE_DIR,
        env={**os.environ, "TEST_DATABASE_URL": database},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["kills"] == int(KILLS)
