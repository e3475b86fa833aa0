from datetime import date

import pytest

from scoring.ml.explaining.actions import Action, actions_from, change
from scoring.ml.schema import LeadFeatures

DAY = date(2026, 3, 10)


def test_it_reads_what_a_team_sets():
    setting = {
        "lastContact": "today",
        "interactions": {"add": [1, 3]},
        "budget": {"add": [500, 1500]},
        "attributes.webinar": {"set": [True]},
    }
    assert actions_from(setting) == (
        Action("last_contact", "today"),
        Action("interactions", "add", (1, 2, 3)),
        Action("budget", "add", (500, 1000, 1500)),
        Action("attributes.webinar", "set", (True,)),
    )


@pytest.mark.parametrize(
    "setting",
    [
        {"shoeSize": "today"},
        {"interactions": "today"},
        {"lastContact": {"add": [1, 2]}},
        {"interactions": {"add": [2, 1]}},
        {"interactions": {"add": [0, 1]}},
        {"interactions": {"add": [1]}},
        {"industry": {"set": []}},
        {"industry": {"set": [["x"]]}},
        {"interactions": {"set": [3]}},
        {"industry": {"set": ["a"], "add": [1, 2]}},
        {"industry": 5},
    ],
)
def test_it_refuses_what_is_no_action(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        actions_from(setting)


def test_an_option_changes_something():
    lead = LeadFeatures(last_contact=DAY, interactions=4.0, attributes={"plan": "a"})
    assert Action("last_contact", "today").options(lead, DAY) == []
    assert Action("interactions", "add", (1, 2)).options(lead, DAY) == [(5.0, 0.5), (6.0, 1.0)]
    assert Action("attributes.plan", "set", ("a", "b")).options(lead, DAY) == [("b", 1.0)]
    assert Action("budget", "add", (10,)).options(lead, DAY) == [(10.0, 1.0)]


def test_a_change_leaves_the_rest_as_it_is():
    lead = LeadFeatures(interactions=4.0, attributes={"plan": "a"})
    changed = change(change(lead, "attributes.demo", True), "interactions", 5.0)
    assert changed == LeadFeatures(interactions=5.0, attributes={"plan": "a", "demo": True})
