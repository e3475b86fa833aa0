"""Bring scores up to what is known now: leads that changed, then all of them for a new champion."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Q

from crm.days import today
from crm.models import Lead, LeadQuerySet
from scoring import registry
from scoring.models import Rescoring
from scoring.models.settled import settled_through
from scoring.registry import LoadedVersion
from scoring.services.rescore_tell import few_store
from scoring.services.score_store import Row, chunk_store, rows_of, scores_of

# More leads than this that change at once are told of together.
TOLD_ONE_BY_ONE = 50
# Seconds to wait for transactions that change leads, before their changes are left for next time.
SETTLED_WITHIN = 0.1


def leads_rescore_stale(*, limit: int) -> int:
    """Rescore at most `limit` open leads whose score is behind; how many. Call it every second.

    First those that changed, found by reading the leads' history from where the last call
    stopped; a few of them are told of one by one, each with its receipt. If there are none, the
    next ones that the champion has not scored yet. Several workers may call it: one goes on at a
    time. Without work it only reads.

    Raises ModelUnavailable.
    """
    loaded = registry.champion()
    state = Rescoring.objects.order_by("pk").first() or _begin()
    found = _changed(state, loaded, limit) or _behind(state, loaded, limit)
    if found is None:
        return 0
    holder = state.take()
    if holder is None:
        return 0
    try:
        _store(found, loaded)
        state.after_change, state.after_lead = found.after_change, found.after_lead
        state.version = loaded.version
    finally:
        state.give_back(holder)
    return len(found.rows)


@dataclass(frozen=True)
class _Found:
    """Leads to score, and where to go on once that is done."""

    rows: list[Row]
    after_change: int
    after_lead: int | None
    one_by_one: bool = False


def _begin() -> Rescoring:
    """From now on; what has changed before is found by going through all leads once."""
    last = settled_through(Lead.history.model, using=DEFAULT_DB_ALIAS, wait=SETTLED_WITHIN)
    return Rescoring.objects.get_or_create(pk=1, defaults={"after_change": last or 0})[0]


def _changed(state: Rescoring, loaded: LoadedVersion, limit: int) -> _Found | None:
    """The next changes of leads; None if there are none.

    What is read beyond a transaction that still runs is scored now and read again later.
    """
    unread = Lead.history.filter(history_id__gt=state.after_change).order_by("history_id")
    if not unread.exists():
        return None
    settled = settled_through(Lead.history.model, using=DEFAULT_DB_ALIAS, wait=SETTLED_WITHIN)
    changes = list(unread.values_list("history_id", "id")[:limit])
    rows = rows_of(_stale(loaded).filter(pk__in={lead for _, lead in changes}), limit)
    read = changes[-1][0] if changes else state.after_change
    after = state.after_change if settled is None else min(read, settled)
    if not rows and after == state.after_change:
        return None
    same_version = state.version_id == loaded.version.pk
    after_lead = state.after_lead if same_version else 0
    return _Found(rows, after, after_lead, one_by_one=len(rows) <= TOLD_ONE_BY_ONE)


def _behind(state: Rescoring, loaded: LoadedVersion, limit: int) -> _Found | None:
    """The next leads in order of their keys that the champion has not scored; None at the end."""
    after = state.after_lead if state.version_id == loaded.version.pk else 0
    if after is None:
        return None
    rows = rows_of(_stale(loaded).filter(pk__gt=after), limit)
    return _Found(rows, state.after_change, rows[-1][0] if rows else None)


def _stale(loaded: LoadedVersion) -> LeadQuerySet:
    return Lead.objects.open().filter(
        Q(current_score=None)
        | ~Q(current_score__version=loaded.version)
        | Q(current_score__revision__lt=F("revision"))
    )


def _store(found: _Found, loaded: LoadedVersion) -> None:
    if not found.rows:
        return
    scores = scores_of(found.rows, loaded, today())
    if found.one_by_one:
        few_store(scores, found.rows, loaded)
    else:
        chunk_store(scores, found.rows, loaded)
