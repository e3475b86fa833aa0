"""A scorecard answers like any model: one as many, in parts that add up, from bytes as before."""

from datetime import date
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.encoding.conditions import AT_LEAST, KNOWN, ONE_OF, Condition
from scoring.ml.explaining.actions import actions_from
from scoring.ml.explaining.reasons import find_reasons
from scoring.ml.explaining.receipt import Said, write_receipt
from scoring.ml.explaining.smallest_change import find_smallest_changes
from scoring.ml.frames import to_frame
from scoring.ml.model_types import BASE_RATE, SCORECARD
from scoring.ml.schema import LeadFeatures
from scoring.ml.scorecard.card import Card, Rule, card_scorer
from scoring.ml.scorecard.default import DEFAULT_CARD
from scoring.ml.serving.artifact import dumps, loads, sha256

DAY = date(2026, 3, 15)
NONE = frozenset({""})
LEADS = st.builds(
    LeadFeatures,
    last_contact=st.none() | st.dates(date(2026, 1, 1), DAY),
    budget=st.none() | st.floats(0, 1e6),
    interactions=st.none() | st.integers(0, 20).map(float),
    previous_purchases=st.none() | st.integers(0, 3).map(float),
    position=st.none() | st.sampled_from(["CEO", "Intern"]),
    email_domain=st.none() | st.sampled_from(["gmail.com", "acme.com"]),
)


def card(*rules: Rule, **given: float) -> Card:
    facts = {"expected_rate": 0.2, "average_points": 0, "points_to_double": 10, "certainty": 2}
    return Card(rules=rules, **{**facts, **given})


def said(card: Card, *leads: LeadFeatures) -> list[float]:
    scorer = card_scorer(card, placeholders=NONE)
    return [float(each) for each in scorer.probabilities(leads, [DAY] * len(leads))]


def test_so_many_points_double_the_odds():
    made = card(Rule("industry", Condition(ONE_OF, words=("Tech",)), 10))
    plain, tech = said(made, LeadFeatures(industry="Retail"), LeadFeatures(industry="tech"))
    assert plain == pytest.approx(0.2)
    assert tech / (1 - tech) == pytest.approx(2 * plain / (1 - plain))


def test_a_lead_with_the_average_points_converts_as_expected():
    made = card(Rule("industry", Condition(KNOWN), 25), average_points=25)
    assert said(made, LeadFeatures(industry="any")) == pytest.approx([0.2])


def test_a_card_without_rules_is_the_base_rate():
    made = card(average_points=25)
    assert made.model_type == BASE_RATE
    assert said(made, LeadFeatures(), LeadFeatures(budget=5)) == pytest.approx([0.2, 0.2])
    assert made.importance() == []


@given(LEADS)
def test_one_lead_gets_what_it_gets_among_many(lead):
    scorer = card_scorer(DEFAULT_CARD, placeholders=NONE)
    (one,) = scorer.probabilities([lead], [DAY])
    many = scorer.probabilities_of_frame(to_frame([lead, LeadFeatures()], [DAY, DAY]))
    assert one == pytest.approx(many[0], abs=1e-12)
    assert 0 < one < 1


@given(LEADS)
def test_the_parts_are_the_whole(lead):
    scorer = card_scorer(DEFAULT_CARD, placeholders=NONE)
    (reasons,) = find_reasons(scorer, [lead], [DAY], most=None)
    whole = reasons.base + sum(each.points for each in reasons.listed) + reasons.rest
    assert whole == pytest.approx(100 * reasons.probability, abs=1e-6)
    odds = reasons.base_log_odds + sum(each.log_odds for each in reasons.listed)
    assert odds == pytest.approx(log(reasons.probability / (1 - reasons.probability)), abs=1e-6)


@given(LEADS, LEADS)
def test_a_receipt_is_the_whole_difference(before, after):
    scorer = card_scorer(DEFAULT_CARD, placeholders=NONE)
    receipt = write_receipt(Said(scorer, before, DAY), Said(scorer, after, DAY))
    parts = sum(change.points for change in (*receipt.data, *receipt.model)) + receipt.base
    assert parts == pytest.approx(100 * (receipt.after - receipt.before), abs=1e-6)


@given(LEADS, st.integers(0, len(DEFAULT_CARD.rules) - 1), st.floats(0.1, 50))
def test_more_points_for_a_rule_never_lower_a_score_and_raise_those_it_holds_of(lead, place, more):
    rules = list(DEFAULT_CARD.rules)
    rule = rules[place]
    rules[place] = Rule(rule.column, rule.condition, rule.points + more)
    raised = Card(tuple(rules), **{name: getattr(DEFAULT_CARD, name) for name in _FACTS})
    (before,), (after,) = said(DEFAULT_CARD, lead), said(raised, lead)
    assert (after > before) if _holds(rule, lead) else after == before


_FACTS = ("expected_rate", "average_points", "points_to_double", "certainty")


def _holds(rule: Rule, lead: LeadFeatures) -> bool:
    only = card(Rule(rule.column, rule.condition, 10))
    return said(only, lead)[0] > 0.2 + 1e-9


def test_bytes_give_the_same_scorer_again():
    scorer = card_scorer(DEFAULT_CARD, placeholders=frozenset({"", "unknown"}))
    data = dumps(scorer)
    again = loads(data, sha256=sha256(data))
    assert again.model_type == SCORECARD
    leads = [LeadFeatures(budget=60_000, interactions=9, position="CEO"), LeadFeatures()]
    np.testing.assert_array_equal(
        scorer.probabilities(leads, [DAY, DAY]), again.probabilities(leads, [DAY, DAY])
    )
    assert Card.from_json(DEFAULT_CARD.to_json()) == DEFAULT_CARD


def test_rules_of_one_field_need_not_stand_together():
    made = card(
        Rule("budget", Condition(AT_LEAST, low=10), 5),
        Rule("industry", Condition(KNOWN), 10),
        Rule("budget", Condition(AT_LEAST, low=100), 20),
    )
    (rich,) = said(made, LeadFeatures(budget=100))
    assert rich / (1 - rich) == pytest.approx(0.25 * 2**2.5)


def test_a_field_matters_by_the_points_that_it_can_make_a_difference_of():
    importance = DEFAULT_CARD.importance()
    shares = {each["name"]: each["value"] for each in importance}
    assert sum(shares.values()) == pytest.approx(1)
    # interactions: -10 to +15; purchases and budget: 0 to 15; e-mail: -5 to 0.
    assert shares["Interactions"] / shares["Budget"] == pytest.approx(25 / 15)
    assert shares["Previous Purchases"] == pytest.approx(shares["Budget"])
    assert shares["Last Contact Recency"] / shares["Email Domain"] == pytest.approx(10 / 5)
    assert importance[0]["name"] == "Interactions"


def test_the_default_card_spreads_leads_without_being_sure_of_any():
    hot = LeadFeatures(
        last_contact=DAY, interactions=12, previous_purchases=2, budget=80_000, position="CEO"
    )
    cold = LeadFeatures(interactions=0, email_domain="gmail.com", budget=100)
    best, unknown, worst = said(DEFAULT_CARD, hot, LeadFeatures(), cold)
    assert 0.3 < best < 0.6
    assert worst < unknown < 0.1
    assert worst > 0.01


def test_the_smallest_change_is_found_on_a_card():
    lead = LeadFeatures(interactions=1)
    scorer = card_scorer(DEFAULT_CARD, placeholders=NONE)
    (aim,) = said(DEFAULT_CARD, LeadFeatures(interactions=3))
    actions = actions_from({"interactions": {"add": [1, 20]}})
    (plan,) = find_smallest_changes(scorer, lead, DAY, actions, lambda p: p >= aim)
    assert plan.reached
    assert [(each.column, each.value) for each in plan.changes] == [("interactions", 3.0)]
