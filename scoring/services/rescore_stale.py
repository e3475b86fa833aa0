"""Bring scores up to what is known now: leads that changed, then all of them for a new champion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Model, Q, QuerySet

from crm.days import today
from crm.importing.timeline import IMPORTED
from crm.models import Lead, LeadQuerySet, Outcome
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

    First those that somebody edited, so that they do not wait behind a large file; then those whose
    outcome was withdrawn, then all others that changed. They are found by reading the histories
    from where the last call stopped; a few of them are told of one by one, each with its receipt.
    If there are none, the next ones that the champion has not scored yet. Several workers may call
    it: one goes on at a time. Without work it only reads.

    Raises ModelUnavailable.
    """
    loaded = registry.champion()
    state = Rescoring.objects.order_by("pk").first() or _begin()
    found = _find(state, loaded, limit)
    if not found.moved:
        return 0
    holder = state.take()
    if holder is None:
        return 0
    try:
        _store(found, loaded)
        for name, value in found.moved.items():
            setattr(state, name, value)
        state.version = loaded.version
    finally:
        state.give_back(holder)
    return len(found.rows)


@dataclass(frozen=True)
class _Log:
    """A history whose rows tell that leads may have to be scored again.

    tells: which of its rows. lead: their column with the lead's key. cursor: the field of
    `Rescoring` with the last row that was looked at.
    """

    of: type[Model]
    tells: Q
    lead: str
    cursor: str


_EDITS = _Log(Lead, ~Q(history_change_reason__startswith=IMPORTED), "id", "after_edit")
_CHANGES = _Log(Lead, Q(), "id", "after_change")
# A lead that is open again may have been edited while it was closed, or never scored.
_WITHDRAWALS = _Log(Outcome, Q(history_type="-"), "lead_id", "after_withdrawal")
_LOGS = (_EDITS, _WITHDRAWALS, _CHANGES)


@dataclass(frozen=True)
class _Found:
    """Leads to score, and from where to go on once that is done: fields of `Rescoring`."""

    rows: list[Row]
    moved: Mapping[str, int | None]
    one_by_one: bool = False


def _find(state: Rescoring, loaded: LoadedVersion, limit: int) -> _Found:
    """The next leads to score; what was looked at without finding one is behind us all the same."""
    moved: dict[str, int | None] = {}
    for log in _LOGS:
        rows, after = _told_of(state, loaded, limit, log)
        if after != getattr(state, log.cursor):
            moved[log.cursor] = after
        if rows:
            same_version = state.version_id == loaded.version.pk
            moved["after_lead"] = state.after_lead if same_version else 0
            return _Found(rows, moved, one_by_one=len(rows) <= TOLD_ONE_BY_ONE)
    after_lead = state.after_lead if state.version_id == loaded.version.pk else 0
    if after_lead is None:
        return _Found([], moved)
    rows = rows_of(_stale(loaded).filter(pk__gt=after_lead), limit)
    return _Found(rows, {**moved, "after_lead": rows[-1][0] if rows else None})


def _begin() -> Rescoring:
    """From now on; what has changed before is found by going through all leads once."""
    now = {log.cursor: _settled(log) or 0 for log in _LOGS}
    return Rescoring.objects.get_or_create(pk=1, defaults=now)[0]


def _settled(log: _Log) -> int | None:
    return settled_through(_history(log).model, using=DEFAULT_DB_ALIAS, wait=SETTLED_WITHIN)


def _history(log: _Log) -> QuerySet[Any]:
    rows: QuerySet[Any] = log.of.history.all()  # type: ignore[attr-defined]  # simple_history's
    return rows


def _told_of(
    state: Rescoring, loaded: LoadedVersion, limit: int, log: _Log
) -> tuple[list[Row], int]:
    """The next leads that a history tells of, and the last of its rows that was looked at.

    What is read beyond a transaction that still runs is scored now and read again later.
    """
    before: int = getattr(state, log.cursor)
    unread = _history(log).filter(history_id__gt=before).order_by("history_id")
    if not unread.exists():
        return [], before
    settled = _settled(log)
    told = list(unread.filter(log.tells).values_list("history_id", log.lead)[:limit])
    rows = rows_of(_stale(loaded).filter(pk__in={lead for _, lead in told}), limit)
    if settled is None:
        return rows, before
    # All there was has been looked at, unless the limit cut it off.
    return rows, min(told[-1][0], settled) if len(told) == limit else max(before, settled)


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
