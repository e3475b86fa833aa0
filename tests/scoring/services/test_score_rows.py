import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.importing import csv_blocks
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.importing.rows import ParsedRow, read_rows
from scoring.dataset import COLUMNS, features_from
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.runtime import Scorer
from scoring.ml.training.conversion import engine_of
from scoring.ml.training.families import fit_estimator
from scoring.services.score_rows import FileRows
from tests.scoring.ml.builders import FIRST_DAY, examples

DAY = date(2026, 3, 1)
N = 300
HEADER = [
    *("id", "name", "industry", "size", "email", "position", "seen", "last contact"),
    *("budget", "interactions", "visits", "country", "started"),
]
ODD = [
    "",
    " ",
    "n/a",
    "UNKNOWN",
    "a\0b",
    "x" * 201,
    "x" * 1001,
    "\u2003Retail\u00a0",
    "ſelect",
    "=1",
]
TEXTS = st.one_of(
    st.sampled_from(["Retail", "banking", " BANKING ", "Müller", 'say "hi"', "a,b", "two\nlines"]),
    st.sampled_from(ODD),
    st.text(max_size=3).filter(lambda text: "\r" not in text and max(text, default="") < "\ud800"),
)
NUMBERS = st.one_of(
    st.integers(0, 10**7).map(str),
    st.sampled_from(["1,234.50", "12.5", "€ 25 000", "25.000", "007", "-0", "-3", "1e3", "7.0"]),
    st.sampled_from(
        ["1000000000001", "1e999", "0.125", "9" * 16, "nan", "EUR 7", "1,5", "N/A", "x"]
    ),
)
DATES = st.one_of(
    st.integers(0, 500).map(lambda days: (DAY - timedelta(days=days)).isoformat()),
    st.sampled_from(["2026-02-03 10:00", "2026-02-03T10:00:00Z", "2026-02-03T23:30:00-05:00"]),
    st.sampled_from(
        ["03.02.2026", "2026-02-30", "0000-00-00", "2099-01-01", "3 Feb 2026", "", "-"]
    ),
)
EMAILS = st.sampled_from(
    ["", "a@gmail.com", "ADA@Acme.Example", "no address", "ü@b.example", " a+b@c.example "]
)
IDS = st.one_of(st.integers(0, 99).map(str), TEXTS)
rows = st.tuples(
    *(IDS, TEXTS, TEXTS, TEXTS, EMAILS, TEXTS, DATES, DATES),
    *(NUMBERS, st.one_of(st.integers(0, 9).map(str), NUMBERS), NUMBERS, TEXTS, DATES),
)
plain = st.tuples(
    *(st.integers(0, 99).map(str), st.just("Ada"), st.just("Retail"), st.just("10")),
    *(st.just("a@gmail.com"), st.just("CEO"), st.just("2026-01-01"), st.just("2025-12-01")),
    *(st.just("12.50"), st.just("3"), st.just("2"), st.just("country 1"), st.just("2025-11-30")),
)


@cache
def scorer() -> Scorer:
    rng = np.random.default_rng(5)
    pick = rng.choice
    training = examples(
        {
            "industry": pick(["Retail", "Banking", "two\nlines"], N).tolist(),
            "size": pick(["10", "200", "5000"], N).tolist(),
            "email_domain": pick(["gmail.com", "acme.example"], N).tolist(),
            "position": pick(["CEO", "Head of Sales"], N).tolist(),
            "last_contact": [date(2024, 1, 1) + timedelta(days=n % 90) for n in range(N)],
            "budget": rng.lognormal(9, 2, N).tolist(),
            "interactions": rng.integers(0, 9, N).astype(float).tolist(),
            "visits": pick(["1", "2.5", "30"], N).tolist(),
            "country": pick([f"country {n}" for n in range(30)], N).tolist(),
            "started": pick(["2024-02-01", "2024-03-01", ""], N).tolist(),
        },
        day=FIRST_DAY + rng.integers(0, 200, N),
        known_after=30,
        label=rng.integers(0, 2, N),
    )
    encoder = LeadEncoder(placeholders=frozenset({"", "n/a"}))
    X = encoder.fit_transform(training)
    setting = {"trees": 20, "leaves": 8, "leaf": 10, "l2": 1.0}
    fitted = fit_estimator("gradient-boosting", setting, X, training.label, training.weight, seed=0)
    return Scorer("gradient-boosting", encoder, engine_of(fitted), Calibration())


def plan_of(path: Path) -> TablePlan:
    options = {"id": "id", "seen_on": "seen", "attributes": "rest", "map": []}
    formats = [f"{column}=%Y-%m-%d" for column in ("seen", "last contact")]
    return TablePlan.from_options(path, {**options, "date_format": formats[:0], "delimiter": ","})


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(plain, rows), min_size=1, max_size=8), st.sampled_from([30, 200, 10**6]))
def test_a_row_scores_by_column_as_it_does_alone(tmp_path, monkeypatch, table, size):
    monkeypatch.setattr(csv_blocks, "CHARACTERS", size)
    monkeypatch.setattr(csv_blocks, "FEW", 2)
    path = tmp_path / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *table])
    try:
        plan = plan_of(path)
    except ImportProblem:  # dates that leave open which number is the month
        return
    alone = list(read_rows(path, plan))
    good = [row for row in alone if isinstance(row, ParsedRow)]

    chunks = list(FileRows(plan, scorer(), DAY).chunks(path))

    assert [int(line) for chunk in chunks for line in chunk.lines] == [row.line for row in good]
    assert [each for chunk in chunks for each in chunk.ids] == [r.lead.external_id for r in good]
    said = np.concatenate([np.empty(0), *(chunk.probabilities for chunk in chunks)])
    leads = [features_from(*map(row.values.get, COLUMNS)) for row in good]
    days = [row.values.get("seen_on") or DAY for row in good]
    expected = [
        float(scorer().probabilities([lead], [day])[0])
        for lead, day in zip(leads, days, strict=True)
    ]
    assert said.tolist() == expected
    rejected = [(row.line, row.reason) for chunk in chunks for row in chunk.rejected]
    assert rejected == [(row.line, row.reason) for row in alone if not isinstance(row, ParsedRow)]


def test_plain_rows_do_not_go_one_by_one(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(500):
            day = DAY - timedelta(days=number % 50)
            cells = ["Ada", "Retail", "10", "a@gmail.com", "CEO", day, f"{day} 10:00", "12.5", "3"]
            writer.writerow([number, *cells, "4", "country 1", "2025-11-30"])
        writer.writerow(["", *[""] * (len(HEADER) - 2), "x"])
    plan = plan_of(path)
    file_rows = FileRows(plan, scorer(), DAY)
    alone = []
    one_by_one = FileRows._one_by_one

    def noting(self: FileRows, rows: Any) -> Any:
        alone.extend(rows)
        return one_by_one(self, rows)

    monkeypatch.setattr(FileRows, "_one_by_one", noting)

    (chunk,) = file_rows.chunks(path)

    assert (len(chunk.ids), len(chunk.rejected), len(alone)) == (500, 1, 1)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_it_reads_files_with_any_line_ends(tmp_path, ending):
    path = tmp_path / "rows.csv"
    path.write_bytes(ending.join(["id,interactions", "1,2", "2,3", ""]).encode())
    plan = TablePlan.from_options(path, {"id": "id"})

    chunks = list(FileRows(plan, scorer(), DAY).chunks(path))

    assert [
        (int(line), each) for c in chunks for line, each in zip(c.lines, c.ids, strict=True)
    ] == [
        (2, "1"),
        (3, "2"),
    ]
