"""Grades follow the odds of an average lead, or what the installation sets."""

from __future__ import annotations

import pytest

from scoring.grades import GRADES, GradeScale
from scoring.models import ModelVersion


@pytest.mark.parametrize(("base_rate", "a"), [(0.05, 0.1364), (0.5, 0.75), (0.9, 0.9643)])
def test_an_a_has_three_times_the_odds_of_an_average_lead(base_rate: float, a: float):
    scale = GradeScale.of_base_rate(base_rate)
    assert scale.least_for("A") == pytest.approx(a, abs=1e-4)
    assert 1 > scale.least[0] > scale.least[1] > base_rate > scale.least[2] > 0


def test_each_grade_begins_at_its_threshold():
    scale = GradeScale((0.4, 0.2, 0.1))
    assert [scale.grade(p) for p in (1, 0.4, 0.399, 0.2, 0.199, 0.1, 0.099, 0)] == [*"AABBCCDD"]
    assert [scale.grade(scale.least_for(grade)) for grade in GRADES] == list(GRADES)


def test_a_version_is_graded_by_the_share_won_where_it_was_judged():
    version = ModelVersion(metrics={"baseRate": 0.05})
    assert GradeScale.of_version(version) == GradeScale.of_base_rate(0.05)
    assert GradeScale.of_version(ModelVersion()) is None


def test_the_installation_may_set_its_own_thresholds(settings):
    settings.GRADE_THRESHOLDS = (0.6, 0.3, 0.1)
    scale = GradeScale.of_version(ModelVersion(metrics={"baseRate": 0.05}))
    assert scale == GradeScale((0.6, 0.3, 0.1))
