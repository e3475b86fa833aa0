"""What became of leads of each grade where a version was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.grades import GRADES, GradeScale
from scoring.ml.judging.intervals import wilson
from scoring.models import ModelVersion


@dataclass(frozen=True)
class GradeRow:
    """Leads (by weight) whose probability was at least `least` and below that of the next grade.

    expected: their mean probability; observed: the share won, with its 95 % interval. None where
    there were no leads.
    """

    grade: str
    least: float
    leads: float
    expected: float | None
    observed: float | None
    low: float | None
    high: float | None


def grade_table(version: ModelVersion) -> list[GradeRow]:
    """A row for each grade, A first; empty if the version has no scale or was judged before
    the counts that this needs were kept."""
    scale = GradeScale.of_version(version)
    above: Sequence[Mapping[str, float]] = version.curves.get("above", [])
    if scale is None or not above:
        return []
    rows, before = [], dict.fromkeys(("leads", "expected", "won"), 0.0)
    for grade in GRADES:
        least = scale.least_for(grade)
        reached = [point for point in above if point["probability"] >= least]
        so_far = {key: reached[-1][key] for key in before} if reached else before
        rows.append(_row(grade, least, {key: so_far[key] - before[key] for key in before}))
        before = so_far
    return rows


def _row(grade: str, least: float, counts: Mapping[str, float]) -> GradeRow:
    leads = counts["leads"]
    if leads < 1e-9:
        return GradeRow(grade, least, 0.0, None, None, None, None)
    observed = min(max(counts["won"] / leads, 0.0), 1.0)
    return GradeRow(
        grade, least, leads, counts["expected"] / leads, observed, *wilson(observed, leads)
    )
