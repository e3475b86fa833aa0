from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.importing.numbers import NumberReader, NumberSurvey
from crm.importing.problems import CellProblem
from crm.importing.table import Cell


def reader(*cells: Cell) -> NumberReader:
    survey = NumberSurvey()
    for cell in cells:
        survey.observe(cell)
    return survey.reader()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("0", "0"), ("25000", "25000"), ("-5", "-5"), ("25000.5", "25000.5"), ("7.25", "7.25")),
        *(("1,234.56", "1234.56"), ("1.234,56", "1234.56"), ("1,234,567", "1234567")),
        *(("1.234.567", "1234567"), ("25 000", "25000"), ("25 000,50", "25000.5")),
        *(("1'234'567.80", "1234567.8"), ("25\u202f000", "25000"), ("12,5", "12.5")),
        *(("€ 25 000", "25000"), ("25.000,00 €", "25000"), ("$1,234.56", "1234.56")),
        *(("EUR 25000", "25000"), ("25 000 CHF", "25000"), ("1e5", "1e5"), ("2.5E+3", "2500")),
        *(("25,000", "25000"), ("25.000", "25000"), ("0.125", "0.125"), ("0,5", "0.5")),
    ],
)
def test_it_reads_a_number_as_its_column_writes_it(text: str, number: str):
    assert reader(text).number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        *("many", "25k", "1,23,4", "1.234,56.7", "12 34", "0x10", "(500)", "5%", "1_000", "٣"),
        *("1e9999", "9" * 100, "--5", "€", "inf", "1.2.3"),
    ],
)
def test_what_is_no_number_is_refused(text: str):
    with pytest.raises(CellProblem):
        reader(text).number(text)


def test_thousands_or_decimals_is_shown_by_the_column():
    assert reader("1.234", "1.5").number("1.5") == Decimal("1.5")
    assert reader("1.234", "1.234,5").number("1.234") == 1234
    assert reader("1,234", "1,234.5").number("1,234") == 1234


def test_one_odd_value_does_not_divide_a_column_of_thousands_by_a_thousand():
    numbers = reader("25.000", "30.000", "45.000", "7.5")

    assert numbers.number("7.5") == Decimal("7.5")
    with pytest.raises(CellProblem, match="may be thousands or decimals"):
        numbers.number("25.000")


def test_a_column_of_decimals_may_hold_three_of_them():
    assert reader("12.345", "7.12345", "1.5").number("12.345") == Decimal("12.345")


def test_one_bad_value_does_not_turn_the_column():
    assert reader("1,234.56", "2,000.10", "3,5").number("1,234.56") == Decimal("1234.56")


def test_numbers_from_a_spreadsheet_need_no_reading():
    assert NumberReader().number(25000) == 25000
    assert NumberReader().number(0.1) == Decimal("0.1")
    for cell in (math.inf, True):
        with pytest.raises(CellProblem):
            NumberReader().number(cell)


@given(
    st.lists(st.decimals(0, 10**9, allow_nan=False, places=2), min_size=1),
    st.sampled_from([("", "."), (",", "."), (".", ","), (" ", ","), ("'", ".")]),
)
def test_money_with_cents_is_read_right_in_every_style(
    amounts: list[Decimal], style: tuple[str, str]
):
    group, point = style
    texts = [
        f"{amount:,.2f}".replace(".", "_").replace(",", group).replace("_", point)
        for amount in amounts
    ]
    numbers = reader(*texts)

    assert [numbers.number(text) for text in texts] == amounts
