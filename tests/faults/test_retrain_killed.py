import json
import os
import subprocess
import sys

from django.conf import settings

from tests.faults.killed_retrains import STEPS

RUN = "import django; django.setup(); from tests.faults.killed_retrains import main; main()"


def test_a_retrain_killed_at_any_step_leaves_the_champion_and_the_next_one_goes_through(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "TEST_DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        },
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found.pop("before") == [1, 1, 1, 1]
    assert found.pop("after") == [2, 2, 2, 2]
    assert found == {step: [1, 1, 1, 1] for step in STEPS}
