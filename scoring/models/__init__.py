"""What scoring stores: model versions, what they said, the jobs that run, and the news."""

from scoring.models.events import Event
from scoring.models.jobs import Job, JobChunk, JobQuerySet, Upload, UploadPart
from scoring.models.predictions import (
    LeadScore,
    Prediction,
    PredictionQuerySet,
    erase_with_lead,
    score_of,
    scores_of,
)
from scoring.models.rescoring import Rescoring
from scoring.models.scorecards import Scorecard, ScorecardRule
from scoring.models.versions import ModelArtifact, ModelVersion, ModelVersionQuerySet, Promotion
from scoring.models.windows import OutcomeWindow

__all__ = [
    "Event",
    "Job",
    "JobChunk",
    "JobQuerySet",
    "LeadScore",
    "ModelArtifact",
    "ModelVersion",
    "ModelVersionQuerySet",
    "OutcomeWindow",
    "Prediction",
    "PredictionQuerySet",
    "Promotion",
    "Rescoring",
    "Scorecard",
    "ScorecardRule",
    "Upload",
    "UploadPart",
    "erase_with_lead",
    "score_of",
    "scores_of",
]
