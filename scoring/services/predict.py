"""Score leads as a request describes them, and keep what was said of whom, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
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
from scoring.ml.serving.runtime import Scorer
from scoring.models import ModelVersion, scores_of
from scoring.services.explain import reasons_of
from scoring.services.outlook import Outlooks, leads_outlook
from scoring.services.prediction_log import PredictionLog, predictions_log

# The wire name of "whatever is best": the champion.
AUTO = "auto"
# Leads that are cleaned and scored together: while the next ones are, the database stores these.
TOGETHER = 400
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Predicted:
    """`probabilities`: of winning within the version's window, and `scores`: the same as 0 to 100,
    in the order of the leads.

    `reasons`: in the same order, if they were asked for; else empty.

    `outlooks`: the parts that were asked for; None if none were.
    """

    version: ModelVersion
    probabilities: list[float] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)
    reasons: list[Reasons] = field(default_factory=list)
    outlooks: Outlooks | None = None

    def add(self, probabilities: Array, scores: Array, reasons: Sequence[Reasons]) -> None:
        """The next leads."""
        self.probabilities.extend(probabilities.tolist())
        self.scores.extend(scores.tolist())
        self.reasons.extend(reasons)


@contextmanager
def leads_predict(
    *,
    leads: LeadColumns,
    model_type: str,
    store: bool,
    actor: Actor,
    explain: bool = False,
    parts: Collection[str] = (),
) -> Iterator[Predicted]:
    """Score leads from their given fields alone; what is stored of them does not matter.

    `parts`, of `outlook.PARTS`, are told beside the probabilities.

    With `store`, each prediction is kept with what it saw, and leads nobody knew are created. That
    is done when the block ends: until then the database has time to do its part.

    Raises:
        InvalidLead: with all errors by path ("leads.3.budget").
        NoTrainedModel, ModelUnavailable: no version can answer for `model_type`.
    """
    loaded = registry.serving(None if model_type == AUTO else model_type)
    day = today()
    predicted = Predicted(loaded.version)
    features: list[LeadFeatures] = []
    open_log = partial(
        predictions_log, external_ids=leads.external_ids, version=loaded.version, day=day
    )
    with open_log() if store else nullcontext() as log:
        for some in _cleaned(leads):
            found, reasons = _score(loaded.scorer, some, day, explain=explain)
            scores = scores_of(found)
            if log:
                log.add(some, found, scores)
            predicted.add(found, scores, reasons)
            features += some
        if parts:
            outlooks = leads_outlook(
                scorer=loaded.scorer,
                leads=features,
                day=day,
                probabilities=predicted.probabilities,
                parts=parts,
            )
            yield replace(predicted, outlooks=outlooks)
        else:
            yield predicted
    if log and not log.complete:
        in_transaction(partial(_mention_and_log, leads, actor, open_log, features, predicted))


def _cleaned(leads: LeadColumns) -> Iterator[list[LeadFeatures]]:
    """Their features, so many at a time. Raises InvalidLead with all that is wrong with any."""
    for start in range(0, len(leads), TOGETHER):
        try:
            features = clean_features(leads.part(start, start + TOGETHER), "leads.{}".format)
        except InvalidLead:
            # The other parts may have errors too.
            clean_features(leads, "leads.{}".format)
            raise
        yield features


def _score(
    scorer: Scorer, features: Sequence[LeadFeatures], day: date, *, explain: bool
) -> tuple[Array, Sequence[Reasons]]:
    """Probabilities (n,), and the reasons if they are asked for."""
    if not explain:
        return scorer.probabilities(features, [day] * len(features)), ()
    reasons = reasons_of(scorer, features, day)
    return np.array([each.probability for each in reasons]), reasons


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


def _mention_and_log(
    leads: LeadColumns,
    actor: Actor,
    open_log: Callable[[], AbstractContextManager[PredictionLog]],
    features: Sequence[LeadFeatures],
    predicted: Predicted,
) -> None:
    leads_mention(leads=leads.leads(), actor=actor)
    with open_log() as log:
        log.add(features, np.array(predicted.probabilities), np.array(predicted.scores))
    if not log.complete:
        raise IntegrityError("A lead was erased meanwhile.")
