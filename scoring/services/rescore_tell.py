"""Store a few new scores and tell of each: how it was, how it is, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from scoring.dataset import features_from
from scoring.events import event_write
from scoring.grades import GradeScale
from scoring.ml.explaining.receipt import Receipt, Said, write_receipt
from scoring.models import LeadScore, ModelVersion, Prediction
from scoring.registry import LoadedVersion
from scoring.services.score_history import said_in
from scoring.services.score_store import Before, Row, scores_store
from scoring.services.units import units

Scales = Mapping[int, GradeScale | None]


def few_store(scores: Sequence[LeadScore], rows: Sequence[Row], loaded: LoadedVersion) -> None:
    """`scores_store`, with an event for each lead in the same transaction."""
    # Receipts come first: they take milliseconds each, in which no lead should be locked.
    last = _last_said(score.lead_id for score in scores)
    receipts = _receipts(last, scores, rows, loaded)
    with transaction.atomic():
        stored = scores_store(scores, rows)
        scales = _scales({before.version for before in stored.before.values()}, loaded)
        changed = {score.lead_id for score in stored.changed}
        for score in stored.scores:
            lead = score.lead_id
            before = stored.before.get(lead)
            payload = _payload(score, before, scales)
            if lead in changed and lead in receipts and _is_of(last[lead], before):
                payload["receipt"] = receipts[lead].to_json()
            event_write(
                kind="score.updated",
                lead=lead,
                payload={"id": stored.external_ids[lead], **payload},
            )


def _last_said(leads: Iterable[int]) -> dict[int, Prediction]:
    """What was last said of each lead from its stored state."""
    said = Prediction.objects.filter(lead__in=list(leads), source=Prediction.Source.RESCORE)
    keys = said.order_by().values("lead").annotate(last=Max("pk")).values("last")
    found = Prediction.objects.filter(pk__in=keys).select_related("version")
    found = found.defer("version__curves", "version__report")
    return {each.lead_id: each for each in found if each.lead_id is not None}


def _receipts(
    last: Mapping[int, Prediction],
    scores: Sequence[LeadScore],
    rows: Sequence[Row],
    loaded: LoadedVersion,
) -> dict[int, Receipt]:
    """Of each lead that something replayable was said of, why it is now otherwise."""
    said = said_in(list(last.values()))
    receipts = {}
    for score, (lead, _, _, *columns) in zip(scores, rows, strict=True):
        before = said.get(last[lead].pk) if lead in last else None
        if before is not None:
            now = Said(loaded.scorer, features_from(*columns), score.day)
            receipts[lead] = write_receipt(before, now, units=units())
    return receipts


def _is_of(said: Prediction, before: Before | None) -> bool:
    """Whether this is the prediction that the lead's score so far came from."""
    return before is not None and (said.version_id, said.score) == (before.version, before.score)


def _scales(versions: set[int], loaded: LoadedVersion) -> Scales:
    others = ModelVersion.objects.filter(pk__in=versions).only("metrics")
    return {each.pk: GradeScale.of_version(each) for each in (*others, loaded.version)}


def _payload(score: LeadScore, before: Before | None, scales: Scales) -> dict[str, Any]:
    return {
        "score": score.score,
        "previousScore": before and before.score,
        "grade": _grade(scales, score.version_id, score.probability),
        "previousGrade": before and _grade(scales, before.version, before.probability),
        "conversionProbability": score.probability,
        "modelVersion": score.version.number,
        "receipt": None,
    }


def _grade(scales: Scales, version: int, probability: float) -> str | None:
    scale = scales[version]
    return scale.grade(probability) if scale else None
