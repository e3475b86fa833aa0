"""What can go wrong in scoring, in words for whoever has to mend it."""

from __future__ import annotations


class ScoringError(Exception):
    """Something the caller asked for cannot be done; `code` is stable and for programs."""

    code = "invalid"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NoTrainedModel(ScoringError):
    """No version answers for this model type yet."""

    code = "no_trained_model"


class VersionNotFound(ScoringError):
    """There is no model version with this number."""

    code = "not_found"


class NoGrades(ScoringError):
    """The version says nothing from which grades would follow."""

    code = "no_grades"


class ModelUnavailable(ScoringError):
    """The stored model cannot be used: damaged, or made by another library version."""

    code = "model_unavailable"


class NotEnoughData(ScoringError):
    """Too few outcomes to learn from; nothing was changed."""

    code = "not_enough_data"


class RetrainRunning(ScoringError):
    """Another retrain holds the lock."""

    code = "retrain_running"


class ClusterUnavailable(ScoringError):
    """The cluster that SCORING_CLUSTER names cannot be used, or broke down."""

    code = "cluster_unavailable"


class NothingToRollBack(ScoringError):
    """There is no earlier champion."""

    code = "nothing_to_roll_back"


class JobNotFound(ScoringError):
    """The caller has no job with this id."""

    code = "not_found"


class JobFinished(ScoringError):
    """The job is over; nothing about it can be changed."""

    code = "job_finished"


class UploadDamaged(ScoringError):
    """What is stored of a file is not what was sent."""

    code = "upload_damaged"


class FileNotReadable(ScoringError):
    """The file cannot be read, or not in the way that was asked for."""

    code = "invalid"


class JobRunning(ScoringError):
    """The job is not over yet."""

    code = "not_finished"
