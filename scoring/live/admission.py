"""Who may watch: a logged-in person from our own pages, or whoever has a ticket."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from leadscoring.access.models import ApiKey
from leadscoring.access.principals import Principal
from leadscoring.access.rules import rule_for
from leadscoring.access.tickets import ticket_redeem

SCHEMES = {"ws": "http", "wss": "https"}
WATCH = rule_for("events", "GET")


@dataclass(frozen=True, slots=True)
class Admission:
    """Whom a socket was opened for (`Principal.id`), and by which session, if by one."""

    principal: str
    session: str = ""


class Refused(Exception):
    """The socket is closed with this code; `reason` is for the client's developer."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


NOT_AUTHENTICATED = 4401
FORBIDDEN = 4403


class _Origin(CsrfViewMiddleware):
    """Django's own comparison of a whole origin, trusted ones included."""

    def is_ours(self, request: HttpRequest) -> bool:
        verified: bool = self._origin_verified(request)  # type: ignore[attr-defined]  # not in stubs
        return verified


def handshake(scope: dict[str, Any]) -> HttpRequest:
    """A socket's opening request, as Django's other parts know requests."""
    http = {**scope, "type": "http", "method": "GET", "scheme": SCHEMES[scope["scheme"]]}
    return ASGIRequest(http, BytesIO())


def admit(request: HttpRequest) -> Admission:
    """Let in whoever may read events. Raises Refused."""
    if settings.HTTPS and not request.is_secure():
        raise Refused(FORBIDDEN, "Connect with wss://.")
    ticket = request.GET.get("ticket")
    admission = _by_session(request) if ticket is None else _by_ticket(ticket)
    if not still_admitted({admission}):
        raise Refused(FORBIDDEN, "Your permissions or scopes do not allow this.")
    return admission


def _by_ticket(ticket: str) -> Admission:
    """A ticket is enough, from wherever it comes: no browser adds it by itself."""
    principal = ticket_redeem(text=ticket)
    if principal is None:
        raise Refused(NOT_AUTHENTICATED, "The ticket is not valid, or not any more.")
    return Admission(principal)


def _by_session(request: HttpRequest) -> Admission:
    """A cookie comes along from any page, so the page has to be one of ours."""
    try:
        ours = "Origin" in request.headers and _Origin(_nothing).is_ours(request)
    except DisallowedHost:
        ours = False
    if not ours:
        raise Refused(FORBIDDEN, "Log in and connect from a page of this server, or by a ticket.")
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    session = Session.objects.filter(session_key=key, expire_date__gt=timezone.now()).first()
    owner = None if session is None else _owner(session.session_data)
    if owner is None:
        raise Refused(NOT_AUTHENTICATED, "You are not logged in.")
    return Admission(f"user:{owner[0]}", key)


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def still_admitted(admissions: Collection[Admission]) -> set[Admission]:
    """Those of them who may read events at this moment, asked in few queries for many."""
    kinds: dict[str, set[str]] = {"user": set(), "key": set()}
    for each in admissions:
        kind, _, name = each.principal.partition(":")
        kinds[kind].add(name)
    users = {
        f"user:{user.pk}": user
        for user in User.objects.filter(pk__in=kinds["user"], is_active=True)
    }
    keys = ApiKey.objects.filter(prefix__in=kinds["key"], revoked=False)
    callers = [Principal.of_user(user) for user in users.values()]
    callers += [Principal.of_key(key) for key in keys if not key.has_expired]
    may = {caller.id for caller in callers if WATCH is not None and caller.may(WATCH)}
    names = {each.session for each in admissions if each.session}
    live = Session.objects.filter(session_key__in=names, expire_date__gt=timezone.now())
    sessions = dict(live.values_list("session_key", "session_data"))
    return {
        each
        for each in admissions
        if each.principal in may
        and (not each.session or _is_of(sessions.get(each.session), users[each.principal]))
    }


def _is_of(session: str | None, user: User) -> bool:
    """Whether this person is logged in by it: a changed password ends other sessions."""
    owner = None if session is None else _owner(session)
    return (
        owner is not None
        and owner[0] == str(user.pk)
        and constant_time_compare(owner[1], user.get_session_auth_hash())
    )


@lru_cache(maxsize=4_096)
def _owner(session_data: str) -> tuple[str, str] | None:
    """Whose session it is, and what proves it; None for somebody not logged in."""
    data = SessionStore().decode(session_data)
    if SESSION_KEY not in data or BACKEND_SESSION_KEY not in data:
        return None
    return str(data[SESSION_KEY]), data.get(HASH_SESSION_KEY, "")
