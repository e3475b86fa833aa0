"""What came of correcting the scorecard, in words for a sales manager, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadscoring.plurals import count_of
from scoring.services.corrected_card import CardRetrained
from scoring.services.promote import SCORES_FOLLOW
from scoring.services.report import interval_text
from scoring.services.retrained import young_rows_text

# With fewer, it may well be chance.
FEW_LEADS = 20
FIGURES = (
    ("Log loss", "logLoss"),
    ("Better than base by", "logLossGain"),
    ("ROC AUC", "rocAuc"),
)


def card_report_text(report: CardRetrained) -> str:
    """The report as lines of text, at most about 100 characters wide."""
    parts = (
        ("Too few outcomes for a model", [report.why]),
        ("What it learned from", list(_rows(report))),
        ("How good it is", list(_figures(report))),
        ("Decision", list(_decision(report))),
    )
    lines = []
    for title, body in parts:
        lines += [title, *(f"  {line}" for line in body), ""]
    return "\n".join(lines)


def card_report_json(report: CardRetrained) -> dict[str, Any]:
    """The report as JSON; the version's own page holds more."""
    version = report.version
    return {
        "why": report.why,
        "windowDays": report.window_days,
        "rowCounts": version.row_counts,
        "warnings": [text] if (text := one_sided_text(version.row_counts)) else [],
        **version.report,
        "promoted": report.promoted and version.number,
        "versions": [
            {
                "number": version.number,
                "modelType": version.model_type,
                "active": version.is_active,
                "recipe": version.recipe,
                "metrics": version.metrics,
                "featureImportance": version.feature_importance,
            }
        ],
    }


def _rows(report: CardRetrained) -> Iterator[str]:
    counts = report.version.row_counts
    yield (
        f"{counts['leadsUsed']:,} of {count_of(counts['leads'], 'lead')}, {counts['won']:,} of "
        "them won "
        f"within {report.window_days} days."
    )
    yield report.learned.text
    if warning := one_sided_text(counts):
        yield warning
    if waiting := young_rows_text(counts, report.window_days):
        yield waiting


def one_sided_text(counts: Mapping[str, int]) -> str:
    """A warning where all leads came out alike; "" where they did not, or are few."""
    used, won = counts["leadsUsed"], counts["won"]
    if used < FEW_LEADS or 0 < won < used:
        return ""
    alike, others, level = ("won", "lost and open", "high") if won else ("not won", "won", "low")
    return (
        f"All of them were {alike}. If there are {others} ones too, bring them in: without them "
        f"each score is too {level}."
    )


def _figures(report: CardRetrained) -> Iterator[str]:
    metrics = report.version.metrics
    for title, name in FIGURES:
        if name in metrics:
            yield f"{title:<20} {interval_text(metrics[name])}"
    yield str(report.version.report["split"]["reason"])


def _decision(report: CardRetrained) -> Iterator[str]:
    if report.promoted is None:
        yield f"Version {report.version} was made and not promoted, as you asked."
        return
    previous = report.promoted.previous
    instead = f", in place of version {previous}" if previous else ""
    yield f"Version {report.version} answers for `auto` from now on{instead}."
    yield SCORES_FOLLOW
