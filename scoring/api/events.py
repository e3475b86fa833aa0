"""GET /api/events: what happened, by the cursor that sockets have. POST /api/ws-ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.access.principals import principal
from leadscoring.access.tickets import ticket_create
from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from leadscoring.api.wire import RowNumber
from scoring.api.wire import Page
from scoring.events import events_after, events_latest


class EventsQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """Oldest first; `after` is a `cursor` or the `next` of the page before. Without it: where
    to begin."""

    after: RowNumber | None = None
    limit: Page = 100


class EventEntry(Struct, rename="camel"):
    """Something that happened; what `payload` holds goes by `kind` (docs/live.md)."""

    kind: str
    cursor: str
    payload: dict[str, Any]
    created_at: datetime


class EventsResponse(Struct):
    """`next` is where to go on, at once if there is `more`. `resync`: events are missing, so
    reload what is shown."""

    events: list[EventEntry]
    next: str
    more: bool
    resync: bool


class TicketResponse(Struct, rename="camel"):
    """Good for one connection to `/ws/scores?ticket=…`, soon."""

    ticket: str
    expires_at: datetime


class EventsView(ApiView):
    """The log of events."""

    resource = "events"

    @describe(
        "listEvents",
        "What happened, oldest first",
        query=EventsQuery,
        response=EventsResponse,
    )
    def get(self, request: Request) -> Response:
        query = self.query(request, EventsQuery)
        if query.after is None:
            return Response(EventsResponse([], str(events_latest()), more=False, resync=False))
        page = events_after(query.after, query.limit)
        caller = principal(request).id
        found = [
            EventEntry(each.kind, str(each.position), payload, each.created_at)
            for each in page.events
            if (payload := each.payload_for(caller)) is not None
        ]
        more = len(page.events) == query.limit
        return Response(EventsResponse(found, str(page.cursor), more, page.behind))


class TicketView(ApiView):
    """Tickets for sockets."""

    resource = "ws-ticket"
    tag = "events"

    @describe(
        "createWsTicket",
        "A ticket for one WebSocket, for whoever cannot send a key or cookie with it",
        response=TicketResponse,
        status=[201],
    )
    def post(self, request: Request) -> Response:
        return Response(TicketResponse(*ticket_create(principal=principal(request).id)), 201)
