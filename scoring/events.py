"""The one path of news: written with what they tell, read in an order that skips nothing.

A row's id says when it was begun, not when it was committed: on PostgreSQL a reader who goes by
the highest id (or transaction id) misses what a slower transaction commits later, or waits for
every long transaction of the server. So each row gets its `position` only after its commit, by
whoever reads first, one reader at a time. On SQLite one transaction writes at a time, so it gets
its position as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from scoring.models import Event

# Any number that no other application uses on the same database.
ADVISORY_KEY = 5_276_309_115
PRUNED_AT_ONCE = 10_000
_POSITIONS = Event.objects.exclude(position=None).values_list("position", flat=True)

_NUMBER = """
UPDATE scoring_event SET position = numbered.position
FROM (
  SELECT id, row_number() OVER (ORDER BY id)
    + (SELECT coalesce(max(position), 0) FROM scoring_event) AS position
  FROM scoring_event WHERE position IS NULL
) AS numbered
WHERE scoring_event.id = numbered.id
"""


@dataclass(frozen=True)
class EventPage:
    """Events in their order. `cursor` is where to go on, after the last of them.

    behind: events after the given cursor have been pruned, or it is none of this database's:
    reload what is shown, then go on from `cursor`, which is the newest there is.
    """

    events: list[Event]
    cursor: int
    behind: bool = False


def event_write(
    *, kind: str, payload: Mapping[str, Any], lead: int | None = None, owner: str = ""
) -> None:
    """Tell those who watch. Call it in the transaction that does what it tells.

    payload: JSON, as clients get it. lead: key of the lead that it is about; when that is erased,
    the payload is emptied. owner: `Principal.id` of the only caller who may know; "" for all who
    may read events.
    """
    event = Event.objects.create(kind=kind, payload=dict(payload), lead_id=lead, owner=owner)
    if connection.vendor != "postgresql":
        newest = _POSITIONS.order_by("-position")[:1]
        Event.objects.filter(pk=event.pk).update(position=Coalesce(Subquery(newest), 0) + 1)


def events_after(cursor: int, limit: int) -> EventPage:
    """At most `limit` committed events after `cursor`: none is ever passed over or told twice."""
    _number()
    events = list(Event.objects.filter(position__gt=cursor).order_by("position")[:limit])
    # Only now: what is pruned between the two questions must not be passed over in silence.
    newest = _newest()
    oldest = _oldest()
    if cursor > newest or cursor < oldest - 1:
        return EventPage([], newest, behind=True)
    return EventPage(events, events[-1].position or cursor if events else cursor)


def events_latest() -> int:
    """The cursor after everything that has been committed."""
    _number()
    return _newest()


def events_prune() -> int:
    """Delete what is older than EVENT_HOURS, oldest first, a bounded number at once; how many.

    The newest stays, however old: positions go on from it.
    """
    until = timezone.now() - timedelta(hours=settings.EVENT_HOURS)
    oldest = Event.objects.filter(position__lt=_newest()).order_by("position")
    rows = oldest.values_list("pk", "created_at")[:PRUNED_AT_ONCE]
    # Only what no younger one precedes: a hole in the middle would be passed over in silence.
    old = [pk for pk, _ in takewhile(lambda row: row[1] < until, rows)]
    return Event.objects.filter(pk__in=old).delete()[0]


def _newest() -> int:
    """The highest position there is, or 0."""
    return _POSITIONS.order_by("-position").first() or 0


def _oldest() -> int:
    """The lowest position there is, or 1."""
    return _POSITIONS.order_by("position").first() or 1


def _number() -> None:
    """Give the committed rows that have no position yet theirs."""
    if connection.vendor != "postgresql" or not Event.objects.filter(position=None).exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_KEY])
        cursor.execute(_NUMBER)
