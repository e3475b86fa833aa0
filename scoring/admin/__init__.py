"""Model versions, predictions and scores to look at; only the champion can be chosen here."""

from scoring.admin.predictions import LeadScoreAdmin, PredictionAdmin
from scoring.admin.versions import ModelVersionAdmin

__all__ = ["LeadScoreAdmin", "ModelVersionAdmin", "PredictionAdmin"]
