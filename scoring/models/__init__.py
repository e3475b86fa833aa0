"""What scoring stores: model versions, what they said, the jobs that run, and the news."""

from scoring.models.events import Event
from scoring.models.jobs import Job, JobChunk, JobQuerySet, Upload, UploadPart
from scoring.models.predictions import (
    LeadScore,
    Prediction,
    PredictionQuerySet,
    erase_with_lead,
    score_of,
)
from scoring.models.rescoring import Rescoring
from scoring.models.scorecards import Scorecard, ScorecardRule
from scoring.models.versions import ModelArtifact, ModelVersion, ModelVersionQuerySet, Promotion

__all__ = [
    "Event",
    "Job",
    "JobChunk",
    "JobQuerySet",
    "LeadScore",
    "ModelArtifact",
    "ModelVersion",
    "ModelVersionQuerySet",
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
]
