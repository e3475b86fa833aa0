"""Why leads have their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.days import today
from crm.errors import LeadNotFound
from crm.models import Lead
from scoring import registry
from scoring.dataset import features_of
from scoring.errors import ModelUnavailable, NoTrainedModel
from scoring.ml.explaining.reasons import MOST_REASONS, Reason, Reasons, find_reasons
from scoring.ml.schema import LeadFeatures
from scoring.ml.serving.runtime import Scorer
from scoring.models import ModelVersion
from scoring.services.outlook import LeadOutlook, leads_outlook
from scoring.services.units import units


@dataclass(frozen=True, slots=True)
class LeadExplained:
    """A stored lead's reasons, all of them, by the version that gave them on that day.

    unavailable: parts of `outlook` that cannot be told, with the reason.
    """

    version: ModelVersion
    day: date
    reasons: Reasons
    outlook: LeadOutlook
    unavailable: Mapping[str, str]


def lead_explain(*, external_id: str, model_type: str | None = None) -> LeadExplained:
    """Why a stored lead has the score that it has today, by the champion or a type's version.

    Raises LeadNotFound, NoTrainedModel, ModelUnavailable.
    """
    lead = Lead.objects.filter(external_id=external_id).first()
    if lead is None:
        raise LeadNotFound("There is no lead with this id.")
    loaded = registry.champion() if model_type is None else registry.active(model_type)
    day = today()
    features = features_of(lead)
    (reasons,) = reasons_of(loaded.scorer, [features], day, most=None)
    found = leads_outlook(
        scorer=loaded.scorer, leads=[features], day=day, probabilities=[reasons.probability]
    )
    return LeadExplained(loaded.version, day, reasons, found.leads[0], found.unavailable)


def top_reasons(*, leads: Sequence[Lead]) -> list[Reason | None]:
    """What moves each lead's current score most.

    None where there is no score, where another version than the champion gave it, and where no
    field counts.
    """
    found: list[Reason | None] = [None] * len(leads)
    try:
        loaded = registry.champion()
    except (NoTrainedModel, ModelUnavailable):
        return found
    scored = [
        (place, lead, lead.current_score.day)
        for place, lead in enumerate(leads)
        if hasattr(lead, "current_score") and lead.current_score.version_id == loaded.version.pk
    ]
    reasons = find_reasons(
        loaded.scorer,
        [features_of(lead) for _, lead, _ in scored],
        [day for *_, day in scored],
        most=1,
        units=units(),
    )
    for (place, *_), each in zip(scored, reasons, strict=True):
        found[place] = each.listed[0] if each.listed else None
    return found


def reasons_of(
    scorer: Scorer, leads: Sequence[LeadFeatures], day: date, *, most: int | None = MOST_REASONS
) -> list[Reasons]:
    """The reasons of leads on a day, money in the installation's currency."""
    return find_reasons(scorer, leads, [day] * len(leads), most=most, units=units())
