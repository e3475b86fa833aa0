"""A stored model version -> what the API says of it."""

from __future__ import annotations

from typing import Any

from scoring.api.wire import (
    Cluster,
    GradeOutcome,
    Importance,
    Interval,
    Learned,
    MeasuredImportance,
    MetricIntervals,
    Metrics,
    ModelDetail,
    ModelSummary,
)
from scoring.caution import caution_of
from scoring.learned import learned_of
from scoring.models import ModelVersion
from scoring.services.grade_table import GradeRow, grade_table

# Name on the wire -> name in a version's metrics.
METRICS = {
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "f1_score": "f1Score",
}


def importance(version: ModelVersion) -> list[Importance]:
    return [Importance(each["name"], each["value"]) for each in version.feature_importance]


def metrics(version: ModelVersion) -> Metrics:
    return Metrics(**{name: _measured(version, key, "value") for name, key in METRICS.items()})


def intervals(version: ModelVersion) -> MetricIntervals:
    return MetricIntervals(
        **{
            name: Interval(_measured(version, key, "low"), _measured(version, key, "high"))
            for name, key in METRICS.items()
        }
    )


def learned(version: ModelVersion) -> Learned:
    """How much of what it says is learned."""
    found = learned_of(version)
    return Learned(found.share, found.leads, found.text)


def clusters(version: ModelVersion, *, in_full: bool) -> list[Cluster]:
    """The segments of the training leads; `in_full` with leads and conversion rate."""
    found = []
    for each in version.segments:
        cluster = Cluster(each["x"], each["y"], each["z"], each["name"])
        if in_full:
            cluster.leads = each["leads"]
            cluster.conversion_rate = each["conversion_rate"]
        found.append(cluster)
    return found


def summary(version: ModelVersion) -> ModelSummary:
    return ModelSummary(**_facts(version))


def detail(version: ModelVersion) -> ModelDetail:
    return ModelDetail(
        **_facts(version),
        learned=learned(version),
        metrics=version.metrics,
        curves=version.curves,
        grades=[_grade(row) for row in grade_table(version)],
        feature_importance=[MeasuredImportance(**each) for each in version.feature_importance],
        cluster_analysis=clusters(version, in_full=True),
        row_counts=version.row_counts,
        recipe=version.recipe,
        report=version.report,
        library_versions=version.library_versions,
    )


def _grade(row: GradeRow) -> GradeOutcome:
    return GradeOutcome(
        grade=row.grade,  # type: ignore[arg-type]  # one of the four
        least_probability=row.least,
        leads=row.leads,
        expected=row.expected,
        observed=row.observed,
        low=row.low,
        high=row.high,
    )


def _facts(version: ModelVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "model_type": version.model_type,
        "champion": version.is_champion,
        "active": version.is_active,
        "created_at": version.created_at,
        "outcome_window_days": version.outcome_window_days,
        "training_from": version.training_from,
        "training_to": version.training_to,
        "promoted_at": version.promoted_at,
        "promotion_reason": version.promotion_reason,
        "caution": caution_of(version),
        "model_metrics": metrics(version),
    }


def _measured(version: ModelVersion, key: str, part: str) -> float | None:
    """A part of a metric; None if it was not measured."""
    value: float | None = (version.metrics.get(key) or {}).get(part)
    return value
