"""Train as a job: versions are registered once, whatever is killed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.errors import NotEnoughData, RetrainRunning
from scoring.jobs.handle import JobHandle, TryLater
from scoring.models import ModelVersion
from scoring.services.corrected_card import scorecard_correct
from scoring.services.retrain import model_retrain

WAIT_SECONDS = 30.0


def retrain_job(handle: JobHandle) -> Mapping[str, Any]:
    """Train every type and let the gate decide; the versions' numbers, and who is the champion."""

    def progress(stage: str, share: float) -> None:
        handle.progress(round(100 * share), 100, stage)

    def registered(versions: list[ModelVersion]) -> None:
        numbers = [version.number for version in versions]
        handle.save({"versions": numbers}, done=100, total=100)

    if "versions" not in handle.checkpoint:
        try:
            model_retrain(progress=progress, registered=registered)
        except NotEnoughData as error:
            scorecard_correct(why=error.message, registered=registered)
        except RetrainRunning as error:
            raise TryLater(error.message, WAIT_SECONDS) from error
    champion = ModelVersion.objects.champion()
    return {**handle.checkpoint, "champion": champion and champion.number}
