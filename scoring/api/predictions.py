"""GET /api/predictions: what was said of whom, by a cursor that misses nothing."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from scoring.api.wire import LoggedPrediction, PredictionsQuery, PredictionsResponse
from scoring.models import Prediction


class PredictionsView(ApiView):
    """The log of predictions."""

    resource = "predictions"

    @describe(
        "listPredictions",
        "The predictions log, oldest first",
        query=PredictionsQuery,
        response=PredictionsResponse,
    )
    def get(self, request: Request) -> Response:
        query = self.query(request, PredictionsQuery)
        rows = (
            Prediction.objects.settled()
            .filter(pk__gt=query.after)
            .select_related("lead", "version")
            .only(
                *("probability", "score", "source", "day", "predicted_at"),
                *("lead__external_id", "version__number", "version__model_type"),
            )
            .order_by("pk")
        )
        if query.lead is not None:
            rows = rows.filter(lead__external_id=query.lead)
        page = list(rows[: query.limit])
        return Response(
            PredictionsResponse(
                predictions=[_logged(row) for row in page],
                next=page[-1].pk if page else query.after,
            )
        )


def _logged(row: Prediction) -> LoggedPrediction:
    return LoggedPrediction(
        id=row.pk,
        lead=row.lead.external_id if row.lead else None,
        conversion_probability=row.probability,
        score=row.score,
        model_version=row.version.number,
        model_type=row.version.model_type,
        source=row.source,
        day=row.day,
        predicted_at=row.predicted_at,
    )
