"""What scoring stores: model versions and what they said."""

from scoring.models.predictions import (
    LeadScore,
    Prediction,
    PredictionQuerySet,
    erase_with_lead,
    score_of,
)
from scoring.models.versions import ModelArtifact, ModelVersion, ModelVersionQuerySet, Promotion

__all__ = [
    "LeadScore",
    "ModelArtifact",
    "ModelVersion",
    "ModelVersionQuerySet",
    "Prediction",
    "PredictionQuerySet",
    "Promotion",
    "erase_with_lead",
    "score_of",
]
