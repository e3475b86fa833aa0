from __future__ import annotations

import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from crm.importing.cells import as_attribute, as_text
from crm.importing.problems import CellProblem


@pytest.mark.parametrize(
    "cell", [None, "", "  ", "n/a", " Unknown ", "-", math.nan, pd.NaT, Decimal("NaN")]
)
def test_a_placeholder_is_not_known_whatever_its_type(cell: Any):
    assert as_text(cell) is None
    assert as_attribute(cell) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        *((" x ", "x"), (7, "7"), (7.0, "7"), (7.5, "7.5"), (Decimal("7.00"), "7"), (True, "true")),
        *((datetime(2025, 1, 2), "2025-01-02"), (datetime(2025, 1, 2, 3), "2025-01-02T03:00:00")),
        *((date(2025, 1, 2), "2025-01-02"), (time(3, 4), "03:04:00"), (1e300, str(int(1e300)))),
        (math.inf, "inf"),
    ],
)
def test_every_cell_has_a_text(cell: Any, text: str):
    assert as_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *(
            ("5", 5),
            ("-5", -5),
            ("5.0", 5),
            ("4.857", 4.857),
            ("1e3", 1000),
            ("0", 0),
            ("-0.5", -0.5),
        ),
        *((3.0, 3), (Decimal("2.50"), 2.5), (7, 7), (True, True), ("true", "true")),
        *(("00123", "00123"), ("1,234", "1,234"), ("+5", "+5"), (" x ", "x"), ("1e", "1e")),
        *(("1234567890123456", "1234567890123456"), ("٣", "٣"), (date(2025, 1, 2), "2025-01-02")),
    ],
)
def test_plain_numbers_are_kept_as_numbers_and_codes_as_text(cell: Any, value: Any):
    stored = as_attribute(cell)

    assert stored == value
    assert type(stored) is type(value)


@pytest.mark.parametrize(
    "cell", ["1e400", math.inf, -math.inf, Decimal("Infinity"), Decimal("1e999")]
)
def test_a_number_that_no_database_keeps_is_refused(cell: Any):
    with pytest.raises(CellProblem, match="not a finite number"):
        as_attribute(cell)
