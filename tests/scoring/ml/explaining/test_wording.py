from datetime import date

import pytest

from scoring.ml.encoding.features import EncodedField
from scoring.ml.explaining.wording import folded, label, readable, sentence, signed
from scoring.ml.schema import LeadFeatures, value_of

DAY = date(2026, 3, 10)


def field(column: str, name: str, kind: str = "category") -> EncodedField:
    return EncodedField(column, name, kind, slice(0, 1))


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        (date(2026, 3, 7), "3 days ago"),
        (date(2026, 3, 9), "yesterday"),
        (date(2026, 3, 10), "today"),
        (date(2026, 3, 11), "tomorrow"),
        (date(2026, 3, 12), "in 2 days"),
        (date(2022, 3, 10), "1,461 days ago"),
        ("2026-03-07T08:00:00+01:00", "3 days ago"),
        ("not a date", "not known"),
        (None, "not known"),
    ],
)
def test_it_says_how_long_ago_a_date_was(contact, said):
    assert readable(contact, field("last_contact", "Last", "date"), DAY) == said


def test_it_says_the_date_itself_where_nobody_knows_the_day():
    assert readable(DAY, field("last_contact", "Last", "date"), None) == "2026-03-10"


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (25000.0, "number", "25,000 EUR"),
        ("1234.5", "number", "1,234.5 EUR"),
        ("many", "number", "not known"),
        (2.0, "category", "2 EUR"),
        (True, "category", "yes"),
        (False, "number", "no"),
        (" Retail ", "category", "Retail"),
        ("N/A", "category", "not known"),
        ("", "category", "not known"),
    ],
)
def test_it_says_values_as_people_read_them(value, kind, said):
    budget = field("budget", "Budget", kind)
    assert readable(value, budget, DAY, folded(frozenset({"n/a"})), {"budget": "EUR"}) == said


def test_it_makes_a_plain_sentence():
    assert sentence(field("last_contact", "Last Contact Recency"), "3 days ago", 11.2) == (
        "Last contact 3 days ago: +11"
    )
    assert label(field("attributes.utm_source", "Landing Page UTM")) == "Landing page UTM"


@pytest.mark.parametrize(
    ("points", "said"), [(11.4, "+11"), (-2.5, "-2"), (0.44, "+0.4"), (-0.01, "0"), (0.0, "0")]
)
def test_it_rounds_points_but_shows_small_ones(points, said):
    assert signed(points) == said


def test_it_finds_fields_and_attributes():
    lead = LeadFeatures(industry="Retail", attributes={"plan": "b"})
    assert [value_of(lead, name) for name in ("industry", "attributes.plan", "attributes.x")] == [
        "Retail",
        "b",
        None,
    ]
