"""What a retrain found, in words for a sales manager, and as JSON for programs."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from leadscoring.plurals import count_of
from scoring.ml.leaks.leak import Leak
from scoring.ml.model_types import BASE_RATE, BLEND
from scoring.ml.schema import ATTRIBUTE_PREFIX
from scoring.models import ModelVersion
from scoring.services.retrained import RetrainReport, row_counts, young_rows_text

BAR = 30
MOST_FIELDS = 12
WIDTH = 98
# Heading, metric, width, decimal places.
COLUMNS = (
    ("log loss", "logLoss", 21, 3),
    ("better than base by", "logLossGain", 24, 3),
    ("ROC AUC", "rocAuc", 21, 3),
    ("lift at 10 %", "liftAt10", 16, 1),
)


def report_text(report: RetrainReport) -> str:
    """The report as lines of text, at most about 100 characters wide."""
    parts = (
        ("What it learned from", _rows(report)),
        ("How it was judged", _split(report)),
        ("Columns that know too much", _leaks(report)),
        ("How good the models are", _models(report)),
        ("How sure its probabilities are", _certainty(report)),
        ("How long a win takes", _window(report)),
        (f"What matters to version {report.finalist}", _importance(report)),
        ("Take note", _notes(report)),
        ("Decision", _decision(report)),
        ("Next", _next(report)),
    )
    lines = []
    for title, body in parts:
        if found := [f"  {line}" for line in body]:
            lines += [title, *found, ""]
    return "\n".join(lines)


def report_json(report: RetrainReport) -> dict[str, Any]:
    """The report as JSON; the versions' own pages hold more of each."""
    champion = report.champion
    return {
        "today": report.today.isoformat(),
        "windowDays": report.window_days,
        "rowCounts": row_counts(report.dataset),
        **report.finalist.report,
        "finalist": report.finalist.number,
        "promoted": report.promoted and report.promoted.version.number,
        "champion": champion and champion.number,
        "versions": [
            {
                "number": version.number,
                "modelType": version.model_type,
                "active": version.is_active,
                "recipe": version.recipe,
                "metrics": version.metrics,
                "featureImportance": version.feature_importance,
            }
            for version in report.versions
        ],
    }


def _rows(report: RetrainReport) -> Iterator[str]:
    counts = row_counts(report.dataset)
    share = report.result.base_rate
    yield (
        f"{counts['leadsUsed']:,} of {count_of(counts['leads'], 'lead')}, as "
        f"{count_of(counts['rows'], 'row')}: a row "
        "is a lead as it was on a day."
    )
    yield (
        f"{counts['won']:,} of these leads were won within {report.window_days} days of such a "
        f"day. Base rate: {share:.1%} of the rows."
    )
    for reason, leads in sorted(counts["leftOut"].items(), key=lambda each: -each[1]):
        yield f"Left out: {count_of(leads, 'lead')}, {reason}."
    if waiting := young_rows_text(counts, report.window_days):
        yield waiting


def _split(report: RetrainReport) -> Iterator[str]:
    split = report.result.split
    yield split.reason
    rows = split.rows
    yield (
        f"The final figures are from {rows['newest']:,} rows that were not looked at before; "
        f"{rows['older']:,} others taught."
    )


def _leaks(report: RetrainReport) -> Iterator[str]:
    for leak in report.result.leaks:
        if leak.quarantined:
            flag = shlex.quote(_typed(leak))
            yield f"LEFT OUT: {leak.name} ({_typed(leak)}). It {leak.reason}."
            yield f"  To use it all the same: manage.py retrain --keep {flag}"
        else:
            yield f"Kept: {leak.name} ({_typed(leak)}). It {leak.reason}."


def _typed(leak: Leak) -> str:
    """The column as one types it after --keep or --drop."""
    return leak.column.removeprefix(ATTRIBUTE_PREFIX)


def _models(report: RetrainReport) -> Iterator[str]:
    """All of them on the rows they are compared by; then the best on those that it alone sees."""
    yield _header("on the backtest's rows")
    for version in report.versions:
        if figures := version.report.get("backtest"):
            yield _figures(version, figures)
        elif "measured_on" not in version.metrics:
            yield f"{version!s:<25}{'no figures: too few outcomes to judge it by':>45}"
    best = report.finalist
    metrics = best.metrics
    yield _header(f"on the {metrics['measured_on']}")
    yield _figures(best, metrics)
    yield (
        "There, always naming the share won so far has a log loss of "
        f"{metrics['logLossBase']:.3f}; {metrics['baseRate']:.1%} were won."
    )
    yield "In brackets: the range in which the figure lies with 95 % certainty."
    yield f"Compare types by the backtest: only the best, {best}, saw the rows below it."
    if best.model_type == BLEND:
        yield f"Version {best.number} is a {best.kind}."


def _header(rows: str) -> str:
    return f"{rows:<25}" + "".join(f"{head:>{width}}" for head, _, width, _ in COLUMNS)


def _figures(version: ModelVersion, metrics: Mapping[str, Any]) -> str:
    return f"{version!s:<25}" + "".join(
        f"{interval_text(metrics[name], places):>{width}}" for _, name, width, places in COLUMNS
    )


def interval_text(interval: Mapping[str, float | None], places: int = 3) -> str:
    """A metric with its range, e.g. "0.742 (0.713–0.770)"; a dash where it is undefined."""
    if interval["value"] is None:
        return "–"
    value, low, high = (f"{interval[name]:.{places}f}" for name in ("value", "low", "high"))
    return f"{value} ({low}–{high})"


def _importance(report: RetrainReport) -> Iterator[str]:
    fields = report.finalist.feature_importance
    longest = max((each["value"] for each in fields), default=0) or 1
    for each in fields[:MOST_FIELDS]:
        bar = "█" * round(BAR * each["value"] / longest)
        yield f"{each['name'][:30]:<30} {bar:<{BAR}} {each['value']:.0%}"
    rest = fields[MOST_FIELDS:]
    if rest:
        share = sum(each["value"] for each in rest)
        yield f"{count_of(len(rest), 'more field')}: {share:.0%} in all"
    yield from _unused(report)


def _unused(report: RetrainReport) -> Iterator[str]:
    """Columns that taught nothing, together by reason; those that know too much are told above."""
    told = {leak.column for leak in report.result.leaks if leak.quarantined}
    by_reason: dict[str, list[str]] = {}
    for column, reason in report.result.dropped.items():
        if column not in told:
            by_reason.setdefault(reason, []).append(column.removeprefix(ATTRIBUTE_PREFIX))
    for reason, columns in by_reason.items():
        yield f"Not used ({reason}): {', '.join(columns)}"


def _certainty(report: RetrainReport) -> Iterator[str]:
    outlook = report.finalist.report.get("outlook", {})
    interval = outlook.get("interval")
    if interval is not None and interval["bins"]:
        bins = interval["bins"]
        held = sum(each["holds"] for each in bins)
        yield (
            f"The true probability should lie within the stated range for {interval['level']:.0%} "
            "of leads;"
        )
        yield f"  the range is {100 * interval['meanWidth']:.0f} points wide on the mean."
        yield (
            f"What came agrees with the range in {held} of {len(bins)} groups of leads, by what "
            "was said of them."
        )
    for part, reason in outlook.get("absent", {}).items():
        yield from textwrap.wrap(f"Not told ({part}): {reason}", WIDTH)


def _window(report: RetrainReport) -> Iterator[str]:
    advice = report.advice
    yield from textwrap.wrap(advice.reason, WIDTH)
    if advice.days is None:
        return
    if advice.days == report.window_days:
        yield f"The outcome window of {report.window_days} days fits."
    else:
        yield f"Suggested outcome window: {advice.days} days, in place of {report.window_days}."
        yield f"To change it: manage.py retrain --window {advice.days}"


def _notes(report: RetrainReport) -> Iterator[str]:
    said = report.result.split.reason
    yield from (warning for warning in report.result.warnings if warning != said)


def _decision(report: RetrainReport) -> Iterator[str]:
    yield report.result.gate.reason
    if report.promoted is not None:
        previous = report.promoted.previous
        yield (
            f"Version {report.promoted.version} answers for `auto` from now on"
            + (f", in place of version {previous}." if previous else ".")
        )
        if report.promoted.version.model_type == BASE_RATE:
            yield "Every lead gets the share won so far until a model surely does better."
    elif report.result.gate.promote:
        yield "Not promoted, as you asked."
    else:
        yield f"{_champion(report.champion)} Version {report.finalist} stays a candidate."


def _champion(champion: ModelVersion | None) -> str:
    return f"Version {champion} stays the champion." if champion else "There is still no champion."


def _next(report: RetrainReport) -> Iterator[str]:
    number = report.finalist.number
    if report.promoted is not None:
        yield "manage.py score                          bring the stored scores up to date"
        if report.promoted.previous:
            yield "manage.py rollback                       go back to the champion before"
    if report.promoted is None or report.promoted.version != report.finalist:
        yield f"manage.py promote {number} --reason WHY          take this version all the same"
