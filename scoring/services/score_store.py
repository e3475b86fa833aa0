"""From open leads' rows to stored scores: what every rescoring does to a chunk of them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from crm.models import Lead, LeadQuerySet
from scoring.dataset import COLUMNS, features_from
from scoring.events import event_write
from scoring.ml.frames import to_frame
from scoring.models import LeadScore, Prediction, score_of
from scoring.registry import LoadedVersion

# Of a lead: key, revision, history row, then the columns that features are made of.
Row = tuple[Any, ...]


class Before(NamedTuple):
    """A lead's score until now; `version` is a key."""

    version: int
    score: int
    probability: float


@dataclass(frozen=True)
class Stored:
    """What was stored of a chunk, by keys of leads.

    scores: the new scores, but for leads that were erased or scored from a newer state meanwhile.
    before: the score of each lead that had one.
    """

    scores: list[LeadScore]
    before: dict[int, Before]
    external_ids: dict[int, str]

    @property
    def changed(self) -> list[LeadScore]:
        """Those with another score or version than before."""
        return [score for score in self.scores if self._is_new(score)]

    def _is_new(self, score: LeadScore) -> bool:
        before = self.before.get(score.lead_id)
        return before is None or (before.version, before.score) != (score.version_id, score.score)


def rows_of(leads: LeadQuerySet, limit: int) -> list[Row]:
    """The first `limit` of these leads by key."""
    newest = Lead.history.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    return list(
        leads.order_by("pk")
        .annotate(seen=Subquery(newest.values("history_id")[:1]))
        .values_list("pk", "revision", "seen", *COLUMNS)[:limit]
    )


def scores_of(rows: Sequence[Row], loaded: LoadedVersion, day: date) -> list[LeadScore]:
    """What this version says of these rows on `day`; nothing is stored."""
    features = [features_from(*columns) for _, _, _, *columns in rows]
    probabilities = loaded.scorer.probabilities_of_frame(to_frame(features, [day] * len(rows)))
    now = timezone.now()
    return [
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


def scores_store(scores: Sequence[LeadScore], rows: Sequence[Row]) -> Stored:
    """Make these the leads' scores, with a prediction of each that changed.

    Call it in a transaction: until its end none of the leads can change or be erased.
    """
    saw = {lead: history_id for lead, _, history_id, *_ in rows}
    there = _locked(saw)
    before, revisions = {}, dict.fromkeys(there, 0)
    found = LeadScore.objects.filter(lead__in=there)
    for lead, revision, *score in found.values_list("lead", "revision", *Before._fields):
        before[lead], revisions[lead] = Before(*score), revision
    kept = [each for each in scores if revisions.get(each.lead_id, math.inf) <= each.revision]
    stored = Stored(kept, before, there)
    LeadScore.objects.bulk_create(
        kept,
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
        for score in stored.changed
    )
    return stored


@transaction.atomic
def chunk_store(scores: Sequence[LeadScore], rows: Sequence[Row], loaded: LoadedVersion) -> Stored:
    """`scores_store`, told as one event, if there is anything to tell."""
    stored = scores_store(scores, rows)
    if stored.changed:
        event_write(
            kind="scores.updated",
            payload={
                "leads": len(stored.scores),
                "changed": len(stored.changed),
                "modelVersion": loaded.version.number,
            },
        )
    return stored


def _locked(leads: Collection[int]) -> dict[int, str]:
    """Those that have not been erased meanwhile, with their ids."""
    return dict(
        Lead.objects.select_for_update(no_key=True)
        .filter(pk__in=leads)
        .order_by("external_id")
        .values_list("pk", "external_id")
    )
