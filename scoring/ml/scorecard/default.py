"""The scorecard of a fresh installation: what most teams would agree on, for them to change."""

from __future__ import annotations

from scoring.ml.encoding.conditions import (
    AT_LEAST,
    AT_MOST,
    CONTAINS,
    ONE_OF,
    WITHIN_DAYS,
    Condition,
)
from scoring.ml.scorecard.card import Card, Rule

_DECIDERS = ("chief", "ceo", "cto", "cfo", "director", "head of", "founder", "owner", "president")
_FREE_MAIL = ("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de")

DEFAULT_CARD = Card(
    rules=(
        Rule("last_contact", Condition(WITHIN_DAYS, high=14), 10),
        Rule("interactions", Condition(AT_MOST, high=0), -10),
        Rule("interactions", Condition(AT_LEAST, low=3), 5),
        Rule("interactions", Condition(AT_LEAST, low=8), 10),
        Rule("previous_purchases", Condition(AT_LEAST, low=1), 15),
        Rule("budget", Condition(AT_LEAST, low=10_000), 5),
        Rule("budget", Condition(AT_LEAST, low=50_000), 10),
        Rule("position", Condition(CONTAINS, words=_DECIDERS), 10),
        Rule("email_domain", Condition(ONE_OF, words=_FREE_MAIL), -5),
    ),
    expected_rate=0.1,
    average_points=20,
    points_to_double=20,
    certainty=3,
)
