"""A request's credentials -> `request.auth`, a Principal."""

from __future__ import annotations

import structlog
from django.db import DatabaseError
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from leadscoring.access.principals import Principal
from leadscoring.access.scheme import SCHEME
from leadscoring.access.verified_keys import key_verify

logger = structlog.get_logger(__name__)


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Api-Key K` or `X-API-Key: K`. A key that is given must be good."""

    def authenticate(self, request: Request) -> tuple[None, Principal] | None:
        text = _given_key(request)
        if text is None:
            return None
        key, caller = key_verify(text=text)
        try:
            key.note_use()
        except DatabaseError:
            # A database that can be read but not written still answers questions.
            logger.warning("last_use_not_noted", prefix=key.prefix)
        structlog.contextvars.bind_contextvars(caller=caller.id)
        return None, caller

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="api"'


class SessionPrincipal(SessionAuthentication):
    """Somebody who is logged in; Django's CSRF check included."""

    def authenticate(self, request: Request) -> tuple[object, Principal] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        caller = Principal.of_user(found[0])
        structlog.contextvars.bind_contextvars(caller=caller.id)
        return found[0], caller


def _given_key(request: Request) -> str | None:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    given = {request.headers["X-API-Key"].strip()} if "X-API-Key" in request.headers else set()
    if scheme.lower() == SCHEME.lower():
        given.add(credentials.strip())
    if len(given) > 1:
        raise AuthenticationFailed("The request has two different API keys.")
    return given.pop() if given else None
