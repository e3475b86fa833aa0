"""JSON read quickly is what it is when read with care, or it is left to care."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.api.wire import UpsertRequest
from leadscoring.api.decoding import decode
from leadscoring.api.parsing import parse
from leadscoring.api.quick import columns_of, decode_quickly
from leadscoring.errors import Problem
from scoring.api.wire import PredictRequest

NAMES = ["id", "name", "budget", "interactions", "lastContact", "attributes", "score", "reasons"]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 30),
    st.sampled_from(["", "a", ":", '":', '" :', "\\u0000", "\u2028", "2026-01-31", "é"]),
    st.sampled_from(["2026-01-31T10:00:00Z", 8.0, -0.0, 0.1, 1e22, 2**53 + 1]),
)
# A member more than once is what Python's dicts cannot hold: so objects are pairs.
objects = st.lists(st.tuples(st.sampled_from(["a", "b", '"c":']), scalars), max_size=3)
leads = st.lists(st.tuples(st.sampled_from(NAMES), st.one_of(scalars, objects)), max_size=6)


def written(value: Any, colon: str, ascii_only: bool) -> str:
    """JSON of pairs, which may come twice."""
    pairs = [
        json.dumps(name, ensure_ascii=ascii_only)
        + colon
        + (
            written(each, colon, ascii_only)
            if isinstance(each, list)
            else json.dumps(each, ensure_ascii=ascii_only)
        )
        for name, each in value
    ]
    return "{" + ", ".join(pairs) + "}"


def as_json(value: Any) -> bytes:
    """Tells 8 from 8.0, and zeros by their sign."""
    return msgspec.json.encode(value, enc_hook=lambda day: [day.text, day.day.isoformat()])


@settings(max_examples=400)
@given(
    st.lists(leads, min_size=1, max_size=3),
    st.sampled_from([":", ": ", " :", "\n:\n"]),
    st.booleans(),
    st.sampled_from(["", '"store": false, ', '"store": true, "store": true, ']),
    st.sampled_from([PredictRequest, UpsertRequest]),
)
def test_it_gives_what_care_gives(rows, colon, ascii_only, before, kind):
    joined = ", ".join(written(row, colon, ascii_only) for row in rows)
    raw = f'{{{before}"leads": [{joined}]}}'.encode()

    quick = decode_quickly(raw, kind)

    if quick is not None:
        value, columns = quick
        assert as_json(value) == as_json(decode(parse(raw), kind))
        (found,) = columns.values()
        assert repr(found) == repr(columns_of(value.leads))


@pytest.mark.parametrize(
    "lead",
    [
        '{"id": 1, "name": "a", "name": "b"}',
        '{"id": 1, "attributes": {"a": 1, "a": 2}}',
        '{"id": 1, "reasons": [{"a": 1, "a": 2}]}',
        '{"id": 1, "id" : 1}',
        '{"id": 1, "name": "a:", "id": 1}',
    ],
)
@pytest.mark.parametrize("around", ['{"leads": [%s]}', '{"store": true, "leads": [%s]}'])
def test_no_key_comes_twice_in_silence(lead, around):
    raw = (around % lead).encode()

    assert decode_quickly(raw, PredictRequest) is None
    with pytest.raises(Problem, match="same key twice"):
        parse(raw)


@pytest.mark.parametrize(
    "raw",
    [
        '{"leads": [{"id": 1, "name": "a", "lastContact": "2026-01-31"}, {"id": "x"}]}',
        '{"leads": [{"id": 1, "lastContact": "2026-01-31T10:00:00Z"}], "explain": false}',
        '{"leads":[{"id":1,"attributes":{"a":0.5,"b":null},"score":3}],"modelType":"auto"}',
        '{\n  "leads": [\n    {\n      "id": 1,\n      "name": "C:\\\\ a\\n"\n    }\n  ]\n}',
    ],
)
def test_what_clients_send_is_read_quickly(raw):
    assert decode_quickly(raw.encode(), PredictRequest) is not None
