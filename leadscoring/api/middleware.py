"""What holds for every request under /api, and the id that every request goes by."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware

from leadscoring.errors import is_api, json_error

HEADER = "X-Request-ID"
# A client's own id is kept if it is plain: it goes into logs.
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestLog(RequestMiddleware):
    """A line in the log per request, with its route: paths and queries may tell who a lead is."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        try:
            route = resolve(request.path_info).route
        except Resolver404:
            route = "(no such route)"
        return f"{request.method} /{route}"


class ApiMiddleware:
    """Names the request, refuses plain HTTP in production, keeps answers out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _PLAIN.fullmatch(given) else str(uuid.uuid4())
        request.META["HTTP_X_REQUEST_ID"] = request_id
        request.request_id = request_id  # type: ignore[attr-defined]  # ours
        response = self._answer(request)
        response.headers[HEADER] = request_id
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        if settings.HTTPS and not request.is_secure():
            # Not redirected: the client has to learn that its key went over the wire in clear.
            response: HttpResponse = json_error(
                request, 403, "https_required", "Use HTTPS, and replace the key that you sent."
            )
        else:
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
