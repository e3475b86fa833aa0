"""Retrains that are killed outright at some step, and what is left in the database.

`main` is for a process of its own with a new database; it prints JSON.
"""

import json
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest import mock

from django.core.management import call_command
from django.db import connections

from scoring.models import ModelArtifact, ModelVersion, Promotion
from scoring.services.retrain import model_retrain
from tests.scoring.trained import trained

STEPS = (
    "scoring.services.retrain.training_examples",
    "scoring.services.retrain.train",
    "scoring.ml.serving.artifact.dumps",
    "scoring.models.ModelArtifact.objects.create",
    "scoring.services.retrain.version_promote",
    "scoring.models.Promotion.objects.create",
)


def die(*_args: Any, **_options: Any) -> None:
    """What no `finally` survives."""
    os.kill(os.getpid(), signal.SIGKILL)


def in_child(work: Callable[[], object]) -> int:
    """Run in a forked process; the signal that ended it, or 0."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def state() -> list[int | None]:
    """The champion's number, and how many versions, artifacts and promotions there are."""
    champion = ModelVersion.objects.champion()
    counted = (ModelVersion, ModelArtifact, Promotion)
    return [champion.number if champion else None, *(each.objects.count() for each in counted)]


def die_at(step: str) -> None:
    """Retrain, but for this step."""
    with mock.patch(step, die):
        model_retrain()


def main() -> None:
    """Retrain once, then once for each of STEPS, then once more."""
    call_command("migrate", verbosity=0)
    with mock.patch("scoring.services.retrain.train", return_value=trained()):
        model_retrain()
        found = {"before": state()}
        for step in STEPS:
            assert in_child(partial(die_at, step)) == signal.SIGKILL, step
            found[step] = state()
        assert in_child(model_retrain) == 0
        found["after"] = state()
    print(json.dumps(found))  # noqa: T201 - what the test reads
