from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm.importing.repeats import Repeats


@given(st.lists(st.integers(0, 20)))
def test_exactly_the_last_of_each_key_does_not_come_again(keys: list[int]):
    repeats = Repeats()
    for key in keys:
        repeats.add((key, "day"))
    repeats.close()

    found = [repeats.comes_again((key, "day")) for key in keys]

    assert found == [key in keys[place + 1 :] for place, key in enumerate(keys)]


def test_a_key_that_was_never_added_does_not_come_again():
    repeats = Repeats()
    repeats.add("a")
    repeats.add("a")
    repeats.close()

    assert not repeats.comes_again("b")
