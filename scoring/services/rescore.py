"""Bring the stored scores of all open leads up to the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from crm.days import today
from crm.models import Lead
from scoring import registry
from scoring.dataset import COLUMNS, features_from
from scoring.ml.schema import to_frame
from scoring.models import LeadScore, ModelVersion, Prediction, score_of
from scoring.registry import LoadedVersion

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
    while rows := _open_leads(after=last):
        last = rows[-1][0]
        changed += _score(rows, loaded, day)
        done += len(rows)
        if progress:
            progress(done, max(done, total))
    return Rescored(version=loaded.version, leads=done, changed=changed)


def _open_leads(*, after: int) -> list[tuple[Any, ...]]:
    """The next open leads in order of their keys: key, revision, history row, features' columns."""
    newest = Lead.history.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    return list(
        Lead.objects.open()
        .filter(pk__gt=after)
        .order_by("pk")
        .annotate(seen=Subquery(newest.values("history_id")[:1]))
        .values_list("pk", "revision", "seen", *COLUMNS)[:CHUNK]
    )


def _score(rows: list[tuple[Any, ...]], loaded: LoadedVersion, day: date) -> int:
    """Store these leads' scores; the number that changed."""
    features = [features_from(*columns) for _, _, _, *columns in rows]
    probabilities = loaded.scorer.probabilities_of_frame(to_frame(features, [day] * len(rows)))
    now = timezone.now()
    scores = [
        LeadScore(
            lead_id=lead,
            version=loaded.version,
            probability=probability,
            score=score_of(probability),
            revision=revision,
            day=day,
            scored_at=now,
        )
        for (lead, revision, *_), probability in zip(rows, probabilities.tolist(), strict=True)
    ]
    saw = {lead: history_id for lead, _, history_id, *_ in rows}
    return _store(scores, saw)


@transaction.atomic
def _store(scores: list[LeadScore], saw: dict[int, int]) -> int:
    # A lead may have been erased meanwhile; from here on none can be.
    there = set(
        Lead.objects.select_for_update(no_key=True)
        .filter(pk__in=saw)
        .order_by("external_id")
        .values_list("pk", flat=True)
    )
    scores = [score for score in scores if score.lead_id in there]
    before = {
        lead: (version, score)
        for lead, version, score in LeadScore.objects.filter(lead__in=there).values_list(
            "lead", "version", "score"
        )
    }
    changed = [
        score for score in scores if before.get(score.lead_id) != (score.version_id, score.score)
    ]
    LeadScore.objects.bulk_create(
        scores,
        update_conflicts=True,
        unique_fields=["lead"],
        update_fields=["version", "probability", "score", "revision", "day", "scored_at"],
    )
    Prediction.objects.bulk_create(
        Prediction(
            lead_id=score.lead_id,
            version=score.version,
            probability=score.probability,
            score=score.score,
            source=Prediction.Source.RESCORE,
            predicted_at=score.scored_at,
            day=score.day,
            history_id=saw[score.lead_id],
        )
        for score in changed
    )
    return len(changed)
