"""One row a name, with a value on a common axis: what fields, words and groups are shown in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scoring.plots.axis import Axis

WIDTH, ROW = 480, 26
LEFT, RIGHT, TOP, BOTTOM = 150, 58, 6, 46
LONGEST_NAME = 22


@dataclass(frozen=True)
class Row:
    """A name, its value with bounds if there are any, another value to compare, and a note."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    other: float | None = None
    note: str = ""
    warn: bool = False


def row_chart(rows: Sequence[Row], axis: Axis, *, label: str, bars: bool) -> SafeString:
    """Values as bars from the axis' beginning, or as dots; `other` is a diamond beside them."""
    height = TOP + ROW * len(rows) + BOTTOM
    floor = height - BOTTOM
    ticks = format_html_join(
        "",
        '<line class="plot-grid" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
        '<text class="plot-tick" x="{0}" y="{3}" text-anchor="middle">{4}</text>',
        ((_left(axis, tick), TOP, floor, floor + 17, axis.text(tick)) for tick in axis.ticks),
    )
    drawn = (
        (_row(row, axis, TOP + ROW * (number + 0.5), bars=bars),) for number, row in enumerate(rows)
    )
    return format_html(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}'
        '<text class="plot-title" x="{}" y="{}" text-anchor="middle">{}</text></svg>',
        WIDTH,
        height,
        label,
        ticks,
        format_html_join("", "{}", drawn),
        (LEFT + WIDTH - RIGHT) / 2,
        height - 8,
        axis.title,
    )


def _row(row: Row, axis: Axis, middle: float, *, bars: bool) -> SafeString:
    parts = [
        format_html(
            '<text class="plot-name{}" x="{}" y="{}" dy="4" text-anchor="end">{}</text>',
            " plot-warn" if row.warn else "",
            LEFT - 8,
            middle,
            _shortened(row.name),
        )
    ]
    at = _left(axis, row.value)
    if bars:
        parts.append(
            format_html(
                '<rect class="plot-bar" x="{}" y="{}" width="{}" height="14"/>',
                LEFT,
                middle - 7,
                round(max(at - LEFT, 0), 1),
            )
        )
    if row.low is not None and row.high is not None:
        ends = [_left(axis, min(max(each, axis.low), axis.high)) for each in (row.low, row.high)]
        parts.append(
            format_html(
                '<line class="plot-whisker" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>', *ends, middle
            )
        )
    if not bars:
        parts.append(format_html('<circle class="plot-dot" cx="{}" cy="{}" r="4.5"/>', at, middle))
    if row.other is not None:
        parts.append(
            format_html(
                '<path class="plot-other" d="M{} {}l5 5l-5 5l-5 -5z"/>',
                _left(axis, row.other),
                middle - 5,
            )
        )
    parts.append(
        format_html(
            '<text class="plot-tick" x="{}" y="{}" dy="4" text-anchor="end">{}</text>',
            WIDTH - 2,
            middle,
            row.note,
        )
    )
    return format_html_join("", "{}", ((part,) for part in parts))


def _left(axis: Axis, value: float) -> float:
    return round(LEFT + axis.along(value) * (WIDTH - LEFT - RIGHT), 1)


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
