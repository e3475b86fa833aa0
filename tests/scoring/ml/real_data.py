"""The two real data sets as training examples; tests that need them skip where they are absent.

The bank's phone leads are UCI Bank Marketing (Moro, Cortez, Rita 2014,
doi 10.1016/j.dss.2014.03.001, CC BY 4.0); the B2B opportunities are those of Bohanec, Kljajic
Borstnar and Robnik-Sikonja (2017, CC BY 4.0).
"""

import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.ml.examples import Examples
from scoring.ml.schema import ATTRIBUTE_PREFIX, DAY, SCALAR_FIELDS

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("LEADSCORING_DATA", ROOT.parent / "shared" / "data"))
PLACEHOLDERS = frozenset({"", "unknown", "n/a", "select"})
NUMBERS = ("budget", "previous_purchases", "interactions")


def read(name: str) -> pd.DataFrame:
    """A data file with every value as text, or None where the cell is empty."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not in LEADSCORING_DATA ({FOLDER})")  # data of others; CI has it
    table = pd.read_csv(path, dtype=str, keep_default_na=False).astype(object)
    return table.mask(table == "", None)


def examples_of(
    table: pd.DataFrame, won: pd.Series, day: pd.Series | None, fields: dict[str, str]
) -> Examples:
    """Examples of a table of text: `fields` maps a lead's fields to columns, the rest are
    attributes. Each row is a lead, known on its own day."""
    columns: dict[str, pd.Series] = {}
    for name in SCALAR_FIELDS:
        columns[name] = (
            table[fields[name]] if name in fields else pd.Series(None, table.index, dtype=object)
        )
        if name in NUMBERS:
            columns[name] = columns[name].astype("float64")
    columns["last_contact"] = pd.to_datetime(columns["last_contact"])
    for name in table.columns.drop(list(fields.values())):
        columns[ATTRIBUTE_PREFIX + name] = table[name]
    no_day = pd.Series(pd.NaT, table.index, dtype="datetime64[s]")
    columns[DAY] = no_day if day is None else pd.to_datetime(day)
    days = columns[DAY].to_numpy().astype("datetime64[D]")
    return Examples(
        features=pd.DataFrame(columns),
        label=won.to_numpy(dtype=np.int8),
        weight=np.ones(len(table)),
        day=days,
        known_on=days,
        lead=np.arange(len(table), dtype=np.int64),
    )


@cache
def bank() -> Examples:
    """24,712 phone leads in time order; `attributes.duration` leaks the outcome."""
    table = read("bank_marketing.csv.gz")
    return examples_of(
        table.drop(columns=["lead_id", "contacted_on", "y"]),
        won=table["y"] == "yes",
        day=table["contacted_on"],
        fields={"industry": "job", "interactions": "campaign"},
    )


@cache
def salvirt() -> Examples:
    """448 B2B opportunities without dates, 83 of them exact duplicates."""
    table = read("salvirt_b2b.csv")
    return examples_of(
        table.drop(columns=["lead_id", "Status"]),
        won=table["Status"] == "Won",
        day=None,
        fields={"size": "Comp_size"},
    )
