"""A stored lead -> what the API says of it."""

from __future__ import annotations

from crm.api import wire
from crm.models import Lead, LeadQuerySet, Outcome
from scoring.grades import GradeScale
from scoring.models import LeadScore


def for_output() -> LeadQuerySet:
    """All leads, with everything that `lead_output` looks at, in one query."""
    return Lead.objects.select_related("outcome", "owner", "current_score__version").defer(
        "current_score__version__curves", "current_score__version__report"
    )


def lead_output(lead: Lead) -> wire.Lead:
    outcome: Outcome | None = getattr(lead, "outcome", None)
    scored = getattr(lead, "current_score", None)
    return wire.Lead(
        id=lead.external_id,
        name=lead.name or None,
        company=lead.company or None,
        industry=lead.industry or None,
        size=lead.size or None,
        email=lead.email or None,
        position=lead.position or None,
        last_contact=lead.last_contact,
        budget=None if lead.budget is None else float(lead.budget),
        previous_purchases=lead.previous_purchases,
        interactions=lead.interactions,
        attributes=lead.attributes,
        owner=lead.owner.get_username() if lead.owner else None,
        seen_on=lead.seen_on,
        status=outcome.result if outcome else "open",  # type: ignore[arg-type]  # a constraint holds it
        outcome=_outcome_output(outcome) if outcome else None,
        source=lead.source,  # type: ignore[arg-type]  # one of its choices
        score=scored and scored.score,
        grade=_grade(scored) if scored else None,
        conversion_probability=scored and scored.probability,
        model_version=scored and scored.version.number,
        scored_on=scored and scored.day,
        revision=lead.revision,
        created_at=lead.created_at,
        updated_at=lead.updated_at,
    )


def _outcome_output(outcome: Outcome) -> wire.LeadOutcome:
    return wire.LeadOutcome(
        result=outcome.result,  # type: ignore[arg-type]  # a constraint holds it
        occurred_on=outcome.occurred_on,
        value=None if outcome.value is None else float(outcome.value),
        recorded_at=outcome.recorded_at,
    )


def _grade(scored: LeadScore) -> wire.Grade | None:
    scale = GradeScale.of_version(scored.version)
    return scale.grade(scored.probability) if scale else None  # type: ignore[return-value]  # one of the four
