"""What all views of the API have in common."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from msgspec import Struct
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadscoring.access.authentication import ApiKeyAuthentication, SessionPrincipal
from leadscoring.access.permissions import MatrixPermission
from leadscoring.access.throttling import PrincipalThrottle
from leadscoring.api.decoding import decode_json, decode_query, decode_rows
from leadscoring.api.parsing import JsonOnly, read_json
from leadscoring.api.quick import Columns
from leadscoring.api.rendering import FirstRenderer, JsonRenderer

T = TypeVar("T", bound=Struct)


class ApiView(APIView):
    """Authentication, permission by the matrix, rate limit, strict JSON in, JSON out."""

    resource: ClassVar[str]

    authentication_classes = [ApiKeyAuthentication, SessionPrincipal]
    permission_classes = [MatrixPermission]
    throttle_classes = [PrincipalThrottle]
    parser_classes = [JsonOnly]
    renderer_classes: Any = [JsonRenderer]
    content_negotiation_class: type[BaseContentNegotiation] = FirstRenderer
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As DRF says, and then nothing of it refers to another part of it.

        DRF's request, view and response do, each to each. So with all that was sent and answered
        they would stay until the garbage collector looks, hundreds of requests later.
        """
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if isinstance(response, Response):
            response.render()
            response.renderer_context.clear()  # type: ignore[attr-defined]  # set by DRF
        self.request.parser_context.clear()
        del self.request, self.response
        return response

    def read(self, request: Request, kind: type[T]) -> T:
        """The body as a `kind`. Raises Problem."""
        return decode_json(read_json(request._request), kind)

    def read_rows(self, request: Request, kind: type[T], name: str) -> tuple[T, Columns]:
        """The same, and what its field `name` lists, at least one struct, as columns."""
        return decode_rows(read_json(request._request), kind, name)

    def query(self, request: Request, kind: type[T]) -> T:
        """The query string as a `kind`. Raises Problem."""
        return decode_query(request.query_params, kind)
