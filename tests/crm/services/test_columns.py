from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.days import today
from crm.services import UNSET, LeadColumns, LeadData, clean_columns, clean_lead

texts = st.one_of(
    st.none(),
    st.just(UNSET),
    st.text(max_size=5),
    st.sampled_from([" Ada ", "x" * 200, "x" * 201, "a\0b", "\ud800", "\udc00", "\u3000y ", 7]),
)
emails = st.sampled_from([None, UNSET, "", " a@b.example ", "no address", "a@b.example\0", 3])
days = st.one_of(
    st.none(),
    st.just(UNSET),
    st.integers(-9, 3).map(lambda ahead: today() + timedelta(days=ahead)),
    st.sampled_from([datetime(2025, 1, 2, 23, tzinfo=UTC), "2025-01-01", date.max, date.min]),
)
money = st.one_of(
    st.none(),
    st.just(UNSET),
    st.integers(-1, 10**12 + 1),
    st.floats(0, 10**12),
    st.floats(),
    st.integers(0, 10**9).map(lambda cents: cents / 100),
    st.sampled_from([True, "12", Decimal("12.345"), 0.125, 0.375, 1e12, -0.0, 10**400]),
)
ODD = st.sampled_from([True, 1.5])
counts = st.one_of(
    st.none(), st.just(UNSET), st.integers(-1, 10**6 + 1), st.sampled_from([True, 1.5])
)
leads = st.builds(
    LeadData,
    external_id=st.one_of(st.text(max_size=3), st.sampled_from(["x" * 201, " ", " 1", "\0", 7])),
    **dict.fromkeys(("name", "company", "industry", "size", "position"), texts),
    email=emails,
    last_contact=days,
    seen_on=days,
    budget=money,
    previous_purchases=counts,
    interactions=counts,
    attributes=st.sampled_from([None, UNSET, {}, {"a": 1}, {"a": None}, {" ": 1}, [], {"a": "\0"}]),
)
plain = st.builds(
    LeadData,
    external_id=st.text("abc", min_size=1, max_size=3),
    name=st.sampled_from(["Ada", " Bo "]),
    budget=st.one_of(st.none(), st.floats(0, 10**6)),
    last_contact=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2025, 1, 1))),
    interactions=st.one_of(st.none(), st.integers(0, 9)),
)


@settings(max_examples=200)
@given(st.one_of(st.lists(leads, max_size=4), st.lists(plain, max_size=6)))
def test_it_cleans_many_leads_as_it_cleans_each(rows):
    found = clean_columns(LeadColumns.of(rows))

    for number, lead in enumerate(rows):
        values, errors = clean_lead(lead)
        assert found.errors.get(number, {}) == errors
        for name, column in found.columns.items():
            if getattr(lead, name) is UNSET or name in errors:
                assert not column[number]
                continue
            kept = values[name]
            if name == "budget" and kept is not None:
                kept = float(kept)
            assert repr(column[number]) == repr(kept)


def test_errors_come_in_the_order_of_the_leads():
    rows = [LeadData(external_id=str(n), budget=-n, name="x" * (200 + n % 2)) for n in range(4)]

    found = clean_columns(LeadColumns.of(rows))

    assert list(found.errors) == [1, 2, 3]
    assert {name for errors in found.errors.values() for name in errors} == {"budget", "name"}


def test_columns_are_the_leads_they_were_made_of():
    ada = LeadData(external_id="1", name="Ada", budget=None, attributes={"a": 1})
    bo = LeadData(external_id="2", interactions=3)
    fields = dict.fromkeys(LeadData.__struct_fields__[1:])

    again = LeadColumns.of([ada, bo]).leads()

    assert again == [
        LeadData(external_id="1", **fields | {"name": "Ada", "attributes": {"a": 1}}),
        LeadData(external_id="2", **fields | {"interactions": 3}),
    ]
    assert LeadColumns(["1"], {"name": ["Ada"]}).leads() == [LeadData(external_id="1", name="Ada")]
    assert len(LeadColumns.of([])) == 0


def test_a_part_of_columns_is_those_leads():
    rows = [LeadData(external_id=str(n), name=f"Ada {n}", budget=n) for n in range(5)]
    columns = LeadColumns.of(rows)

    assert columns.part(1, 3).leads() == columns.leads()[1:3]
    assert columns.part(3, 9).leads() == columns.leads()[3:]
