"""Arrays in PostgreSQL's binary form. That it is PostgreSQL's own: test_postgresql."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leadscoring.postgresql.arrays import from_binary, to_binary


@given(st.lists(st.integers(-(2**63), 2**63 - 1)), st.lists(st.floats()))
def test_arrays_are_read_as_they_were_written(whole: list[int], numbers: list[float]) -> None:
    assert from_binary(to_binary(whole, "i8"), "i8").tolist() == whole
    again = from_binary(to_binary(numbers, "f8"), "f8").tolist()
    assert list(map(repr, again)) == list(map(repr, numbers))


def test_no_array_has_no_values() -> None:
    assert from_binary(None, "i8").tolist() == []
