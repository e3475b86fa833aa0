"""Score leads as a request describes them, and keep what was said of whom, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
from django.db import IntegrityError

from crm.days import today
from crm.errors import InvalidLead
from crm.services import Actor, LeadColumns, clean_columns, clean_lead, leads_mention
from crm.services.conflicts import in_transaction
from scoring import registry
from scoring.dataset import features_from
from scoring.dataset.features import COLUMNS, features_from_columns
from scoring.ml.encoding.features import MANY_LEADS
from scoring.ml.explaining.reasons import Reasons
from scoring.ml.schema import LeadFeatures
from scoring.models import ModelVersion, scores_of
from scoring.registry import LoadedVersion
from scoring.services.explain import reasons_of
from scoring.services.outlook import Outlooks, leads_outlook
from scoring.services.prediction_log import predictions_log

# The wire name of "whatever is best": the champion.
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Predicted:
    """`probabilities`: of winning within the version's window, and `scores`: the same as 0 to 100,
    in the order of the leads.

    `reasons`: in the same order, if they were asked for; else empty.

    `outlooks`: the parts that were asked for; None if none were.
    """

    version: ModelVersion
    probabilities: list[float]
    scores: list[int]
    reasons: Sequence[Reasons] = ()
    outlooks: Outlooks | None = None


def leads_predict(
    *,
    leads: LeadColumns,
    model_type: str,
    store: bool,
    actor: Actor,
    explain: bool = False,
    parts: Collection[str] = (),
) -> Predicted:
    """Score leads from their given fields alone; what is stored of them does not matter.

    `parts`, of `outlook.PARTS`, are told beside the probabilities.

    With `store`, each prediction is kept with what it saw, and leads nobody knew are created.

    Raises:
        InvalidLead: with all errors by path ("leads.3.budget").
        NoTrainedModel, ModelUnavailable: no version can answer for `model_type`.
    """
    features = clean_features(leads, "leads.{}".format)
    loaded = registry.serving(None if model_type == AUTO else model_type)
    day = today()
    predicted = _predict(loaded, features, day, explain=explain)
    if store:
        _keep(leads, features, predicted, day, actor)
    if parts:
        outlooks = leads_outlook(
            scorer=loaded.scorer,
            leads=features,
            day=day,
            probabilities=predicted.probabilities,
            parts=parts,
        )
        return replace(predicted, outlooks=outlooks)
    return predicted


def _predict(
    loaded: LoadedVersion, features: Sequence[LeadFeatures], day: date, *, explain: bool
) -> Predicted:
    reasons = reasons_of(loaded.scorer, features, day) if explain else ()
    found = (
        np.array([each.probability for each in reasons])
        if explain
        else loaded.scorer.probabilities(features, [day] * len(features))
    )
    return Predicted(loaded.version, found.tolist(), scores_of(found).tolist(), reasons)


def clean_features(leads: LeadColumns, at: Callable[[int], str]) -> list[LeadFeatures]:
    """What a model may know of these leads, cleaned as stored leads are.

    at: tells where in the request the lead with this number is. Raises InvalidLead with all errors
    by path.
    """
    if len(leads) >= MANY_LEADS:
        cleaned = clean_columns(leads)
        features = features_from_columns(cleaned.columns)
        errors = cleaned.errors
    else:
        each = [clean_lead(lead) for lead in leads.leads()]
        features = [features_from(*map(values.get, COLUMNS)) for values, _ in each]
        errors = {number: found for number, (_, found) in enumerate(each) if found}
    wrong = {
        f"{at(number)}.{name}": message
        for number, found in errors.items()
        for name, message in found.items()
    }
    if wrong:
        raise InvalidLead("Nothing was scored: some values cannot be.", wrong)
    return features


def _keep(
    leads: LeadColumns,
    features: Sequence[LeadFeatures],
    predicted: Predicted,
    day: date,
    actor: Actor,
) -> None:
    log = partial(
        predictions_log,
        external_ids=leads.external_ids,
        probabilities=predicted.probabilities,
        scores=predicted.scores,
        features=features,
        version=predicted.version,
        day=day,
    )

    def mention_and_log() -> None:
        leads_mention(leads=leads.leads(), actor=actor)
        if not log():
            raise IntegrityError("A lead was erased meanwhile.")

    # Nearly always all leads are known.
    if not log():
        in_transaction(mention_and_log)
