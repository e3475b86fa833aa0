from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
import pytest

from scoring.ml.explaining.actions import Action, actions_from
from scoring.ml.explaining.smallest_change import Plan, find_smallest_changes
from scoring.ml.schema import LeadFeatures
from tests.scoring.versions import small_scorer

DAY = date(2026, 3, 10)
LEAD = LeadFeatures(interactions=4.0, last_contact=DAY - timedelta(days=50), industry="Retail")
ACTIONS = actions_from(
    {
        "interactions": {"add": [1, 10]},
        "lastContact": "today",
        "attributes.region": {"set": ["n", "s"]},
        "position": {"set": ["CEO"]},
    }
)


def plans(aim: float, actions: Sequence[Action] = ACTIONS) -> list[Plan]:
    return find_smallest_changes(small_scorer(), LEAD, DAY, actions, lambda p: p >= aim)


def chance(lead: LeadFeatures = LEAD) -> float:
    return float(small_scorer().probabilities([lead], [DAY])[0])


def test_it_finds_the_smallest_step_that_reaches_the_aim():
    enough = msgspec.structs.replace(LEAD, interactions=7.0)
    found = plans(chance(enough), actions_from({"interactions": {"add": [1, 10]}}))
    (plan,) = found
    assert [(each.column, each.value) for each in plan.changes] == [("interactions", 7.0)]
    assert plan.reached
    assert plan.probability == pytest.approx(chance(enough))


def test_its_plans_are_of_different_fields_and_none_does_too_much():
    found = plans(chance() + 0.05)
    assert 1 < len(found) <= 3
    assert len({frozenset(each.column for each in plan.changes) for plan in found}) == len(found)
    assert [plan.size for plan in found] == sorted(plan.size for plan in found)
    for plan in found:
        assert plan.probability >= chance() + 0.05
        assert not any(set(other.changes) < set(plan.changes) for other in found)


def test_it_says_how_close_it_comes_to_what_is_out_of_reach():
    (plan,) = plans(0.9999)
    assert not plan.reached
    assert plan.probability > chance()
    assert dict.fromkeys(each.column for each in plan.changes).keys() >= {"interactions"}


def test_it_leaves_a_lead_alone_that_is_there():
    assert plans(chance() / 2) == []


def test_it_finds_nothing_where_nothing_can_be_done():
    assert plans(0.9999, actions_from({"position": {"set": ["CEO"]}})) == []
    assert plans(0.9999, ()) == []
