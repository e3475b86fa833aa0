"""A stored lead -> what the API says of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import OuterRef, Prefetch, Subquery

from crm.api import wire
from crm.models import Lead, LeadQuerySet, Outcome
from scoring.grades import GradeScale
from scoring.models import LeadScore, ModelVersion, Prediction
from scoring.services.explain import top_reasons


def for_output(*, trend: bool = False) -> LeadQuerySet:
    """All leads, with everything that `lead_output` looks at, in two queries."""
    # Each version once, not beside each of its scores: its columns are long.
    versions = Prefetch("current_score__version", ModelVersion.objects.defer("curves"))
    rows = Lead.objects.select_related("outcome", "owner", "current_score")
    rows = rows.prefetch_related(versions)
    if trend:
        # By the same model: another one's score says nothing of where the lead goes.
        said = Prediction.objects.filter(
            lead=OuterRef("pk"),
            version=OuterRef("current_score__version"),
            source=Prediction.Source.RESCORE,
        )
        rows = rows.annotate(score_before=Subquery(said.order_by("-pk").values("score")[1:2]))
    return rows


def leads_output(leads: Sequence[Lead], *, trend: bool, reason: bool) -> list[wire.Lead]:
    """A page of leads; `trend` needs what `for_output` adds for it."""
    found = [lead_output(lead) for lead in leads]
    if trend:
        for lead, out in zip(leads, found, strict=True):
            before = lead.score_before  # type: ignore[attr-defined]  # the annotation
            out.trend = None if out.score is None or before is None else out.score - before
    if reason:
        for top, out in zip(top_reasons(leads=leads), found, strict=True):
            out.top_reason = wire.TopReason(top.name, top.points, top.text) if top else None
    return found


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
        expected_value=_expected_value(lead, scored),
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


def _expected_value(lead: Lead, scored: LeadScore | None) -> float | None:
    return (
        None if scored is None or lead.budget is None else scored.probability * float(lead.budget)
    )


def _grade(scored: LeadScore) -> wire.Grade | None:
    scale = GradeScale.of_version(scored.version)
    return scale.grade(scored.probability) if scale else None  # type: ignore[return-value]  # one of the four
