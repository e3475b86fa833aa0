"""GET /api/models, GET /api/models/{number}, POST /api/models/{number}/promote."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.access.principals import principal
from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from scoring.api import versions
from scoring.api.wire import ModelDetail, ModelsQuery, ModelsResponse, PromoteRequest
from scoring.errors import VersionNotFound
from scoring.models import ModelVersion
from scoring.services.promote import version_promote


class ModelsView(ApiView):
    """The versions that were trained."""

    resource = "models"

    @describe(
        "listModels", "Model versions, newest first", query=ModelsQuery, response=ModelsResponse
    )
    def get(self, request: Request) -> Response:
        query = self.query(request, ModelsQuery)
        rows = ModelVersion.objects.defer("curves", "report", "recipe", "row_counts", "segments")
        if query.before is not None:
            rows = rows.filter(number__lt=query.before)
        found = list(rows[: query.limit + 1])
        page = found[: query.limit]
        return Response(
            ModelsResponse(
                models=[versions.summary(version) for version in page],
                next=page[-1].number if len(found) > len(page) else None,
            )
        )


class ModelView(ApiView):
    """One version."""

    resource = "models"

    @describe(
        "readModel",
        "A model version, with all that was measured",
        response=ModelDetail,
        errors=[404],
    )
    def get(self, request: Request, number: int) -> Response:
        return Response(versions.detail(_version(number)))


class PromotionView(ApiView):
    """People decide which version answers; programs do not."""

    resource = "promotion"
    tag = "models"

    @describe(
        "promoteModel",
        "Make a version the champion",
        request=PromoteRequest,
        response=ModelDetail,
        errors=[404],
    )
    def post(self, request: Request, number: int) -> Response:
        reason = self.read(request, PromoteRequest).reason
        version_promote(number=number, reason=reason, user=principal(request).actor.user)
        return Response(versions.detail(_version(number)))


def _version(number: int) -> ModelVersion:
    version = ModelVersion.objects.filter(number=number).first()
    if version is None:
        raise VersionNotFound(f"There is no model version {number}.")
    return version
