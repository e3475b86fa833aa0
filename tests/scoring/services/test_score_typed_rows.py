"""Parquet and NDJSON have cells of many kinds: by column they are what they are alone."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.importing import ndjson_table, parquet_table
from crm.importing.ndjson_table import NdjsonTable
from crm.importing.parquet_table import ParquetTable
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.importing.rows import ParsedRow, read_rows
from crm.importing.survey import Survey
from scoring.dataset import COLUMNS, features_from
from scoring.services.score_rows import FileRows
from tests.scoring.services.test_score_rows import (
    DATES,
    DAY,
    EMAILS,
    HEADER,
    NUMBERS,
    TEXTS,
    scorer,
)

careful = settings(max_examples=150, suppress_health_check=list(HealthCheck))
WHOLE = st.one_of(
    st.integers(-3, 300),
    st.sampled_from([20260203, 10**12 + 1, 10**15, 2**53 + 1, 2**63 - 1, 0]),
)
REAL = st.one_of(
    st.integers(-3, 300).map(float),
    st.floats(0, 1000).map(lambda number: round(number, 2)),
    st.sampled_from([-0.0, 0.005, 2.675, 1e12 + 0.5, 1e22, 1e39, 1e-9, 20260203.0, 12.345]),
)
WORDS = st.one_of(TEXTS, NUMBERS, DATES, EMAILS)
SCALARS = st.one_of(WORDS, WHOLE, REAL, st.booleans(), st.none())
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 3, 9))
MOMENTS = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2026, 3, 9))
ISO = DAYS.map(dt.date.isoformat)
# A column that writes no dates, or not clearly, ends it: most are clear.
DATES_OF = {"seen", "last contact"}
DATED = [ISO, ISO, st.one_of(ISO, st.just("2026-02-03T10:00:00Z")), st.none(), SCALARS]
DAY_TYPES = (pa.date32(), pa.timestamp("us"), pa.timestamp("ms", "America/New_York"), pa.null())
OF_JSON = [WORDS, WHOLE, REAL, st.one_of(WHOLE, REAL), st.booleans(), SCALARS]
OF_PARQUET: dict[pa.DataType, Any] = {
    pa.string(): WORDS,
    pa.large_string(): WORDS,
    pa.dictionary(pa.int32(), pa.string()): WORDS,
    pa.int64(): WHOLE,
    pa.int16(): st.integers(-3, 300),
    pa.float64(): st.one_of(REAL, st.just(float("nan")), st.just(float("inf"))),
    pa.float32(): st.floats(-1, 1e6, width=32),
    pa.bool_(): st.booleans(),
    pa.date32(): DAYS,
    pa.timestamp("us"): st.one_of(MOMENTS, DAYS.map(lambda d: dt.datetime(d.year, d.month, d.day))),
    pa.timestamp("ms", "America/New_York"): MOMENTS.map(
        lambda m: m.replace(tzinfo=dt.UTC, microsecond=0)
    ),
    pa.decimal128(20, 3): st.integers(-3, 10**9).map(lambda n: Decimal(n) / 1000),
    pa.null(): st.none(),
}


@st.composite
def json_lines(draw: st.DrawFn) -> list[str]:
    kinds = [draw(st.sampled_from(DATED if name in DATES_OF else OF_JSON)) for name in HEADER]
    row = st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(kind, st.none()) for name, kind in zip(HEADER, kinds, strict=True)
        },
    ).map(json.dumps)
    odd = st.sampled_from(
        ["", "{}", "{", "[1]", '{"id": 5, "size": [1]}', '{"id": 7, "attributes": {"visits": {}}}']
    )
    first = json.dumps(dict.fromkeys(HEADER, None))
    return [first, *draw(st.lists(st.one_of(row, row, row, odd), min_size=1, max_size=8))]


@st.composite
def parquet_columns(draw: st.DrawFn) -> dict[str, pa.Array]:
    rows = draw(st.integers(1, 8))
    columns = {}
    for name in HEADER:
        usual = DAY_TYPES if name in DATES_OF else ()
        kind = draw(st.sampled_from([*(6 * usual), *OF_PARQUET]))
        cell = st.one_of(OF_PARQUET[kind], OF_PARQUET[kind], st.none())
        columns[name] = pa.array(draw(st.lists(cell, min_size=rows, max_size=rows)), kind)
    return columns


def surveyed(path: Path) -> TablePlan | str:
    options = {"id": "id", "seen_on": "seen", "attributes": "rest", "map": []}
    try:
        return TablePlan.from_options(path, options)
    except ImportProblem as problem:
        return problem.message


def found_by(survey: Survey) -> tuple[object, ...]:
    return survey, survey.repeats._hashes, survey.repeats._left


def check(path: Path, table: type[NdjsonTable | ParquetTable], monkeypatch: Any) -> None:
    """What the columns of a file say is what its rows say."""
    plan = surveyed(path)
    with monkeypatch.context() as by_row:
        by_row.setattr(table, "blocks", lambda self, columns: self.rows())
        expected = surveyed(path)
    if isinstance(plan, str) or isinstance(expected, str):
        assert plan == expected
        return
    assert found_by(plan.survey) == found_by(expected.survey)
    alone = list(read_rows(path, plan))
    good = [row for row in alone if isinstance(row, ParsedRow)]

    chunks = list(FileRows(plan, scorer(), DAY).chunks(path))

    assert [int(line) for chunk in chunks for line in chunk.lines] == [row.line for row in good]
    assert [each for chunk in chunks for each in chunk.ids] == [r.lead.external_id for r in good]
    said = np.concatenate([np.empty(0), *(chunk.probabilities for chunk in chunks)])
    leads = [features_from(*map(row.values.get, COLUMNS)) for row in good]
    days = [row.values.get("seen_on") or DAY for row in good]
    assert said.tolist() == [
        float(scorer().probabilities([lead], [day])[0])
        for lead, day in zip(leads, days, strict=True)
    ]
    rejected = [(row.line, row.reason) for chunk in chunks for row in chunk.rejected]
    assert rejected == [(row.line, row.reason) for row in alone if not isinstance(row, ParsedRow)]


@careful
@given(json_lines(), st.sampled_from([1, 300, 1 << 22]))
def test_json_scores_by_column_as_it_does_row_by_row(tmp_path, monkeypatch, lines, size):
    monkeypatch.setattr(ndjson_table, "BLOCK_BYTES", size)
    path = tmp_path / "rows.ndjson"
    path.write_text("".join(f"{line}\n" for line in lines))

    check(path, NdjsonTable, monkeypatch)


@careful
@given(parquet_columns(), st.sampled_from([1, 3, 50_000]))
def test_parquet_scores_by_column_as_it_does_row_by_row(tmp_path, monkeypatch, columns, size):
    monkeypatch.setattr(parquet_table, "MANY", size)
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table(columns), path)

    check(path, ParquetTable, monkeypatch)


def plain_rows() -> Iterator[dict[str, Any]]:
    for number in range(500):
        yield {
            **{"id": number, "name": "Ada", "industry": "Retail", "size": "10"},
            **{"email": "a@gmail.com", "seen": "2026-02-01", "budget": 12.5, "interactions": 3},
            **{"visits": number % 7, "country": "country 1"},
        }


@pytest.mark.parametrize("kind", ["ndjson", "parquet"])
def test_plain_cells_do_not_go_one_by_one(tmp_path, monkeypatch, kind):
    path = tmp_path / f"rows.{kind}"
    rows = [*plain_rows(), {"id": None, "name": "nobody"}]
    if kind == "ndjson":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    plan = surveyed(path)
    assert isinstance(plan, TablePlan)
    alone = []
    one_by_one = FileRows._one_by_one

    def noting(self: FileRows, rows: Any) -> Any:
        alone.extend(rows)
        return one_by_one(self, rows)

    monkeypatch.setattr(FileRows, "_one_by_one", noting)

    (chunk,) = FileRows(plan, scorer(), DAY).chunks(path)

    assert (len(chunk.ids), len(chunk.rejected), len(alone)) == (500, 1, 1)
