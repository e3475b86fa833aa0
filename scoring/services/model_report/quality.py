"""How good a version was on rows that it had not learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.models import ModelVersion
from scoring.plots.axis import Axis
from scoring.plots.chart import Chart
from scoring.services.grade_table import grade_table
from scoring.services.model_report.figure import Figure, Section, Table, not_measured
from scoring.wording import number, percent, share_range, whole_percent, with_range

# Metric, its name, what it says, decimal places.
METRICS = (
    ("logLoss", "Log loss", "error of the probabilities; lower is better", 3),
    ("logLossGain", "Log loss below base rate", "above 0: better than the share won alone", 3),
    ("brier", "Brier score", "squared error of the probabilities; lower is better", 3),
    ("calibrationSlope", "Calibration slope", "1: honest; below 1: too sure of itself", 2),
    ("rocAuc", "ROC AUC", "chance that a won lead is ranked above a lost one", 3),
    ("prAuc", "PR AUC", "mean precision; compare with the base rate", 3),
    ("liftAt10", "Lift at 10 %", "wins among the top tenth, against calling at random", 1),
    ("accuracy", "Accuracy", "answers that were right, at the threshold", 3),
    ("precision", "Precision", "won among those called, at the threshold", 3),
    ("recall", "Recall", "called among those won, at the threshold", 3),
    ("f1Score", "F1 score", "precision and recall in one", 3),
)
DIAGONAL = [(0.0, 0.0), (1.0, 1.0)]

Points = Sequence[Mapping[str, float]]


def metrics_section(version: ModelVersion) -> Section:
    """Every figure with its range, in a table."""
    metrics = version.metrics
    if not metrics:
        return Section("Figures", empty="Nothing was measured of this version. Train a new one.")
    rows = [
        (name, *with_range(metrics.get(key), places), meaning)
        for key, name, meaning, places in METRICS
    ]
    table = Table(("Figure", "Value", "95 % range", "What it says"), rows)
    claim = (
        f"Measured on {number(metrics.get('rows'))} rows ({metrics.get('measured_on')}), of which "
        f"{percent(metrics.get('baseRate'))} were won. Ranges: leads resampled (bootstrap)."
    )
    return Section("Figures", figures=[Figure("All figures", claim, table)])


def curves_section(version: ModelVersion) -> Section:
    """Calibration, ROC, precision and recall, gain and lift."""
    curves = version.curves
    makers = (
        (_calibration, "reliability"),
        (_roc, "roc"),
        (_precision_recall, "pr"),
        (_gain, "lift"),
        (_lift, "lift"),
    )
    figures = [make(curves[key], version) for make, key in makers if curves.get(key)]
    empty = "" if figures else "There were too few outcomes to draw curves from."
    return Section("Curves", figures=figures, empty=empty)


def _calibration(points: Points, version: ModelVersion) -> Figure:
    most = max(max(each["high"], each["predicted"]) for each in points)
    x = Axis.nice("Said (mean probability)", [0, most], whole_percent)
    y = Axis.nice("Came (share won)", [0, most], whole_percent)
    outside = sum(not each["low"] <= each["predicted"] <= each["high"] for each in points)
    plot = (
        Chart(x, y, label="Calibration: share won against probability, by tenths of the leads")
        .line([(0, 0), (x.high, x.high)], kind="reference")
        .whiskers([(each["predicted"], each["low"], each["high"]) for each in points])
        .line([(each["predicted"], each["observed"]) for each in points])
        .dots([(each["predicted"], each["observed"]) for each in points])
        .svg()
    )
    claim = (
        "Each dot is a tenth of the leads; on the dashed line the model means what it says. "
        f"{outside} of {len(points)} lie off it by more than chance allows (lines: 95 %)."
    )
    rows = [
        (
            percent(each["predicted"]),
            percent(each["observed"]),
            share_range(each["low"], each["high"]),
            number(each["leads"]),
        )
        for each in points
    ]
    return Figure("Calibration", claim, Table(("Said", "Came", "95 % range", "Leads"), rows), plot)


def _roc(points: Points, version: ModelVersion) -> Figure:
    x = Axis.nice("Share of lost leads called", [0, 1], whole_percent)
    y = Axis.nice("Share of won leads found", [0, 1], whole_percent)
    plot = (
        Chart(x, y, label="ROC curve: won leads found against lost leads called")
        .line(DIAGONAL, kind="reference")
        .line(_xy(points))
        .svg()
    )
    value, limits = with_range(version.metrics.get("rocAuc"))
    claim = f"Area {value} ({limits}). On the dashed line calls would be in random order."
    heads = ("Lost leads called", "Won leads found")
    return Figure("ROC curve", claim, _table(heads, points), plot)


def _precision_recall(points: Points, version: ModelVersion) -> Figure:
    base_rate = version.metrics.get("baseRate") or 0.0
    x = Axis.nice("Recall (won leads found)", [0, 1], whole_percent)
    y = Axis.nice("Precision (won among called)", [0, 1], whole_percent)
    plot = (
        Chart(x, y, label="Precision against recall")
        .line([(0, base_rate), (1, base_rate)], kind="reference")
        .line(_xy(points))
        .svg()
    )
    value, limits = with_range(version.metrics.get("prAuc"))
    claim = f"Area {value} ({limits}). Dashed: the share won, {percent(base_rate)}."
    return Figure("Precision and recall", claim, _table(("Recall", "Precision"), points), plot)


def _gain(points: Points, version: ModelVersion) -> Figure:
    x = Axis.nice("Share of leads called, the best first", [0, 1], whole_percent)
    y = Axis.nice("Share of all wins found", [0, 1], whole_percent)
    curve = [(0.0, 0.0), *((each["share"], each["won"]) for each in points)]
    plot = (
        Chart(x, y, label="Gain: wins found against leads called")
        .line(DIAGONAL, kind="reference")
        .line(curve)
        .dots(curve[1:])
        .svg()
    )
    best = min(points, key=lambda each: abs(each["share"] - 0.3))
    claim = (
        f"Calling the best {percent(best['share'], 0)} finds {percent(best['won'], 0)} of the "
        "wins. On the dashed line calls would be in random order."
    )
    rows = [(percent(each["share"], 0), percent(each["won"])) for each in points]
    return Figure("Gain", claim, Table(("Leads called", "Wins found"), rows), plot)


def _lift(points: Points, version: ModelVersion) -> Figure:
    x = Axis.nice("Share of leads called, the best first", [0, 1], whole_percent)
    y = Axis.nice(
        "Times the wins of random calls",
        [each["lift"] for each in points],
        lambda lift: number(lift, 1),
        from_zero=True,
    )
    bars = [(each["share"] - 0.05, each["lift"]) for each in points]
    plot = (
        Chart(x, y, label="Lift: wins against those of random calls, by share of leads called")
        .bars(bars, width=28)
        .line([(0, 1), (1, 1)], kind="reference")
        .svg()
    )
    claim = (
        f"The best {percent(points[0]['share'], 0)} hold {number(points[0]['lift'], 1)} times as "
        "many wins as random calls would find (dashed: 1)."
    )
    rows = [(percent(each["share"], 0), number(each["lift"], 2)) for each in points]
    return Figure("Lift", claim, Table(("Leads called", "Lift"), rows), plot)


def decisions_section(version: ModelVersion) -> Section:
    """The confusion at the threshold, and the grades."""
    figures = [_confusion(version)] if version.curves.get("confusion") else []
    rows = [
        (
            row.grade,
            f"from {percent(row.least)}" if row.least else "below",
            number(row.leads),
            percent(row.expected),
            percent(row.observed),
            "–" if row.low is None or row.high is None else share_range(row.low, row.high),
        )
        for row in grade_table(version)
    ]
    if rows:
        heads = ("Grade", "Probability", "Leads", "Said", "Came", "95 % range")
        claim = "What was said of the leads of each grade, and what share of them was won."
        figures.append(Figure("Grades", claim, Table(heads, rows)))
    empty = "" if figures else not_measured(version)
    return Section("Decisions", figures=figures, empty=empty)


def _confusion(version: ModelVersion) -> Figure:
    leads: Mapping[str, float] = version.curves["confusion"]
    threshold = version.metrics.get("threshold")
    rows = [
        ("Called", number(leads["chosenWon"]), number(leads["chosenLost"])),
        ("Not called", number(leads["passedWon"]), number(leads["passedLost"])),
    ]
    called = leads["chosenWon"] + leads["chosenLost"]
    claim = (
        f"Calling from a probability of {percent(threshold)}: {number(called)} calls, "
        f"{number(leads['chosenWon'])} of them won. The threshold is where F1 was best on older "
        "rows."
    )
    return Figure("At the threshold", claim, Table(("", "Won", "Not won"), rows))


def _xy(points: Points) -> list[tuple[float, float]]:
    return [(each["x"], each["y"]) for each in points]


def _table(heads: tuple[str, str], points: Points) -> Table:
    """Every fifth point: enough to read, and not a hundred lines."""
    shown: Any = [*points[::5], *([points[-1]] if (len(points) - 1) % 5 else [])]
    return Table(heads, [(percent(each["x"]), percent(each["y"])) for each in shown])
