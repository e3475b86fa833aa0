"""What holds for every request under /api, and the id that every request goes by."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from time import perf_counter

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from leadscoring.access.scheme import SCHEME
from leadscoring.errors import is_api, json_error

logger = structlog.get_logger(__name__)

HEADER = "X-Request-ID"
_ID = "HTTP_X_REQUEST_ID"
# Of answers that are no page. Pages have a policy of their own.
_HARMLESS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}
# A client's own id is kept if it is plain: it goes into logs.
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestLog:
    """A line in the log per request, with its route: paths and queries may tell who a lead is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.META[_ID])
        start = perf_counter()
        response = self.get_response(request)
        level = _level(response.status_code)
        if logging.getLogger(__name__).isEnabledFor(level):
            found = request.resolver_match
            route = found.route if found else "(no such route)"
            logger.log(
                level,
                "request_finished",
                request=f"{request.method} /{route}",
                code=response.status_code,
                milliseconds=round(1000 * (perf_counter() - start), 1),
            )
        return response


def _level(status: int) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.WARNING if status >= 400 else logging.INFO


def brings_key(request: HttpRequest) -> bool:
    """Whether an API key is given, good or bad: then nothing else says who it is."""
    if not is_api(request):
        return False
    scheme = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")[0]
    return "HTTP_X_API_KEY" in request.META or scheme.lower() == SCHEME.lower()


class ApiMiddleware:
    """Names the request, refuses plain HTTP in production, keeps answers out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _PLAIN.fullmatch(given) else str(uuid.uuid4())
        request.META[_ID] = request_id
        request.request_id = request_id  # type: ignore[attr-defined]  # ours
        request.brings_key = brings_key(request)  # type: ignore[attr-defined]  # ours
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
        for name, value in _HARMLESS.items():
            response.headers.setdefault(name, value)
        return response
