"""Two axes with lines, dots and bars between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scoring.plots.axis import Axis

WIDTH, HEIGHT = 480, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 14, 52
Point = tuple[float, float]


class Chart:
    """Add what is to be seen, in the order in which it is painted, then ask for `svg`.

    label: what the picture shows, for whoever cannot see it.
    """

    def __init__(self, x: Axis, y: Axis, *, label: str) -> None:
        self._x, self._y, self._label = x, y, label
        self._parts: list[SafeString] = []

    def line(self, points: Iterable[Point], *, kind: str = "main") -> Chart:
        """Points joined; kind is "main", "reference" (dashed) or "step"."""
        drawn = " ".join(f"{self._left(x)},{self._top(y)}" for x, y in points)
        part = format_html('<polyline class="plot-line plot-{}" points="{}"/>', kind, drawn)
        return self._add(part)

    def dots(self, points: Iterable[Point]) -> Chart:
        """A dot at each point."""
        dot = '<circle class="plot-dot" cx="{}" cy="{}" r="4"/>'
        rows = ((self._left(x), self._top(y)) for x, y in points)
        return self._add(format_html_join("", dot, rows))

    def whiskers(self, spans: Iterable[tuple[float, float, float]]) -> Chart:
        """(x, low, high): how far a value may be off."""
        whisker = '<line class="plot-whisker" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
        rows = ((self._left(x), self._top(low), self._top(high)) for x, low, high in spans)
        return self._add(format_html_join("", whisker, rows))

    def density(self, shares: Sequence[tuple[float, float]], *, width: float = 10) -> Chart:
        """(x, share): pale bars from below, a quarter of the height for the greatest share."""
        most = max((share for _, share in shares), default=0) or 1.0
        full = (HEIGHT - TOP - BOTTOM) / 4
        bar = '<rect class="plot-density" x="{}" y="{}" width="{}" height="{}"/>'
        rows = (
            (
                _round(self._left(x) - width / 2),
                _round(HEIGHT - BOTTOM - full * share / most),
                width,
                _round(full * share / most),
            )
            for x, share in shares
        )
        return self._add(format_html_join("", bar, rows))

    def bars(self, values: Sequence[Point], *, width: float) -> Chart:
        """(x, y): bars from zero, `width` in pixels."""
        bar = '<rect class="plot-bar" x="{}" y="{}" width="{}" height="{}"/>'
        floor = self._top(0)
        rows = (
            (_round(self._left(x) - width / 2), self._top(y), width, _round(floor - self._top(y)))
            for x, y in values
        )
        return self._add(format_html_join("", bar, rows))

    def svg(self) -> SafeString:
        """The picture."""
        return format_html(
            '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
            WIDTH,
            HEIGHT,
            self._label,
            self._grid(),
            format_html_join("", "{}", ((part,) for part in self._parts)),
            self._titles(),
        )

    def _add(self, part: SafeString) -> Chart:
        self._parts.append(part)
        return self

    def _grid(self) -> SafeString:
        across = format_html_join(
            "",
            '<line class="plot-grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
            '<text class="plot-tick" x="{3}" y="{2}" dy="4" text-anchor="end">{4}</text>',
            (
                (LEFT, WIDTH - RIGHT, self._top(tick), LEFT - 6, self._y.text(tick))
                for tick in self._y.ticks
            ),
        )
        below = format_html_join(
            "",
            '<line class="plot-grid" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
            '<text class="plot-tick" x="{0}" y="{3}" text-anchor="middle">{4}</text>',
            (
                (self._left(tick), TOP, HEIGHT - BOTTOM, HEIGHT - BOTTOM + 17, self._x.text(tick))
                for tick in self._x.ticks
            ),
        )
        return format_html("{}{}", across, below)

    def _titles(self) -> SafeString:
        middle = (TOP + HEIGHT - BOTTOM) / 2
        return format_html(
            '<text class="plot-title" x="{}" y="{}" text-anchor="middle">{}</text>'
            '<text class="plot-title" transform="translate(15 {}) rotate(-90)"'
            ' text-anchor="middle">{}</text>',
            (LEFT + WIDTH - RIGHT) / 2,
            HEIGHT - 10,
            self._x.title,
            middle,
            self._y.title,
        )

    def _left(self, x: float) -> float:
        return _round(LEFT + self._x.along(x) * (WIDTH - LEFT - RIGHT))

    def _top(self, y: float) -> float:
        return _round(HEIGHT - BOTTOM - self._y.along(y) * (HEIGHT - TOP - BOTTOM))


def _round(pixels: float) -> float:
    return round(pixels, 1)
