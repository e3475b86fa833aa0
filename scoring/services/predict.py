"""Score leads as a request describes them, and keep what was said of whom, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

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
TOGETHER = 300
Array = npt.NDArray[Any]


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
    reasons: list[Reasons]
    outlooks: Outlooks | None


class _Part(NamedTuple):
    """Some of the leads, and what each is told (n,)."""

    features: list[LeadFeatures]
    probabilities: Array
    scores: Array
    reasons: Sequence[Reasons]


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
    version, scorer = loaded.version, loaded.scorer
    day = today()
    scored = _scored(scorer, leads, day, explain=explain)
    outlooks = None
    if explain or parts:
        # These take long: so before the log begins, for which others wait until it ends.
        known = list(scored)
        outlooks = _outlooks(scorer, known, day, parts) if parts else None
        scored = iter(known)
    open_log = partial(predictions_log, external_ids=leads.external_ids, version=version, day=day)
    told: list[_Part] = []
    with open_log() if store else nullcontext() as log:
        for part in scored:
            if log:
                log.add(part.features, part.probabilities, part.scores)
            told.append(part)
        yield Predicted(
            version,
            probabilities=[each for part in told for each in part.probabilities.tolist()],
            scores=[each for part in told for each in part.scores.tolist()],
            reasons=[each for part in told for each in part.reasons],
            outlooks=outlooks,
        )
    if log and not log.complete:
        in_transaction(partial(_mention_and_log, leads, actor, open_log, told))


def _scored(scorer: Scorer, leads: LeadColumns, day: date, *, explain: bool) -> Iterator[_Part]:
    """All leads, so many at a time. Raises InvalidLead with all that is wrong with any."""
    wrong: dict[str, str] = {}
    for start in range(0, len(leads), TOGETHER):
        some = leads.part(start, start + TOGETHER)
        features, found = _clean(some, partial(_path, start))
        wrong |= found
        if not wrong:
            yield _score(scorer, features, day, explain=explain)
    _refuse(wrong)


def _path(start: int, number: int) -> str:
    return f"leads.{start + number}"


def _score(scorer: Scorer, features: list[LeadFeatures], day: date, *, explain: bool) -> _Part:
    """With the reasons if they are asked for."""
    reasons: Sequence[Reasons] = ()
    if explain:
        reasons = reasons_of(scorer, features, day)
        probabilities = np.array([each.probability for each in reasons])
    else:
        probabilities = scorer.probabilities(features, [day] * len(features))
    return _Part(features, probabilities, scores_of(probabilities), reasons)


def _outlooks(
    scorer: Scorer, scored: Sequence[_Part], day: date, parts: Collection[str]
) -> Outlooks:
    return leads_outlook(
        scorer=scorer,
        leads=[each for part in scored for each in part.features],
        day=day,
        probabilities=[each for part in scored for each in part.probabilities],
        parts=parts,
    )


def clean_features(leads: LeadColumns, at: Callable[[int], str]) -> list[LeadFeatures]:
    """What a model may know of these leads, cleaned as stored leads are.

    at: tells where in the request the lead with this number is. Raises InvalidLead with all errors
    by path.
    """
    features, wrong = _clean(leads, at)
    _refuse(wrong)
    return features


def _clean(
    leads: LeadColumns, at: Callable[[int], str]
) -> tuple[list[LeadFeatures], dict[str, str]]:
    """The features, and what is wrong by its path."""
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
    return features, wrong


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise InvalidLead("Nothing was scored: some values cannot be.", wrong)


def _mention_and_log(
    leads: LeadColumns,
    actor: Actor,
    open_log: Callable[[], AbstractContextManager[PredictionLog]],
    told: Sequence[_Part],
) -> None:
    leads_mention(leads=leads.leads(), actor=actor)
    with open_log() as log:
        for part in told:
            log.add(part.features, part.probabilities, part.scores)
    if not log.complete:
        raise IntegrityError("A lead was erased meanwhile.")
