"""The pictures are well-formed, say what they show, and put marks where the numbers are."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest

from scoring.plots.axis import Axis
from scoring.plots.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Chart
from scoring.plots.rows import Row, row_chart

UNIT = Axis("Called & found", 0, 1, [0, 0.5, 1], lambda tick: f"{tick:.0%}")


def parsed(svg: str) -> Xml.Element:
    return Xml.fromstring(svg)  # noqa: S314 - it is our own


def marks(root: Xml.Element, name: str) -> list[Xml.Element]:
    return [each for each in root.iter() if name in each.get("class", "").split()]


def test_a_chart_has_axes_titles_and_a_text_for_who_cannot_see_it():
    root = parsed(Chart(UNIT, UNIT, label='A "line"').line([(0, 0), (1, 1)]).svg())
    assert (root.get("role"), root.get("aria-label")) == ("img", 'A "line"')
    assert [each.text for each in marks(root, "plot-title")] == ["Called & found"] * 2
    assert [each.text for each in marks(root, "plot-tick")] == ["0%", "50%", "100%"] * 2


def test_the_corners_of_the_data_are_the_corners_of_the_plot():
    root = parsed(Chart(UNIT, UNIT, label="x").line([(0, 0), (1, 1)]).svg())
    (line,) = marks(root, "plot-main")
    assert line.get("points") == f"{LEFT}.0,{HEIGHT - BOTTOM}.0 {WIDTH - RIGHT}.0,{TOP}.0"


def test_whiskers_dots_bars_and_density_stand_at_their_numbers():
    chart = Chart(UNIT, UNIT, label="x").whiskers([(0.5, 0.2, 0.8)]).dots([(0.5, 0.5)])
    root = parsed(chart.bars([(0.5, 0.5)], width=10).density([(0, 0.1), (1, 0.4)]).svg())
    middle = (LEFT + WIDTH - RIGHT) / 2
    (whisker,), (dot,), (bar,) = (marks(root, f"plot-{name}") for name in ("whisker", "dot", "bar"))
    assert float(whisker.get("x1", "")) == float(dot.get("cx", "")) == middle
    assert float(bar.get("height", "")) == pytest.approx((HEIGHT - TOP - BOTTOM) / 2)
    heights = [float(each.get("height", "")) for each in marks(root, "plot-density")]
    assert heights[0] == pytest.approx(heights[1] / 4, abs=0.1)


def test_rows_show_names_values_ranges_and_what_to_compare():
    rows = [
        Row("A & B", 0.5, low=-0.2, high=0.7, other=0.9, note="12", warn=True),
        Row("a name that is far too long to show", 0.25),
    ]
    root = parsed(row_chart(rows, UNIT, label="Groups", bars=False))
    first, second = marks(root, "plot-name")
    assert (first.text, "plot-warn" in first.get("class", "")) == ("A & B", True)
    assert second.text is not None
    assert second.text.endswith("…")
    dots = [float(each.get("cx", "")) for each in marks(root, "plot-dot")]
    assert dots[0] > dots[1]
    # What reaches beyond the axis ends with it.
    (whisker,) = marks(root, "plot-whisker")
    assert float(whisker.get("x1", "")) < dots[1] < float(whisker.get("x2", ""))
    assert len(marks(root, "plot-other")) == 1


def test_bars_are_as_long_as_their_values():
    rows = [Row("whole", 1.0), Row("half", 0.5), Row("none", 0.0)]
    root = parsed(row_chart(rows, UNIT, label="x", bars=True))
    whole, half, none = (float(each.get("width", "")) for each in marks(root, "plot-bar"))
    assert half == pytest.approx(whole / 2, abs=0.1)
    assert none == 0
