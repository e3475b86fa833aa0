"""GET /api/score-distribution: how the current scores are spread."""

from __future__ import annotations

from django.db.models import Count
from msgspec import Struct
from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from scoring.models import LeadScore


class ScoreCount(Struct):
    """How many open leads have this score."""

    score: int
    leads: int


class DistributionResponse(Struct):
    """Scores that no open lead has are left out; the lowest comes first."""

    scores: list[ScoreCount]


class DistributionView(ApiView):
    """All open leads at a glance."""

    resource = "worklist"
    tag = "leads"

    @describe(
        "readScoreDistribution",
        "How many open leads have which score",
        response=DistributionResponse,
    )
    def get(self, request: Request) -> Response:
        counted = (
            LeadScore.objects.filter(lead__outcome=None)
            .values_list("score")
            .annotate(leads=Count("pk"))
            .order_by("score")
        )
        return Response(DistributionResponse([ScoreCount(*each) for each in counted]))
