"""Whether a version keeps its promises to each industry, size and source alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.models import ModelVersion
from scoring.plots.axis import Axis
from scoring.plots.rows import Row, row_chart
from scoring.services.model_report.figure import Figure, Section, Table, not_measured
from scoring.wording import number, percent, share_range, whole_percent

WRONG = {"over": "promised too much", "under": "promised too little"}
# What chance alone puts outside a 95 % interval.
BY_CHANCE = 0.05


def groups_section(version: ModelVersion) -> Section:
    """What was said of each group and what came, and a note where the two differ."""
    columns = version.report.get("groups")
    if not columns:
        nobody = "No groups to compare: fill in industry, size or source, and train again."
        is_model = columns is not None and version.feature_importance
        empty = nobody if is_model else not_measured(version)
        return Section("Groups of leads", empty=empty)
    return Section(
        "Groups of leads",
        intro="Dots: the share won, with its 95 % range. Diamonds: what the model said on average. "
        "A diamond outside the range means that the model is off for that group.",
        figures=[_figure(column) for column in columns],
        notes=_notes(columns),
    )


def _figure(column: Mapping[str, Any]) -> Figure:
    groups = column["groups"]
    rows = [
        Row(
            each["name"],
            each["observed"],
            low=each["low"],
            high=each["high"],
            other=each["predicted"],
            note=number(each["leads"]),
            warn=each["off"] is not None,
        )
        for each in groups
    ]
    most = max(max(each["high"], each["predicted"]) for each in groups)
    axis = Axis.nice("Share won; on the right the leads", [0, most], whole_percent)
    table = Table(
        ("Group", "Leads", "Said", "Came", "95 % range", "ROC AUC", ""),
        [
            (
                each["name"],
                number(each["leads"]),
                percent(each["predicted"]),
                percent(each["observed"]),
                share_range(each["low"], each["high"]),
                number(each["rocAuc"], 2),
                WRONG.get(each["off"], ""),
            )
            for each in groups
        ],
    )
    off = sum(each["off"] is not None for each in groups)
    claim = (
        f"Off for {off} of {len(groups)} groups." if off else "Fair to all groups, within chance."
    )
    label = f"Share won and mean probability by {column['name']}"
    return Figure(column["name"], claim, table, row_chart(rows, axis, label=label, bars=False))


def _notes(columns: list[Mapping[str, Any]]) -> list[str]:
    groups = [(column["name"], each) for column in columns for each in column["groups"]]
    off = [
        f"{name} {each['name']}: {WRONG[each['off']]}. Said {percent(each['predicted'])}, came "
        f"{percent(each['observed'])} ({share_range(each['low'], each['high'])}) "
        f"of {number(each['leads'])} leads."
        for name, each in groups
        if each["off"]
    ]
    if not off:
        return ["Fairness: in no group do promise and outcome differ by more than chance allows."]
    by_chance = number(BY_CHANCE * len(groups), 1)
    return [
        f"Fairness: the model is off for {len(off)} of {len(groups)} groups; about {by_chance} "
        "would be by chance alone. Whoever ranks leads across these groups should know.",
        *off,
    ]
