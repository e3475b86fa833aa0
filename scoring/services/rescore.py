"""Bring the stored scores of all open leads up to the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import close_old_connections, connection
from django.db.models import Max

from crm.days import today
from crm.models import Lead
from scoring import registry
from scoring.cluster.connection import is_set as cluster_is_set
from scoring.cluster.spread import results_of
from scoring.locks import range_lock
from scoring.models import ModelVersion
from scoring.registry import LoadedVersion
from scoring.services.score_store import chunk_store, rows_of, scores_of

# Leads at a time: as objects, and by column.
CHUNK = 2_000
COPY_CHUNK = 50_000
# Keys that a worker of the cluster is sent at a time: seconds of work.
RANGE_KEYS = 50_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Rescored:
    """How many open leads have a score of this version and day; how many of them a new one."""

    version: ModelVersion
    leads: int
    changed: int


def leads_rescore(
    *,
    model_type: str | None = None,
    day: date | None = None,
    progress: Progress | None = None,
) -> Rescored:
    """Score every open lead from its stored state, dates measured from `day` (None: today).

    The champion scores, or the active version of `model_type`; the new one goes on if another is
    promoted meanwhile. A prediction is kept only of a lead whose score or
    version changed. Works in chunks: what an interrupted run has done stays, and it can run
    again. `progress` gets the number of leads done and of all.

    Where SCORING_CLUSTER is set its workers do it, by ranges of keys. Of a range that a worker
    was lost with, `changed` counts what the next one found still to change.

    Raises NoTrainedModel, ModelUnavailable, ClusterUnavailable.
    """
    total = Lead.objects.open().count() if progress else 0
    last = Lead.objects.aggregate(last=Max("pk"))["last"] or 0

    def tell(done: int) -> None:
        if progress:
            progress(done, max(done, total))

    if cluster_is_set():
        return _rescore_on_cluster(model_type, last, day or today(), tell)
    return _rescore(model_type, 0, last, day or today(), tell)


def leads_rescore_range(
    *,
    first: int,
    last: int,
    model_type: str | None = None,
    day: date,
    progress: Callable[[int], None] | None = None,
) -> Rescored:
    """`leads_rescore` for the open leads with keys from `first` to `last`, in this process.

    Any process may do any range, again too: a lead has one score, and a prediction is kept only
    of one that changed. `progress` gets the number of leads done.
    Raises NoTrainedModel, ModelUnavailable.
    """
    return _rescore(model_type, first - 1, last, day, progress or (lambda done: None))


def _rescore_on_cluster(
    model_type: str | None, last: int, day: date, tell: Callable[[int], None]
) -> Rescored:
    """The workers load the model; here it is only known by name."""
    done, changed = 0, 0
    version = registry.answering(model_type)
    starts = range(1, last + 1, RANGE_KEYS)
    calls = [(first, min(first + RANGE_KEYS - 1, last), model_type, day) for first in starts]
    for leads, new in results_of(range_on_worker, calls) if calls else ():
        done += leads
        changed += new
        tell(done)
        version = registry.answering(model_type)
    return Rescored(version=version, leads=done, changed=changed)


def range_on_worker(first: int, last: int, model_type: str | None, day: date) -> tuple[int, int]:
    """What a worker of the cluster does: `leads_rescore_range`; its leads and changed."""
    close_old_connections()
    with range_lock(first):
        found = leads_rescore_range(first=first, last=last, model_type=model_type, day=day)
    return found.leads, found.changed


def _answering(model_type: str | None) -> LoadedVersion:
    return registry.champion() if model_type is None else registry.active(model_type)


def _rescore(
    model_type: str | None,
    after: int,
    last: int,
    day: date,
    tell: Callable[[int], None],
) -> Rescored:
    """Chunk by chunk with the version that answers when the chunk is done.

    The worker walks through all leads after a promotion, once: an older version's scores, written
    where it has been, would stay.
    """
    chunk = _chunk_by_copy if connection.vendor == "postgresql" else _chunk_by_rows
    loaded = _answering(model_type)
    done, changed = 0, 0
    while after < last:
        leads, new, end = chunk(loaded, after, last, day)
        used, loaded = loaded, _answering(model_type)
        if loaded.version != used.version:
            continue
        after = end
        done += leads
        changed += new
        if leads:
            tell(done)
    return Rescored(version=loaded.version, leads=done, changed=changed)


def _chunk_by_rows(loaded: LoadedVersion, after: int, last: int, day: date) -> tuple[int, int, int]:
    """The next leads: how many, how many with a new score, and the key to go on after."""
    rows = rows_of(Lead.objects.open().filter(pk__gt=after, pk__lte=last), CHUNK)
    if not rows:
        return 0, 0, last
    stored = chunk_store(scores_of(rows, loaded, day), rows, loaded)
    return len(rows), len(stored.changed), rows[-1][0]


def _chunk_by_copy(loaded: LoadedVersion, after: int, last: int, day: date) -> tuple[int, int, int]:
    """Likewise."""
    from scoring.services import rescore_copy  # noqa: PLC0415 - needs the extra "postgres"

    scored = rescore_copy.leads_score(loaded, after=after, last=last, limit=COPY_CHUNK, day=day)
    count = len(scored.leads)
    if not count:
        return 0, 0, last
    return count, rescore_copy.scores_write(scored, loaded, day), int(scored.leads[-1])
