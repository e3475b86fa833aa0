"""What a version looks at, and what it makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.models import ModelVersion
from scoring.plots.axis import Axis
from scoring.plots.chart import Chart
from scoring.plots.rows import Row, row_chart
from scoring.services.model_report.figure import Figure, Section, Table, not_measured
from scoring.wording import UNKNOWN, number, percent, share_range, short, whole_percent

MOST_FIELDS = 15

Points = Sequence[Mapping[str, Any]]


def importance_section(version: ModelVersion) -> Section:
    """How much worse the model gets when a field is shuffled."""
    fields: Points = version.feature_importance
    if not fields:
        return Section("What matters", empty=not_measured(version))
    rows = [
        Row(
            each["name"],
            each["value"],
            low=each.get("low"),
            high=each.get("high"),
            note=percent(each["value"]),
        )
        for each in fields[:MOST_FIELDS]
    ]
    values = [value for row in rows for value in (row.value, row.high) if value is not None]
    axis = Axis.nice(
        "Share of the rise in error when shuffled", values, whole_percent, from_zero=True
    )
    unsure = sum(1 for each in fields if each.get("low") is not None and each["low"] <= 0)
    claim = "How much the error on later rows grows when a field is shuffled; what the model uses, "
    claim += "not what causes a win."
    if unsure:
        claim += f" {unsure} of {len(fields)} fields may add nothing: their range reaches zero."
    table = Table(
        ("Field", "Importance", "95 % range"),
        [(each["name"], percent(each["value"]), _range(each)) for each in fields],
    )
    label = f"Permutation importance of the {len(rows)} fields that matter most"
    plot = row_chart(rows, axis, label=label, bars=True)
    return Section("What matters", figures=[Figure("Importance", claim, table, plot)])


def _range(each: Mapping[str, Any]) -> str:
    if each.get("low") is None:
        return UNKNOWN
    return share_range(max(each["low"], 0.0), each["high"])


def dependence_section(version: ModelVersion) -> Section:
    """What the model says on average when all leads have this or that value of a field."""
    fields: Points = version.report.get("dependence", [])
    figures = [_dependence(each) for each in fields if each["points"]]
    return Section(
        "How it depends on them",
        intro="The mean probability if every lead had the value, all else as it is (partial "
        "dependence). Where few leads have a value, the model had little to learn from.",
        figures=figures,
        empty="" if figures else not_measured(version),
    )


def _dependence(field: Mapping[str, Any]) -> Figure:
    points: Points = field["points"]
    numbers = [each for each in points if each["at"] is not None]
    is_age = field["kind"] == "age"
    plot = _word_plot(field) if len(numbers) < 2 else _number_plot(field, numbers)
    low = min(points, key=lambda each: each["probability"])
    high = max(points, key=lambda each: each["probability"])
    claim = (
        f"From {percent(low['probability'])} ({_value(low, is_age=is_age)}) "
        f"to {percent(high['probability'])} ({_value(high, is_age=is_age)})."
    )
    unknown = [each for each in points if each["at"] is None]
    if len(numbers) > 1:
        claim += " Grey bars: where the leads are."
        if unknown:
            claim += (
                f" Dashed: not known ({percent(unknown[0]['share'], 0)} of the leads), "
                f"{percent(unknown[0]['probability'])}."
            )
    table = Table(
        ("Value", "Mean probability", "Share of leads"),
        [
            (_value(each, is_age=is_age), percent(each["probability"]), percent(each["share"]))
            for each in points
        ],
    )
    return Figure(field["name"], claim, table, plot)


def _number_plot(field: Mapping[str, Any], numbers: Points) -> Any:
    title = f"{field['name']} (days ago)" if field["kind"] == "age" else field["name"]
    x = Axis.for_numbers(title, [each["at"] for each in numbers], short)
    said = [each["probability"] for each in field["points"]]
    y = Axis.nice("Mean probability", [*said, 0.0], whole_percent, from_zero=True)
    chart = Chart(x, y, label=f"Mean probability by {field['name']}, with the density of the leads")
    chart.density([(each["at"], each["share"]) for each in numbers])
    for each in field["points"]:
        if each["at"] is None:
            ends = [(x.low, each["probability"]), (x.high, each["probability"])]
            chart.line(ends, kind="reference")
    curve = [(each["at"], each["probability"]) for each in numbers]
    return chart.line(curve).dots(curve).svg()


def _word_plot(field: Mapping[str, Any]) -> Any:
    rows = [
        Row(_value(each), each["probability"], note=percent(each["share"], 0))
        for each in field["points"]
    ]
    axis = Axis.nice(
        "Mean probability; on the right the share of leads",
        [row.value for row in rows],
        whole_percent,
        from_zero=True,
    )
    label = f"Mean probability by {field['name']}, with the share of leads"
    return row_chart(rows, axis, label=label, bars=True)


def _value(point: Mapping[str, Any], *, is_age: bool = False) -> str:
    if point["at"] is None:
        return str(point["label"])
    whole = number(point["at"], 0 if float(point["at"]).is_integer() else 2)
    return f"{whole} days ago" if is_age else whole
