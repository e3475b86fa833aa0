"""The API's description (OpenAPI 3.1), made from the routes and from the types that they read.

drf-spectacular walks the routes; the schemas come from the very structs that check requests and
make answers, so that the description cannot drift from what happens.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from leadscoring.access.rules import rule_for
from leadscoring.api.wire import describe_custom

F = TypeVar("F", bound=Callable[..., Any])
_REF = "#/components/schemas/{name}"
_described: list[type] = []

ERRORS = {
    400: "The request is not valid; `fields` says where.",
    401: "No API key or session, or one that is not valid.",
    403: "The key's scopes or the user's permissions do not allow this.",
    404: "There is no such thing.",
    409: "Not possible as things stand; `code` and `message` say why.",
    411: "The body came without a Content-Length.",
    413: "The body is too large.",
    415: "The body is not plain application/json in UTF-8.",
    422: "The Idempotency-Key came with another request.",
    429: "Over the rate limit; Retry-After says how many seconds to wait.",
    500: "Our fault. Quote the request id.",
    503: "The database or the model cannot be used now.",
}
ALWAYS = (401, 403, 429, 500, 503)


class ErrorBody(msgspec.Struct, rename="camel"):
    """What went wrong."""

    code: str
    message: str
    fields: dict[str, str]
    request_id: str | None


class Error(msgspec.Struct):
    """Every answer that is not a success."""

    error: ErrorBody


class ApiSchema(AutoSchema):
    """Reads who may call what from the permission matrix."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        view: Any = self.view
        rule = rule_for(view.resource, self.method)
        if rule is None:
            return []
        ways: list[dict[str, list[str]]] = [{"session": []}]
        if self.method != "GET":
            ways = [{"session": [], "csrf": []}]
        return ways if rule.scope is None else [{"apiKey": []}, {"apiKeyHeader": []}, *ways]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation and "requestBody" in operation:
            operation["requestBody"]["required"] = True
        return operation

    def get_tags(self) -> list[str]:
        view: Any = self.view
        return [getattr(view, "tag", view.resource)]


def describe(
    operation: str,
    summary: str,
    *,
    request: type | None = None,
    query: type[msgspec.Struct] | None = None,
    response: type | None = None,
    files: Collection[str] = (),
    media: Collection[str] = (),
    status: Collection[int] = (200,),
    errors: Collection[int] = (),
    idempotent: bool = False,
    public: bool = False,
) -> Callable[[F], F]:
    """Describe a view's method: what it reads, what it answers, how it can fail.

    files: media types of files that may be the body instead; media: those of the answer, if it
    is no JSON. errors: statuses beyond those that follow from the other arguments.
    """
    failures = set(errors) | (set() if public else set(ALWAYS))
    failures |= {400, 411, 413, 415} if request or files else {400} if query else set()
    failures |= {409, 422} if idempotent else set()
    parameters = _query_parameters(query) if query else []
    if idempotent:
        parameters.append(_IDEMPOTENCY_KEY)
    answers: dict[Any, OpenApiResponse] = {}
    for code in sorted(failures | set(status)):
        possible = [response] if response and code in status else []
        possible += [Error] if code in failures else []
        text = summary if code in status else ERRORS[code]
        answers[code] = OpenApiResponse(response=_one_of(possible), description=text)
    for kind in media:
        answers.pop(200, None)
        answers[200, kind] = OpenApiResponse(response={"type": "string"}, description=summary)
    bodies: dict[str, Any] = {"application/json": _ref(request)} if request else {}
    bodies |= {kind: {"type": "string", "format": "binary"} for kind in files}
    decorator: Callable[[F], F] = extend_schema(
        operation_id=operation,
        summary=summary,
        request=bodies or None,
        parameters=parameters,
        responses=answers,
    )
    return decorator


def _ref(kind: type) -> dict[str, Any]:
    if not issubclass(kind, msgspec.Struct):
        return _schema(kind)
    if kind not in _described:
        _described.append(kind)
    return {"$ref": _REF.format(name=kind.__name__)}


def _one_of(kinds: Collection[type]) -> dict[str, Any] | None:
    references = [_ref(kind) for kind in kinds]
    return {"anyOf": references} if len(references) > 1 else next(iter(references), None)


def _schema(kind: Any) -> dict[str, Any]:
    return msgspec.json.schema(kind, schema_hook=describe_custom)


def _query_parameters(kind: type[msgspec.Struct]) -> list[OpenApiParameter]:
    parameters = []
    for field in msgspec.structs.fields(kind):
        schema = _schema(field.type)
        given = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
        if len(given) == 1:
            schema = given[0]
        if isinstance(field.default, int | str):
            schema["default"] = field.default
        parameters.append(OpenApiParameter(field.encode_name, schema, required=field.required))
    return parameters


_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    description="The same request with the same key gets the same answer and has one effect.",
)


def add_components(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """drf-spectacular's hook: put in the types that the routes refer to, and how to log in."""
    _, schemas = msgspec.json.schema_components(
        _described, schema_hook=describe_custom, ref_template=_REF
    )
    components = result.setdefault("components", {})
    components["schemas"] = dict(sorted(schemas.items()))
    components["securitySchemes"] = {
        "apiKey": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Api-Key` and a space before the key.",
        },
        "apiKeyHeader": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
    }
    return result
