"""Why leads have their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from crm.days import today
from crm.errors import LeadNotFound
from crm.models import Lead
from scoring import registry
from scoring.dataset import features_of
from scoring.ml.explaining.reasons import MOST_REASONS, Reasons, find_reasons
from scoring.ml.schema import LeadFeatures
from scoring.ml.serving.runtime import Scorer
from scoring.models import ModelVersion


@dataclass(frozen=True, slots=True)
class LeadExplained:
    """A stored lead's reasons, all of them, by the version that gave them on that day."""

    version: ModelVersion
    day: date
    reasons: Reasons


def lead_explain(*, external_id: str, model_type: str | None = None) -> LeadExplained:
    """Why a stored lead has the score that it has today, by the champion or a type's version.

    Raises LeadNotFound, NoTrainedModel, ModelUnavailable.
    """
    lead = Lead.objects.filter(external_id=external_id).first()
    if lead is None:
        raise LeadNotFound("There is no lead with this id.")
    loaded = registry.champion() if model_type is None else registry.active(model_type)
    day = today()
    (reasons,) = reasons_of(loaded.scorer, [features_of(lead)], day, most=None)
    return LeadExplained(loaded.version, day, reasons)


def reasons_of(
    scorer: Scorer, leads: Sequence[LeadFeatures], day: date, *, most: int | None = MOST_REASONS
) -> list[Reasons]:
    """The reasons of leads on a day, money in the installation's currency."""
    return find_reasons(scorer, leads, [day] * len(leads), most=most, units=units())


def units() -> Mapping[str, str]:
    """What the numbers of a frame column are counted in."""
    return {"budget": settings.CURRENCY}
