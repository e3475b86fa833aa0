"""Structs out of plain values, and query strings."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from leadscoring.api.decoding import decode, decode_query, decode_rows
from leadscoring.api.quick import columns_of
from leadscoring.api.wire import EXTERNAL_ID_RULE
from leadscoring.errors import Problem
from scoring.api.wire import PredictLead, PredictRequest


class Query(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    limit: Annotated[int, msgspec.Meta(ge=1, le=10)] = 5
    sort_by: Literal["a", "b"] | None = None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = [field.encode_name for field in msgspec.structs.fields(PredictLead)]


def refused_fields(value: Any) -> set[str] | None:
    """What a prediction request with these leads is refused for; None if it is not."""
    try:
        decode({"leads": value}, PredictRequest)
    except Problem as problem:
        return set(problem.fields)
    return None


@given(st.dictionaries(st.sampled_from([*FIELDS, "colour"]), VALUES))
def test_a_refusal_names_fields_of_the_lead(lead: dict[str, Any]) -> None:
    named = refused_fields([lead])
    assert named is None or (named and named <= {f"leads.0.{name}" for name in [*FIELDS, "colour"]})


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES), st.sampled_from(["", True, 2**60, 1.5]))
def test_one_wrong_field_is_enough_to_refuse(lead: dict[str, Any], wrong: Any) -> None:
    assert "leads.0.id" in (refused_fields([lead | {"id": wrong}]) or set())


@given(VALUES)
def test_what_is_no_list_of_leads_is_refused(value: Any) -> None:
    named = refused_fields(value)
    assert named
    assert all(path.startswith("leads") for path in named)


def test_a_query_has_defaults() -> None:
    assert decode_query(QueryDict(""), Query) == Query(limit=5, sort_by=None)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("limit=0", "limit"),
        ("limit=11", "limit"),
        ("limit=many", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=1", "limit"),
        ("sortBy=c", "sortBy"),
        ("sortBy=a%00", "sortBy"),
        ("sort_by=a", "sort_by"),
    ],
)
def test_a_query_is_as_strict_as_a_body(text: str, field: str) -> None:
    with pytest.raises(Problem) as refused:
        decode_query(QueryDict(text), Query)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("given_id", [2**53 + 1, 1e300, 1.5, True, None, "", " ", "x" * 201, []])
def test_a_wrong_id_is_told_what_an_id_is(given_id: Any) -> None:
    with pytest.raises(Problem) as refused:
        decode({"leads": [{"id": given_id}]}, PredictRequest)
    assert refused.value.fields == {"leads.0.id": EXTERNAL_ID_RULE}


@pytest.mark.parametrize("value", [{}, {"id": 1}, {"id": 1, "colour": 2}])
def test_an_object_in_place_of_a_list_is_not_taken_for_an_item(value: dict[str, int]) -> None:
    assert refused_fields(value) == {"leads"}


@pytest.mark.parametrize("name", ["Ada", "Ada " * 40, r"\u0041da " * 30])
def test_rows_come_as_columns_too(name: str) -> None:
    leads = ", ".join(f'{{"id": {number}, "name": "{name}"}}' for number in range(50))
    asked, columns = decode_rows(f'{{"leads": [{leads}]}}'.encode(), PredictRequest, "leads")
    assert columns["id"] == tuple(range(50)) == tuple(lead.id for lead in asked.leads)
    assert columns["name"] == tuple(lead.name for lead in asked.leads)
    assert set(columns["budget"]) == {msgspec.UNSET}


@pytest.mark.parametrize("field", ['"budget": -0.0', '"attributes": {"visits": 8.0}'])
def test_columns_are_of_what_was_read_with_care_where_that_was_needed(field: str) -> None:
    leads = ", ".join(f'{{"id": {number}, {field}}}' for number in range(100))
    asked, columns = decode_rows(f'{{"leads": [{leads}]}}'.encode(), PredictRequest, "leads")
    assert repr(columns) == repr(columns_of(asked.leads))
    assert not {"-0.0", "{'visits': 8.0}"} & {repr(each[0]) for each in columns.values()}
