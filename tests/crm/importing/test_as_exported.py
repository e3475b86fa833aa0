"""Files as other programs write them, imported as they come."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.importing.report import describe_plan
from crm.services.cleaning import ATTRIBUTE_TEXT_LENGTH
from tests.crm.importing.files import csv_file, excel_file, parsed, reasons


def described(path: Path, **options: object) -> str:
    return "\n".join(describe_plan(TablePlan.from_options(path, options)))


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("$1,200.50", "$950", "$12,000.00"), (1200.5, 950, 12000)),
        (("US$ 1,200", "US$ 5", "US$ 700"), (1200, 5, 700)),
        (("1.200,50 €", "950,00 €", "12.000,00 €"), (1200.5, 950, 12000)),
        (("12,5", "7,25", "8"), (12.5, 7.25, 8)),
        (("12.5 %", "7%", "12.345%"), (12.5, 7, 12.345)),
        (("-$5.50", "$1,000.25", "$3"), (-5.5, 1000.25, 3)),
    ],
)
def test_numbers_of_ones_own_are_read_as_people_write_them(
    tmp_path: Path, cells: tuple[str, ...], numbers: tuple[float, ...]
):
    path = csv_file(tmp_path, "id\tx", *(f"{n}\t{cell}" for n, cell in enumerate(cells)))

    assert tuple(row.lead.attributes["x"] for row in parsed(path)) == numbers  # type: ignore[index]


@pytest.mark.parametrize(
    "cells",
    [
        ("00123", "1,200", "7"),  # codes
        ("1.5", "2,5", "3"),  # in two styles
        ("10-50", "50-100", "1,000+"),
        ("1.234", "12.345", "0.1"),  # plain decimals stay what they are
    ],
)
def test_what_is_no_column_of_written_numbers_stays_as_it_is(
    tmp_path: Path, cells: tuple[str, ...]
):
    path = csv_file(tmp_path, "id\tx", *(f"{n}\t{cell}" for n, cell in enumerate(cells)))

    found = [row.lead.attributes["x"] for row in parsed(path)]  # type: ignore[index]
    assert [str(each) for each in found] == list(cells)


def test_a_few_other_words_do_not_spoil_a_column_of_dates_or_amounts(tmp_path: Path):
    lines = [f"{n};{n % 12 + 1}/{n % 28 + 1}/2025 3:45 PM;${n}.50" for n in range(40)]
    path = csv_file(tmp_path, "id;met;spent", *lines, "40;not yet;a lot")

    rows = parsed(path)

    assert rows[30].lead.attributes == {"met": "2025-07-03", "spent": 30.5}
    assert rows[40].lead.attributes == {"met": "not yet", "spent": "a lot"}


def test_what_other_columns_show_settles_which_number_is_the_month(tmp_path: Path):
    path = csv_file(tmp_path, "id,made,visit", "1,12/31/2025,01/02/2026", "2,01/05/2026,03/04/2026")

    first, _ = parsed(path, seen_on="made")

    assert first.lead.attributes == {"visit": "2026-01-02"}


def test_dates_that_nothing_settles_are_named(tmp_path: Path):
    path = csv_file(tmp_path, "id,visit", "1,01/02/2026", "2,03/04/2026")

    assert "day or the month: visit" in described(path)


@pytest.mark.parametrize(
    "cell", ["45658", "45658.75", "1735689600", "1735689600000", "Wed, 01 Jan 2025 10:00:00 GMT"]
)
def test_days_that_programs_count_are_dates_where_a_date_is_expected(tmp_path: Path, cell: str):
    path = csv_file(tmp_path, "id;made", f"1;{cell}")

    (row,) = parsed(path, seen_on="made")

    assert row.lead.seen_on == date(2025, 1, 1)


def test_a_column_named_like_a_field_that_holds_words_is_ones_own(tmp_path: Path):
    lines = [f"{n},high,by mail" for n in range(12)]
    path = csv_file(tmp_path, "id,Budget,Last contact", *lines)

    first, *_ = parsed(path)

    assert first.lead.attributes == {"Budget": "high", "Last contact": "by mail"}
    assert "do not hold what their names say: Budget, Last contact" in described(path)


def test_a_column_that_was_named_for_a_field_is_not_taken_for_another(tmp_path: Path):
    path = csv_file(tmp_path, "id,Spend", *(f"{n},high" for n in range(12)))

    assert reasons(path, map=["budget=Spend"])[2] == "Spend: 'high' is not a number"


def test_names_of_columns_lose_line_ends_and_twins_get_a_number(tmp_path: Path):
    path = csv_file(tmp_path, 'id,"sales\nrep",x,x', "1,Ann,a,b")

    (row,) = parsed(path, outcome="", attributes="sales rep,x (2)")

    assert row.lead.attributes == {"sales rep": "Ann", "x (2)": "b"}
    with pytest.raises(ImportProblem, match="Two columns are named 'x'"):
        parsed(path, seen_on="x")


def test_a_question_as_a_name_is_cut_and_still_found(tmp_path: Path):
    question = "How did you hear " * 8 + "about us?"
    path = csv_file(tmp_path, f"id,{question}", "1,Web")

    (row,) = parsed(path, attributes=question)

    ((name, value),) = (row.lead.attributes or {}).items()  # type: ignore[union-attr]
    assert (len(name), value) == (100, "Web")


def test_a_mistyped_column_gets_the_likely_one(tmp_path: Path):
    path = csv_file(tmp_path, "Lead Number,x", "1,a")

    with pytest.raises(ImportProblem, match="Did you mean 'Lead Number'"):
        parsed(path, id="lead_number")


def test_titles_above_the_names_and_totals_below_the_rows_are_told_apart(tmp_path: Path):
    rows: list[list[Any]] = [
        ["Leads 2026"],
        ["exported", date(2026, 11, 1)],
        [],
        ["id", "region", "calls", "plan", "seats"],
        [1, "North", 3, "a", 1],
        [2, "South", 4, "b", 1],
        ["Total", None, 7, None, 2],
    ]

    path = excel_file(tmp_path, rows)

    assert reasons(path) == {7: "is a line of totals, not a lead"}
    text = csv_file(tmp_path, "Leads 2026", "", "id;region;calls", "1;North;3", "Total:;;3")
    assert reasons(text) == {5: "is a line of totals, not a lead"}


def test_a_lead_may_be_called_total(tmp_path: Path):
    path = csv_file(tmp_path, "id,company,calls", "Total,TotalEnergies,7")

    assert [row.lead.external_id for row in parsed(path)] == ["Total"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str):
    path = csv_file(tmp_path, "id,branche", *(f"{n},Bäckerei" for n in range(9)), encoding=encoding)

    assert {row.lead.attributes["branche"] for row in parsed(path)} == {"Bäckerei"}  # type: ignore[index]
    assert ("text is cp1252" in described(path)) is (encoding == "cp1252")


def test_a_broken_letter_in_utf8_costs_its_row_only(tmp_path: Path):
    path = tmp_path / "leads.csv"
    path.write_bytes("id,x\n1,Zoë\n".encode() + b"2,Zo\xeb\n")

    assert list(reasons(path)) == [3]


def test_any_value_can_mean_won(tmp_path: Path):
    path = csv_file(tmp_path, "id,won on", "1,2025-01-02", "2,", "3,n/a")

    results = [
        row.outcome and row.outcome.result for row in parsed(path, outcome="won on", won=["*"])
    ]

    assert results == ["won", None, None]


def test_empty_columns_make_room_for_others(tmp_path: Path):
    names = [f"property {n}" for n in range(300)]
    path = csv_file(tmp_path, ",".join(["id", "x", *names]), ",".join(["1", "a", *[""] * 300]))

    (row,) = parsed(path)

    assert row.lead.attributes == {"x": "a"}
    assert "empty: property 0" in described(path)


def test_long_notes_are_cut_and_the_lead_is_kept(tmp_path: Path):
    path = csv_file(tmp_path, "id,note", "1," + "é" * 3000)

    (row,) = parsed(path)

    assert len(row.values["attributes"]["note"]) == ATTRIBUTE_TEXT_LENGTH
    assert "cut to 1,000 characters where longer: note" in described(path)


@pytest.mark.parametrize("as_list", [True, False])
def test_objects_in_objects_are_columns(tmp_path: Path, as_list: bool):
    rows = [
        {
            "id": 1,
            "company": {"name": "A", "size": {"n": 4}},
            "tags": ["x", "y"],
            "calls": [{}, {}],
        },
        {"id": 2, "company": {"name": "B"}, "tags": []},
    ]
    path = tmp_path / "leads.json"
    path.write_text(json.dumps(rows) if as_list else "\n".join(map(json.dumps, rows)))

    first, second = parsed(path)

    assert first.lead.attributes == {
        "company.name": "A",
        "company.size.n": 4,
        "tags": "x, y",
        "calls": 2,
    }
    assert second.lead.attributes == {
        "company.name": "B",
        "company.size.n": None,
        "tags": None,
        "calls": None,
    }


def test_excel_counts_days_where_a_date_lost_its_format(tmp_path: Path):
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["id", "made"], [1, 45658], [2, date(2025, 1, 2)]):
        book.active.append(row)
    path = tmp_path / "leads.xlsx"
    book.save(path)

    assert [row.lead.seen_on for row in parsed(path, seen_on="made")] == [
        date(2025, 1, 1),
        date(2025, 1, 2),
    ]
