from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crm.importing import csv_blocks
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from tests.crm.importing.files import csv_file, parsed


def test_attributes_that_are_dates_become_iso_dates(tmp_path: Path):
    path = csv_file(
        tmp_path,
        "id,us,german,iso,as us,open,mixed,number",
        "1,01/02/2023,03.04.2023,2023-04-03 10:00,01/02/2023,01-02-2023,15.06.2023,20230615",
        "2,01/31/2023,n/a,2023-04-04 11:00,03/04/2023,03-04-2023,soon,20230616",
    )

    first, second = parsed(path)

    assert first.lead.attributes == {
        "us": "2023-01-02",
        "german": "2023-04-03",
        "iso": "2023-04-03 10:00",
        "as us": "2023-01-02",
        "open": "01-02-2023",
        "mixed": "15.06.2023",
        "number": 20230615,
    }
    assert second.values["attributes"]["us"] == "2023-01-31"
    assert second.values["attributes"]["german"] is None


def test_an_attribute_is_a_date_if_a_format_says_so(tmp_path: Path):
    path = csv_file(tmp_path, "id,open", "1,01/02/2023")

    (row,) = parsed(path, date_format=["open=%d/%m/%Y"])

    assert row.lead.attributes == {"open": "2023-02-01"}


def test_an_ambiguous_column_of_days_stops_unless_its_format_is_given(tmp_path: Path):
    path = csv_file(tmp_path, "id,seen", "1,01/02/2023", "2,03/04/2023")

    with pytest.raises(ImportProblem, match=r"'seen' does not show .*--date-format"):
        parsed(path, seen_on="seen")
    rows = parsed(path, seen_on="seen", date_format=["seen=%d/%m/%Y"])
    assert [row.lead.seen_on for row in rows] == [date(2023, 2, 1), date(2023, 4, 3)]


def test_outcome_values_that_never_come_stop_before_an_import_without_outcomes(tmp_path: Path):
    path = csv_file(tmp_path, "id,status", "1,won", "2,lost", "3,")

    with pytest.raises(ImportProblem, match=r"No row has an outcome .* holds 'won', 'lost'"):
        parsed(path, outcome="status", won=["yes"], lost=["no"])
    assert len(parsed(path, outcome="status", won=["Won"], lost=["no"])) == 3


def test_it_reports_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(csv_blocks, "CHARACTERS", 5_000)
    path = csv_file(tmp_path, "id,a", *(f"{n},{n}" for n in range(2_500)))
    calls: list[tuple[int, float | None]] = []

    plan = TablePlan.from_options(path, {}, lambda rows, part: calls.append((rows, part)))

    assert plan.survey.rows == 2_500
    told = [rows for rows, _ in calls]
    assert len(told) == 3
    assert 1_000 <= told[0] < told[1] < told[2] == 2_500
    assert calls[-1][1] == 1.0


def test_a_file_with_a_header_only_has_no_rows(tmp_path: Path):
    path = csv_file(tmp_path, "id,seen,status")

    assert parsed(path, seen_on="seen", outcome="status", won=["x"]) == []
