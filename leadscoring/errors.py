"""Whatever goes wrong under /api -> one form of JSON. The only exception handler.

`{"error": {"code", "message", "fields", "requestId"}}`: `code` is for programs, `message` for
people, `fields` maps a field's path ("leads.3.budget") to what is wrong with it. Values that a
client sent are never repeated: they may be about a person, and answers end up in logs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response

from crm.errors import CrmError
from leadscoring.api.rendering import JsonRenderer
from scoring.errors import ScoringError

logger = structlog.get_logger(__name__)

# A request of 1,000 leads can be wrong 10,000 times; this many tell enough.
MAX_FIELDS = 100
# What the code knows by another name than the wire.
_WIRE_NAMES = {"external_id": "id"}

_STATUS = {
    "invalid": 400,
    "not_found": 404,
    "model_unavailable": 503,
}
_CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
}


class Problem(exceptions.APIException):
    """A request that cannot be answered, with the status, code and message to say so."""

    def __init__(
        self, status_code: int, code: str, message: str, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, code)
        self.status_code = status_code
        self.code = code
        self.message = message
        self.fields = dict(fields or {})


def invalid(fields: Mapping[str, str]) -> Problem:
    """The 400 for a request with these wrong fields."""
    count = len(fields)
    message = "One field is not valid." if count == 1 else f"{count} fields are not valid."
    if count >= MAX_FIELDS:
        message = f"{MAX_FIELDS} fields or more are not valid; these are the first."
    return Problem(status.HTTP_400_BAD_REQUEST, "invalid", message, fields)


def too_large() -> Problem:
    return Problem(413, "too_large", "The request's body is too large.")


def handle_exception(exc: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's exception handler: every exception in a view becomes an answer."""
    problem = _problem(exc)
    if problem is None:
        logger.exception("request_failed", exc_info=exc)
        problem = Problem(500, "internal_error", "Something went wrong here. It has been logged.")
    request = context["request"]
    # The page of the docs is HTML, but its errors are JSON like all others.
    request.accepted_renderer = JsonRenderer()
    request.accepted_media_type = JsonRenderer.media_type
    return Response(body(problem, request), status=problem.status_code, headers=_headers(exc))


def body(problem: Problem, request: Any) -> dict[str, Any]:
    """The JSON of an error."""
    return {
        "error": {
            "code": problem.code,
            "message": problem.message,
            "fields": dict(islice(problem.fields.items(), MAX_FIELDS)),
            "requestId": getattr(request, "request_id", None),
        }
    }


def wire_path(path: str) -> str:
    """`leads.0.last_contact` -> `leads.0.lastContact`. Below `attributes` names are the team's."""
    names = path.split(".")
    own = names.index("attributes") if "attributes" in names else len(names)
    return ".".join([_wire_name(name) for name in names[:own]] + names[own:])


def _wire_name(name: str) -> str:
    first, *rest = _WIRE_NAMES.get(name, name).split("_")
    return first + "".join(word.capitalize() for word in rest)


def _problem(exc: Exception) -> Problem | None:
    """What to say of an exception; None if only the log should know."""
    match exc:
        case Problem():
            return exc
        case CrmError() | ScoringError():
            told = exc.fields if isinstance(exc, CrmError) else {}
            fields = {wire_path(path): message for path, message in told.items()}
            return Problem(_STATUS.get(exc.code, 409), exc.code, exc.message, fields)
        case exceptions.ValidationError():
            return invalid(dict(flat(exc.detail)))
        case exceptions.APIException():
            code = _CODES.get(exc.status_code, "invalid")
            return Problem(exc.status_code, code, str(exc.detail))
    return _django_problem(exc)


def _django_problem(exc: Exception) -> Problem | None:
    match exc:
        case Http404():
            return Problem(404, "not_found", "There is nothing here.")
        case PermissionDenied():
            return Problem(403, "forbidden", "You may not do this.")
        case UnreadablePostError():
            return Problem(400, "invalid", "The request's body broke off.")
        case OperationalError():
            logger.exception("database_unavailable", exc_info=exc)
            return Problem(503, "busy", "The database cannot answer or store now. Try again later.")
    return None


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    return headers


def flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """A serializer's nested errors as (path, message); messages of one field are joined."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            yield from flat(inner, own)
    elif isinstance(detail, list) and any(isinstance(each, dict | list) for each in detail):
        for position, inner in enumerate(detail):
            yield from flat(inner, f"{path}.{position}" if path else str(position))
    elif detail:
        messages = detail if isinstance(detail, list) else [detail]
        yield path or "body", " ".join(map(str, messages))


def json_error(request: HttpRequest, status_code: int, code: str, message: str) -> JsonResponse:
    """An error's answer where no view of the API has the say."""
    return JsonResponse(body(Problem(status_code, code, message), request), status=status_code)


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


@csrf_exempt
def unknown_route(request: HttpRequest) -> HttpResponse:
    """Everything under /api that is no route, whatever the method."""
    hint = " Leave out the slash at its end." if request.path.endswith("/") else ""
    return json_error(request, 404, "not_found", f"There is no such route.{hint}")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    if is_api(request):
        return json_error(request, 400, "invalid", "The request is not valid.")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    if is_api(request):
        return json_error(request, 403, "forbidden", "You may not do this.")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    if is_api(request):
        return json_error(request, 404, "not_found", "There is nothing here.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    if is_api(request):
        return json_error(request, 500, "internal_error", "Something went wrong here.")
    return defaults.server_error(request)
