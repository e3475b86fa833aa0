"""What became of each grade, counted from a version's stored curve."""

from __future__ import annotations

import pytest

from scoring.models import ModelVersion
from scoring.services.grade_table import grade_table

ABOVE = [
    {"probability": 0.8, "leads": 10, "expected": 8, "won": 7},
    {"probability": 0.5, "leads": 30, "expected": 20, "won": 19},
    {"probability": 0.05, "leads": 100, "expected": 25, "won": 25},
]


@pytest.fixture(autouse=True)
def thresholds(settings) -> None:
    settings.GRADE_THRESHOLDS = (0.7, 0.4, 0.1)


def test_each_grade_counts_the_leads_between_its_threshold_and_the_next():
    a, b, c, d = grade_table(ModelVersion(curves={"above": ABOVE}))
    assert [row.grade for row in (a, b, c, d)] == ["A", "B", "C", "D"]
    assert (a.leads, a.expected, a.observed) == (10, 0.8, 0.7)
    assert (b.leads, b.expected, b.observed) == (20, 0.6, 0.6)
    assert (d.least, d.leads) == (0, 70)
    assert d.observed == pytest.approx(6 / 70)
    assert b.low is not None
    assert b.high is not None
    assert b.low < 0.6 < b.high


def test_a_grade_without_leads_has_no_share():
    c = grade_table(ModelVersion(curves={"above": ABOVE}))[2]
    assert (c.leads, c.expected, c.observed, c.low) == (0, None, None, None)


def test_a_version_of_before_has_no_table():
    assert grade_table(ModelVersion()) == []
