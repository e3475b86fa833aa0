"""What can be said of a stored lead beside its probability, as it is today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm.days import today
from crm.models import Lead
from scoring import registry
from scoring.dataset import features_of
from scoring.services.outlook import LeadOutlook, leads_outlook


@dataclass(frozen=True, slots=True)
class LeadToday:
    """unavailable: parts of `outlook` that cannot be told, with the reason."""

    probability: float
    outlook: LeadOutlook
    unavailable: Mapping[str, str]


def lead_outlook(lead: Lead) -> LeadToday:
    """By the champion. Raises NoTrainedModel, ModelUnavailable."""
    scorer, day, features = registry.champion().scorer, today(), [features_of(lead)]
    (probability,) = scorer.probabilities(features, [day]).tolist()
    found = leads_outlook(scorer=scorer, leads=features, day=day, probabilities=[probability])
    return LeadToday(probability, found.leads[0], found.unavailable)
