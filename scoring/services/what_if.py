"""What a model would say of a lead that were otherwise. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from crm.days import today
from crm.services import LeadColumns, LeadData
from scoring import registry
from scoring.errors import NoGrades
from scoring.grades import GradeScale
from scoring.ml.explaining.reasons import Reasons
from scoring.ml.explaining.smallest_change import Plan, find_smallest_changes
from scoring.ml.explaining.wording import folded, label, readable
from scoring.ml.schema import LeadFeatures, value_of
from scoring.ml.serving.runtime import Scorer
from scoring.models import ModelVersion, score_of
from scoring.registry import LoadedVersion
from scoring.services.explain import reasons_of
from scoring.services.predict import AUTO, clean_features
from scoring.services.units import units


@dataclass(frozen=True, slots=True)
class Step:
    """A field to change, as people read it: "Interactions from 8 to 11"."""

    name: str
    before: str
    after: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Steps, the probability that the model expects after them, and whether that is the aim.

    changes: column -> its new value, a date, a number, a text or a truth value.
    """

    steps: tuple[Step, ...]
    changes: dict[str, Any]
    probability: float
    reached: bool


@dataclass(frozen=True, slots=True)
class SmallestChanges:
    """`probability`: of the lead as it is. No proposals: it is there, or nothing helps."""

    version: ModelVersion
    probability: float
    reached: bool
    proposals: list[Proposal]


@dataclass(frozen=True, slots=True)
class Tried:
    """The reasons for the score of a lead as it is, and as it would be."""

    version: ModelVersion
    before: Reasons
    after: Reasons


def smallest_changes_find(
    *, lead: LeadData, model_type: str, score: int | None = None, grade: str | None = None
) -> SmallestChanges:
    """The smallest changes of ACTIONABLE_FIELDS that give a lead this score, or else this grade.

    Raises InvalidLead ("lead.budget"), NoGrades, NoTrainedModel, ModelUnavailable.
    """
    (features,) = clean_features(LeadColumns.of([lead]), ["lead"].__getitem__)
    loaded = _loaded(model_type)
    scorer, day = loaded.scorer, today()
    reaches = _aim(loaded.version, score, grade)
    now = float(scorer.probabilities([features], [day])[0])
    plans = find_smallest_changes(scorer, features, day, settings.ACTIONABLE_FIELDS, reaches)
    proposals = [_proposal(plan, scorer, features, day) for plan in plans]
    return SmallestChanges(loaded.version, now, reaches(now), proposals)


def changes_try(*, lead: LeadData, changed: LeadData, model_type: str) -> Tried:
    """What the model says of a lead, and of the same lead `changed`.

    Raises InvalidLead ("lead.budget", "changes.budget"), NoTrainedModel, ModelUnavailable.
    """
    features = clean_features(LeadColumns.of([lead, changed]), ["lead", "changes"].__getitem__)
    loaded = _loaded(model_type)
    before, after = reasons_of(loaded.scorer, features, today())
    return Tried(loaded.version, before, after)


def _loaded(model_type: str) -> LoadedVersion:
    return registry.champion() if model_type == AUTO else registry.active(model_type)


def _aim(version: ModelVersion, score: int | None, grade: str | None) -> Callable[[float], bool]:
    if score is not None:
        return lambda probability: score_of(probability) >= score
    scale = GradeScale.of_version(version)
    if scale is None or grade is None:
        raise NoGrades(
            f"Model version {version.number} has no grades: its base rate was not measured. "
            "Set GRADE_THRESHOLDS, or aim at a score."
        )
    least = scale.least_for(grade)
    return lambda probability: probability >= least


def _proposal(plan: Plan, scorer: Scorer, lead: LeadFeatures, day: date) -> Proposal:
    fields = {field.column: field for field in scorer.encoder.fields_}
    placeholders = folded(scorer.encoder.placeholders)
    steps = []
    for option in plan.changes:
        field = fields[option.column]
        before, after = (
            readable(value, field, day, placeholders, units())
            for value in (value_of(lead, option.column), option.value)
        )
        text = f"{label(field)} from {before} to {after}"
        steps.append(Step(field.name, before, after, text))
    changes = {option.column: option.value for option in plan.changes}
    return Proposal(tuple(steps), changes, plan.probability, plan.reached)
