"""GET /api/schema and /api/docs: what the API can do, for programs and for people."""

from __future__ import annotations

from typing import Any

from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView


class SchemaView(ApiView, SpectacularJSONAPIView):
    """The API as OpenAPI 3.1."""

    resource = "schema"
    renderer_classes = SpectacularJSONAPIView.renderer_classes

    @describe("schema", "This description, as OpenAPI 3.1", response=dict)
    def get(self, request: Request) -> Any:
        return super().get(request)  # type: ignore[no-untyped-call]  # the package has few types


class DocsView(ApiView, SpectacularSwaggerSplitView):
    """Swagger UI, from our own static files, its script apart: the CSP allows no inline one."""

    resource = "docs"
    renderer_classes = SpectacularSwaggerSplitView.renderer_classes
    content_negotiation_class = DefaultContentNegotiation
