"""Model versions, predictions, scores and jobs to look at; the champion and the scorecard's
rules are chosen here."""

from scoring.admin.jobs import JobAdmin
from scoring.admin.predictions import LeadScoreAdmin, PredictionAdmin
from scoring.admin.scorecards import ScorecardAdmin
from scoring.admin.versions import ModelVersionAdmin

__all__ = ["JobAdmin", "LeadScoreAdmin", "ModelVersionAdmin", "PredictionAdmin", "ScorecardAdmin"]
