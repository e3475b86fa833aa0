"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from scoring import wording


def test_numbers_are_rounded_and_grouped():
    assert wording.number(1234.567, 1) == "1,234.6"
    assert wording.number(Decimal("25000.50")) == "25,000"
    assert wording.number(-0.0001, 2) == "0.00"
    assert wording.number(None) == "–"


def test_shares_and_money_have_their_unit():
    assert wording.percent(0.1234) == "12.3\u00a0%"
    assert wording.share_range(0.031, 0.062) == "3.1 to 6.2\u00a0%"
    assert wording.money(118_000.4) == "118,000\u00a0EUR"
    assert (wording.percent(None), wording.money(None)) == ("–", "–")


def test_they_follow_the_language_of_the_page():
    with translation.override("de"):
        assert wording.number(1234.5, 1) == "1.234,5"
        assert wording.percent(0.1234) == "12,3\u00a0%"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (2.5, "2.5"), (1000, "1,000"), (25_000, "25k"), (1_500_000, "1,500k"), (2e7, "20M")],
)
def test_ticks_are_short(value: float, text: str):
    assert wording.short(value) == text


def test_a_metric_that_was_not_measured_is_a_dash():
    assert wording.with_range({"value": 0.7123, "low": 0.7, "high": 0.75}) == (
        "0.712",
        "0.700 to 0.750",
    )
    assert wording.with_range(None) == wording.with_range({"value": None}) == ("–", "–")
