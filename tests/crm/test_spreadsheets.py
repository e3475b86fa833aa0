from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.spreadsheets import TRIGGERS, escape_formula, unescape_formula


@pytest.mark.parametrize("text", ["=1+1", "==1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1", "'=1"])
def test_a_formula_is_shown_and_not_computed(text: str):
    assert escape_formula(text) == "'" + text


@pytest.mark.parametrize("text", ["", "'", "''", "Ada", "'Ada", "1+1", "a=b", "O'Hara"])
def test_other_text_stays(text: str):
    assert escape_formula(text) == text
    assert unescape_formula(text) == text


@given(st.text(alphabet=st.sampled_from(["'", "a", *sorted(TRIGGERS)])))
def test_nothing_is_lost_and_nothing_starts_a_formula(text: str):
    escaped = escape_formula(text)

    assert unescape_formula(escaped) == text
    assert escaped[:1] not in TRIGGERS
