"""Everything that is known of a model version, for people: with plots, tables and sentences.

All of it was measured when the version was trained; here it is only told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format

from scoring.learned import learned_of
from scoring.models import ModelVersion
from scoring.services.model_report.fairness import groups_section
from scoring.services.model_report.fields import dependence_section, importance_section
from scoring.services.model_report.figure import Section
from scoring.services.model_report.origin import origin_section
from scoring.services.model_report.quality import (
    curves_section,
    decisions_section,
    metrics_section,
)
from scoring.wording import UNKNOWN, number, percent, with_range


@dataclass(frozen=True)
class Highlight:
    """A figure that is read first."""

    title: str
    value: str
    note: str


@dataclass(frozen=True)
class ModelReport:
    """The report of one version, from what matters most to where it came from."""

    version: ModelVersion
    standing: str
    highlights: Sequence[Highlight]
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]


def model_report(version: ModelVersion) -> ModelReport:
    """The report of a stored version."""
    return ModelReport(
        version=version,
        standing=_standing(version),
        highlights=_highlights(version),
        facts=_facts(version),
        sections=[
            metrics_section(version),
            curves_section(version),
            decisions_section(version),
            importance_section(version),
            dependence_section(version),
            groups_section(version),
            origin_section(version),
        ],
    )


def model_report_html(version: ModelVersion) -> str:
    """The report as one HTML page that needs nothing beside itself."""
    language = settings.LANGUAGE_CODE
    context = {"report": model_report(version), "language": language}
    return render_to_string("scoring/report/file.html", context)


def _standing(version: ModelVersion) -> str:
    if version.is_champion:
        return "Champion"
    return "Active" if version.is_active else "Candidate"


def _highlights(version: ModelVersion) -> list[Highlight]:
    metrics = version.metrics
    base, gain = metrics.get("logLossBase"), (metrics.get("logLossGain") or {}).get("value")
    slope, slope_range = with_range(metrics.get("calibrationSlope"), 2)
    auc, auc_range = with_range(metrics.get("rocAuc"))
    lift, lift_range = with_range(metrics.get("liftAt10"), 1)
    better = UNKNOWN if not base or gain is None else percent(gain / base)
    return [
        Highlight("Less error than the base rate", better, "of its log loss; 0 is no use"),
        Highlight("ROC AUC", auc, f"{auc_range}; 0.5 is a coin"),
        Highlight("Lift at 10 %", lift, f"{lift_range}; 1 is random calls"),
        Highlight("Calibration slope", slope, f"{slope_range}; 1 is honest"),
    ]


def _facts(version: ModelVersion) -> list[tuple[str, str]]:
    metrics = version.metrics
    span = UNKNOWN
    if version.training_from and version.training_to:
        span = f"{date_format(version.training_from)} to {date_format(version.training_to)}"
    gate = str(version.report.get("gate", {}).get("reason", UNKNOWN))
    facts = [
        ("Type", version.kind),
        ("Trained", date_format(version.created_at, "DATETIME_FORMAT")),
        ("Learned from", f"{span}, {number(version.row_counts.get('rows'))} rows"),
        (
            "Judged on",
            f"{number(metrics.get('rows'))} rows ({metrics.get('measured_on', UNKNOWN)}), "
            f"{percent(metrics.get('baseRate'))} won",
        ),
        ("Won means", f"within {version.outcome_window_days} days"),
        ("How much is learned", learned_of(version).text),
        ("The gate", gate),
    ]
    if version.promotion_reason not in ("", gate):
        facts.append(("Promoted because", version.promotion_reason))
    return facts
