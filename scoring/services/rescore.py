"""Bring the stored scores of all open leads up to the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from crm.days import today
from crm.models import Lead
from scoring import registry
from scoring.models import ModelVersion
from scoring.services.score_store import chunk_store, rows_of, scores_of

CHUNK = 2_000

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

    The champion scores, or the active version of `model_type`. A prediction is kept only of a
    lead whose score or version changed. Works in chunks: what an interrupted run has done stays,
    and it can run again. `progress` gets the number of leads done and of all.

    Raises NoTrainedModel, ModelUnavailable.
    """
    loaded = registry.champion() if model_type is None else registry.active(model_type)
    day = day or today()
    total = Lead.objects.open().count() if progress else 0
    done, changed, last = 0, 0, 0
    while rows := rows_of(Lead.objects.open().filter(pk__gt=last), CHUNK):
        last = rows[-1][0]
        changed += len(chunk_store(scores_of(rows, loaded, day), rows, loaded).changed)
        done += len(rows)
        if progress:
            progress(done, max(done, total))
    return Rescored(version=loaded.version, leads=done, changed=changed)
