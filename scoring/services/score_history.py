"""What was said of a lead, and why it changed from one time to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.models import Lead
from scoring import registry
from scoring.dataset import features_of
from scoring.errors import ModelUnavailable
from scoring.ml.explaining.receipt import Receipt, Said, write_receipt
from scoring.ml.schema import LeadFeatures
from scoring.ml.serving.runtime import Scorer
from scoring.models import ModelVersion, Prediction
from scoring.services.units import units


@dataclass(frozen=True, slots=True)
class PastScore:
    """A prediction; `receipt` tells the change from the one before.

    It is None for the first one, and where a model or what it saw is not there any more.
    """

    prediction: Prediction
    receipt: Receipt | None


def score_history(
    *, lead: Lead, limit: int, before: int | None = None
) -> tuple[list[PastScore], int | None]:
    """A lead's predictions, newest first, and where the next page begins (None: nowhere).

    before: only predictions with a lower id.
    """
    rows = lead.predictions.select_related("version").order_by("-pk")
    rows = rows.defer("version__curves", "version__report", "version__metrics")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    # One more than asked for: the last one's receipt needs it, and it tells of another page.
    found = list(rows[: limit + 1])
    said = said_in(found)
    page = [
        PastScore(each, _receipt(said.get(each.pk), said.get(older.pk) if older else None))
        for each, older in zip(found[:limit], [*found[1:], None], strict=False)
    ]
    return page, page[-1].prediction.pk if len(found) > limit else None


def said_in(predictions: Sequence[Prediction]) -> dict[int, Said]:
    """Of each prediction that can be replayed, by its key, who said it of what."""
    ids = [each.history_id for each in predictions if each.history_id is not None]
    states = {row.history_id: row for row in Lead.history.filter(history_id__in=ids)}
    scorers = _scorers({each.version_id: each.version for each in predictions})
    found = {}
    for each in predictions:
        features = None
        if each.features is not None:
            features = LeadFeatures.from_json(each.features)
        elif each.history_id in states:
            features = features_of(states[each.history_id])
        scorer = scorers.get(each.version_id)
        if features is not None and scorer is not None:
            found[each.pk] = Said(scorer, features, each.day)
    return found


def _scorers(versions: Mapping[int, ModelVersion]) -> dict[int, Scorer]:
    scorers = {}
    for pk, version in versions.items():
        try:
            scorers[pk] = registry.load(version).scorer
        except ModelUnavailable:
            continue
    return scorers


def _receipt(now: Said | None, before: Said | None) -> Receipt | None:
    return write_receipt(before, now, units=units()) if now and before else None
