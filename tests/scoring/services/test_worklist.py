"""The list of calls: who is on it, in which order, and what it promises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from crm.models import Lead, Outcome
from scoring.models import LeadScore, ModelVersion, score_of
from scoring.services.worklist import worklist_make
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


@pytest.fixture
def version() -> ModelVersion:
    return make_version(7, is_champion=True, metrics={"baseRate": 0.2})


def add(
    external_id: str,
    probability: float | None,
    budget: int | None = None,
    *,
    day: date = DAY,
    owner: User | None = None,
) -> Lead:
    lead = Lead.objects.create(external_id=external_id, budget=budget, owner=owner)
    if probability is not None:
        LeadScore.objects.create(
            lead=lead,
            version=ModelVersion.objects.get(),
            probability=probability,
            score=score_of(probability),
            revision=1,
            day=day,
        )
    return lead


def ids(worklist) -> list[str]:
    return [call.lead.external_id for call in worklist.calls]


def test_the_highest_expected_value_comes_first(version):
    add("likely", 0.9, 1_000)
    add("rich", 0.1, 100_000)
    add("both", 0.5, 50_000)
    worklist = worklist_make(capacity=2)
    assert ids(worklist) == ["both", "rich"]
    assert worklist.expected_wins == pytest.approx(0.6)
    assert worklist.expected_value == pytest.approx(0.5 * 50_000 + 0.1 * 100_000)


def test_the_median_budget_stands_in_where_none_is_known(version):
    for name, budget in [("low", 100), ("middle", 1_000), ("giant", 10**9)]:
        add(name, 0.001, budget)
    add("unknown", 0.5)
    worklist = worklist_make(capacity=2)
    assert ids(worklist) == ["giant", "unknown"]
    assert (worklist.stand_in, worklist.stand_ins) == (Decimal(1_000), 1)
    giant, unknown = worklist.calls
    assert (giant.value_stands_in, unknown.value_stands_in) == (False, True)
    assert unknown.value == Decimal(1_000)
    assert unknown.expected_value == pytest.approx(500)


def test_a_budget_of_nothing_is_worth_nothing(version):
    add("nothing", 0.9, 0)
    add("little", 0.01, 10)
    assert ids(worklist_make(capacity=2)) == ["little", "nothing"]


def test_without_any_budget_the_probability_decides(version):
    add("unlikely", 0.1)
    add("likely", 0.6)
    worklist = worklist_make(capacity=5)
    assert ids(worklist) == ["likely", "unlikely"]
    assert worklist.stand_in is None
    assert worklist.expected_value is None
    assert worklist.stand_ins == 0
    assert worklist.expected_wins == pytest.approx(0.7)


def test_equal_promises_keep_their_order(version):
    for name in "cab":
        add(name, 0.5, 100)
    assert ids(worklist_make(capacity=3)) == ["c", "a", "b"]


def test_only_open_leads_are_called_and_those_without_a_score_are_counted(version):
    won = add("won", 0.9, 100)
    Outcome.objects.create(lead=won, result="won")
    add("new", None, 10**6)
    add("open", 0.2, 100)
    worklist = worklist_make(capacity=5)
    assert ids(worklist) == ["open"]
    assert (worklist.open_leads, worklist.unscored) == (2, 1)


def test_a_list_can_be_that_of_one_owner(version):
    ada = User.objects.create_user("ada")
    add("hers", 0.2, 100, owner=ada)
    add("nobodys", 0.9, 900)
    worklist = worklist_make(capacity=5, owner="ada")
    assert ids(worklist) == ["hers"]
    assert (worklist.open_leads, worklist.stand_in) == (1, Decimal(100))


def test_each_call_has_a_grade_its_version_and_the_day_of_its_score(version):
    add("good", 0.5, 100, day=date(2026, 2, 1))
    add("bad", 0.1, 100)
    worklist = worklist_make(capacity=5)
    assert [call.grade for call in worklist.calls] == ["A", "D"]
    assert {call.version for call in worklist.calls} == {7}
    assert worklist.scored_from == date(2026, 2, 1)


def test_an_empty_list_promises_nothing():
    worklist = worklist_make(capacity=5)
    assert (worklist.expected_wins, worklist.expected_value) == (0, None)
    assert (worklist.scored_from, worklist.open_leads) == (None, 0)


def test_it_takes_six_queries_however_long_it_is(version, django_assert_num_queries):
    for number in range(20):
        add(str(number), 0.5, 100)
    with django_assert_num_queries(6):
        worklist_make(capacity=20)
