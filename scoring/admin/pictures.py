"""Figures and curves of a model version as HTML; the pictures need no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scoring.services.report import interval_text

SIDE = 200
FIGURES: tuple[tuple[str, str], ...] = (
    ("logLoss", "Log loss (lower is better)"),
    ("logLossGain", "Log loss below that of the base rate"),
    ("brier", "Brier score (lower is better)"),
    ("calibrationSlope", "Calibration slope (1 is honest)"),
    ("rocAuc", "ROC AUC"),
    ("prAuc", "Precision-recall AUC"),
    ("liftAt10", "Lift among the best 10 %"),
    ("accuracy", "Accuracy"),
    ("precision", "Precision"),
    ("recall", "Recall"),
    ("f1Score", "F1 score"),
)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> SafeString:
    """A plain table; every cell is escaped."""
    cell = '<td style="padding: 2px 16px 2px 0">{}</td>'
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", cell, ((each,) for each in row)),) for row in rows),
    )
    head = format_html_join(
        "", '<th style="text-align: left; padding: 2px 16px 2px 0">{}</th>', ((h,) for h in heads)
    )
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


def figures_table(metrics: Mapping[str, Any]) -> SafeString:
    """Every metric with its range; where and on how many rows it was measured."""
    if "measured_on" not in metrics:
        return format_html("<p>{}</p>", "Nothing was measured: too few outcomes to judge it by.")
    rows = [(name, interval_text(metrics[key])) for key, name in FIGURES if key in metrics]
    where = format_html(
        "<p>On {} rows of the {}; {} of them won. With 95 % range.</p>",
        metrics.get("rows", "?"),
        metrics.get("measured_on", "?"),
        _percent(metrics.get("baseRate")),
    )
    return format_html("{}{}", table(("Metric", "Value"), rows), where)


def curves_row(curves: Mapping[str, Any]) -> SafeString:
    """The curves side by side."""
    reliability = curves.get("reliability", [])
    honest = [{"x": each["predicted"], "y": each["observed"]} for each in reliability]
    most = max((value for each in honest for value in each.values()), default=1) or 1
    pictures = (
        _picture("ROC: won leads found, by lost ones called", curves.get("roc", [])),
        _picture("Precision, by won leads found", curves.get("pr", [])),
        _picture(f"Won, by what was said (to {most:.0%})", honest, most=most),
    )
    return format_html(
        '<div style="display: flex; flex-wrap: wrap; gap: 24px">{}</div>',
        format_html_join("", "{}", ((each,) for each in pictures)),
    )


def bars(importance: Iterable[Mapping[str, Any]]) -> SafeString:
    """Fields and their shares as bars."""
    return format_html_join(
        "",
        '<div style="display: flex; gap: 8px"><span style="width: 14em">{}</span>'
        '<span style="width: {}px; background: currentColor; opacity: .5"></span>'
        "<span>{}</span></div>",
        (
            (each["name"], round(SIDE * each["value"]), _percent(each["value"]))
            for each in importance
        ),
    )


def _picture(title: str, points: Sequence[Mapping[str, float]], *, most: float = 1) -> SafeString:
    """A line through points in a square from 0 to `most`, with its diagonal."""
    drawn = " ".join(
        f"{SIDE * point['x'] / most:.1f},{SIDE - SIDE * point['y'] / most:.1f}" for point in points
    )
    return format_html(
        '<figure><svg viewBox="-2 -2 {0} {0}" width="{0}" height="{0}" role="img" aria-label="{1}"'
        ' fill="none" stroke="currentColor">'
        '<rect width="{2}" height="{2}" stroke-opacity=".3"/>'
        '<line x1="0" y1="{2}" x2="{2}" y2="0" stroke-opacity=".3" stroke-dasharray="4"/>'
        '<polyline points="{3}" stroke-width="2"/></svg><figcaption>{1}</figcaption></figure>',
        SIDE + 4,
        title,
        SIDE,
        drawn,
    )


def _percent(share: float | None) -> str:
    return "?" if share is None else f"{share:.1%}"
