"""What a version learned from, what was left out, and why it answers or not."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.models import ModelVersion
from scoring.services.model_report.figure import Figure, Section, Table
from scoring.wording import number, percent


def origin_section(version: ModelVersion) -> Section:
    """Rows, columns and warnings."""
    rows = list(_rows(version))
    figures = [Figure("Rows", _split(version), Table(("", "Number"), rows))] if rows else []
    columns = list(_columns(version))
    if columns:
        claim = "Columns that were not used, or that look as if they knew too much."
        figures.append(Figure("Columns", claim, Table(("Column", "Used", "Why"), columns)))
    segments = [
        (each["name"], number(each["leads"]), percent(each["conversion_rate"]))
        for each in version.segments
    ]
    if segments:
        claim = "Kinds of leads by what they may spend (value) and how active they are (volume)."
        figures.append(Figure("Segments", claim, Table(("Segment", "Leads", "Won"), segments)))
    return Section(
        "What it learned from",
        figures=figures,
        notes=version.report.get("warnings", []),
        empty="" if figures else "Nothing was noted down for this version.",
    )


def _rows(version: ModelVersion) -> Iterator[tuple[str, str]]:
    counts = version.row_counts
    for key, title in (
        ("leads", "Leads in all"),
        ("leadsUsed", "Leads it learned from"),
        ("won", "Won among them"),
        ("rows", "Rows: a lead as it was on a day"),
        ("youngRows", "Rows whose window has not passed yet"),
    ):
        if counts.get(key) is not None:
            yield title, number(counts[key])
    for reason, leads in counts.get("leftOut", {}).items():
        yield f"Leads left out: {reason}", number(leads)


def _split(version: ModelVersion) -> str:
    return str(version.report.get("split", {}).get("reason", ""))


def _columns(version: ModelVersion) -> Iterator[tuple[str, str, str]]:
    leaks = version.report.get("leaks", [])
    for leak in leaks:
        yield leak["name"], "no" if leak["quarantined"] else "yes", f"It {leak['reason']}"
    told = {leak["column"] for leak in leaks if leak["quarantined"]}
    for column, reason in version.report.get("dropped", {}).items():
        if column not in told:
            yield column, "no", reason[:1].upper() + reason[1:]
