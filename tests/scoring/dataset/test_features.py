from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.models import Lead
from crm.services import LeadColumns, LeadData, clean_columns
from scoring.dataset import COLUMNS, features_from, features_of
from scoring.dataset.features import features_from_columns
from scoring.ml.schema import LeadFeatures


@pytest.mark.django_db
def test_it_gives_a_lead_and_its_history_row_the_same_features():
    lead = Lead.objects.create(
        external_id="7",
        name="Ada Lovelace",
        company="Acme",
        email="ada@Example.COM",
        last_contact=date(2026, 3, 1),
        budget=Decimal("2500.50"),
        previous_purchases=2,
        interactions=0,
        attributes={"region": "north", "visits": 3, "trial": True},
    )
    expected = LeadFeatures(
        company="Acme",
        email_domain="example.com",
        last_contact=date(2026, 3, 1),
        budget=2500.5,
        previous_purchases=2.0,
        interactions=0.0,
        attributes={"region": "north", "visits": 3.0, "trial": True},
    )
    assert features_of(lead) == expected
    assert features_of(lead.history.get()) == expected


def test_it_keeps_names_and_full_addresses_out():
    stored = str(features_of(Lead(name="Ada Lovelace", email="ada@example.com")).to_json())
    assert "example.com" in stored
    assert "ada" not in stored.casefold()


@pytest.mark.parametrize("address", ["", None, "nobody", "nobody@", "nobody@ "])
def test_it_knows_no_domain_of_an_address_without_one(address):
    assert features_from(email=address).email_domain is None


def test_it_keeps_only_the_attributes_that_a_column_can_hold():
    attributes = {"a": 1, "b": [1], "c": {"d": 1}, "e": None, "f": 10**400, "g": float("nan")}
    assert features_from(attributes=attributes).attributes == {"a": 1.0}


leads = st.builds(
    LeadData,
    external_id=st.just("1"),
    **dict.fromkeys(
        ("company", "industry", "size", "position"), st.sampled_from([None, "", " ", "Acme"])
    ),
    email=st.sampled_from([None, "", "ada@Example.COM"]),
    last_contact=st.sampled_from([None, date(2026, 3, 1)]),
    budget=st.sampled_from([None, 0, 2500.504, Decimal("0.1")]),
    interactions=st.sampled_from([None, 0, 3]),
    attributes=st.sampled_from([None, {}, {"visits": 3, "trial": True, "none": None}]),
)


@given(st.lists(leads, max_size=5))
def test_columns_say_what_each_lead_says(rows):
    columns = clean_columns(LeadColumns.of(rows)).columns

    rows_of_values = zip(*columns.values(), strict=True)
    each = [dict(zip(columns, values, strict=True)) for values in rows_of_values]

    assert features_from_columns(columns) == [
        features_from(*map(values.get, COLUMNS)) for values in each
    ]
