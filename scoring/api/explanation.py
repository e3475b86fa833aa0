"""GET /api/leads/{id}/explanation: why a stored lead has the score that it has today."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from scoring.api.outlook import DayProbability, Familiarity, ProbabilityInterval, told
from scoring.api.reasons import FullExplanation, FullReason, in_full
from scoring.api.wire import ModelType
from scoring.models import score_of
from scoring.services.explain import lead_explain
from scoring.services.predict import AUTO


class ExplanationQuery(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """modelType: whose reasons; `auto` is the champion."""

    model_type: ModelType = "auto"


class ExplanationResponse(Struct, rename="camel"):
    """Every field that counts, the largest points first, and what can be said beside the score.

    `unavailable`: what cannot be told, with the reason; it is null.
    """

    id: str
    conversion_probability: float
    score: int
    model_version: int
    model_type: str
    day: date
    reasons: list[FullReason]
    explanation: FullExplanation
    interval: ProbabilityInterval | None
    familiarity: Familiarity | None
    conversion_by_day: list[DayProbability] | None
    unavailable: dict[str, str]


class ExplanationView(ApiView):
    """The reasons of one stored lead."""

    resource = "explanation"
    tag = "leads"

    @describe(
        "explainLead",
        "Why a stored lead has its score",
        query=ExplanationQuery,
        response=ExplanationResponse,
        errors=[404, 409],
    )
    def get(self, request: Request, id: str) -> Response:
        asked = self.query(request, ExplanationQuery).model_type
        found = lead_explain(external_id=id, model_type=None if asked == AUTO else asked)
        reasons = found.reasons
        return Response(
            ExplanationResponse(
                id=id,
                conversion_probability=reasons.probability,
                score=score_of(reasons.probability),
                model_version=found.version.number,
                model_type=found.version.model_type,
                day=found.day,
                reasons=in_full(reasons),
                explanation=FullExplanation(reasons.base, reasons.rest, reasons.base_log_odds),
                **told(found.outlook),
                unavailable=dict(found.unavailable),
            )
        )
