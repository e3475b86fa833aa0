from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from crm.days import today
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.importing.rows import read_rows
from crm.values import UNSET, OutcomeData
from tests.crm.importing.files import csv_file, excel_file, parquet_file, parsed, read, reasons

HEADER = "id,name,email,lastContact,budget,previousPurchases,interactions,color"


def test_a_row_is_a_lead_with_every_field_in_its_type(tmp_path: Path):
    path = csv_file(
        tmp_path,
        HEADER + ",seen",
        '7,Ada,ada@x.org,15.06.2023,"1.234,50",2,8.0,red,2023-06-01',
        "8,n/a,unknown,-,,?,Select,,",
    )

    first, second = parsed(path, seen_on="seen")

    lead = first.lead
    assert (lead.external_id, lead.name, lead.email) == ("7", "Ada", "ada@x.org")
    assert (lead.last_contact, lead.seen_on) == (date(2023, 6, 15), date(2023, 6, 1))
    assert (lead.budget, lead.previous_purchases, lead.interactions) == (Decimal("1234.50"), 2, 8)
    assert lead.attributes == {"color": "red"}
    assert lead.industry is UNSET
    nothing = second.lead
    assert nothing.name is nothing.email is nothing.last_contact is nothing.budget is None
    assert nothing.interactions is nothing.seen_on is None
    assert nothing.attributes == {"color": None}


def test_excel_and_parquet_give_the_same_leads_as_csv(tmp_path: Path):
    day = datetime(2023, 6, 15)
    plain = csv_file(tmp_path, "id,lastContact,budget,code,rate", "1,2023-06-15,2500.5,007,3.0")
    sheet = excel_file(
        tmp_path, [["id", "lastContact", "budget", "code", "rate"], [1, day, 2500.5, "007", 3.0]]
    )
    parquet = parquet_file(
        tmp_path,
        {"id": [1], "lastContact": [day], "budget": [2500.5], "code": ["007"], "rate": [3.0]},
    )

    values = [parsed(path)[0].values for path in (plain, sheet, parquet)]

    assert values[0] == values[1] == values[2]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"id": ""}, "id: Must not be empty."),
        ({"id": "x" * 201}, "id: Must have at most 200 characters."),
        ({"name": "x" * 201}, "name: Must have at most 200 characters."),
        ({"name": "a\0b"}, "name: Must not hold a NUL character."),
        ({"color": "a\0b"}, "attributes: 'color': Must not hold a NUL character."),
        ({"color": "1e400"}, "color: is not a finite number"),
        ({"email": "nobody@"}, "email: Must be an e-mail address."),
        ({"budget": "-1"}, "budget: Must be from 0 to 1,000,000,000,000."),
        ({"budget": "1e400"}, "budget: Must be from 0 to 1,000,000,000,000."),
        ({"budget": "25k"}, "budget: '25k' is not a number"),
        ({"interactions": "2.5"}, "interactions: '2.5' is not a whole number"),
        ({"interactions": "1000001"}, "interactions: Must be from 0 to 1,000,000."),
        ({"lastContact": "soon"}, "lastContact: 'soon' is not a date as the column writes them"),
    ],
)
def test_a_bad_value_rejects_its_row_with_the_reason(
    tmp_path: Path, cells: dict[str, str], reason: str
):
    good = dict(
        zip(
            HEADER.split(","),
            ("2", "B", "b@x.org", "2023-06-15", "5", "1", "1", "blue"),
            strict=True,
        )
    )
    bad = {**good, **cells}
    path = csv_file(tmp_path, HEADER, ",".join(good.values()), ",".join(bad.values()))

    assert reasons(path) == {3: reason}


def test_a_reason_names_everything_that_is_wrong_by_the_files_own_columns(tmp_path: Path):
    path = csv_file(tmp_path, "Nr,Volumen,Kontakt", "1,viel,2023-06-15", "2,mehr,gestern")

    assert reasons(path, id="Nr", map=["budget=Volumen", "lastContact=Kontakt"])[3] == (
        "Volumen: 'mehr' is not a number; "
        "Kontakt: 'gestern' is not a date as the column writes them"
    )


def test_a_day_in_the_future_is_rejected(tmp_path: Path):
    ahead = today() + timedelta(days=2)
    path = csv_file(tmp_path, "id,seen", "1,2023-06-15", f"2,{ahead}", f"3,{today()}")

    assert reasons(path, seen_on="seen") == {3: f"seen: {ahead} lies in the future."}


def test_an_outcome_is_read_from_its_column(tmp_path: Path):
    path = csv_file(
        tmp_path,
        "id,status,closed,amount",
        "1,Won,2023-06-15,500",
        "2,LOST,,n/a",
        "3,junk,2023-06-16,",
        "4,negotiation,2099-01-01,a lot",
        "5,,2099-01-01,",
        "6,unknown,,",
    )
    options = {"outcome": "status", "won": ["won"], "lost": ["lost"], "disqualified": ["Junk"]}

    rows = parsed(path, **options, outcome_on="closed", value="amount")

    assert [row.outcome for row in rows] == [
        OutcomeData(
            external_id="1", result="won", occurred_on=date(2023, 6, 15), value=Decimal(500)
        ),
        OutcomeData(external_id="2", result="lost"),
        OutcomeData(external_id="3", result="disqualified", occurred_on=date(2023, 6, 16)),
        None,
        None,
        None,
    ]
    assert [row.undecided for row in rows] == ["", "", "", "negotiation", "", ""]


def test_a_placeholder_or_nothing_can_be_an_outcome_if_it_is_named(tmp_path: Path):
    path = csv_file(tmp_path, "id,status", "1,yes", "2,unknown", "3,")

    rows = parsed(path, outcome="status", won=["yes"], lost=["Unknown", ""])

    assert [row.outcome.result for row in rows if row.outcome] == ["won", "lost", "lost"]


def test_a_bad_day_or_value_of_an_outcome_rejects_its_row(tmp_path: Path):
    ahead = today() + timedelta(days=2)
    path = csv_file(
        tmp_path, "id,y,closed,amount", "1,yes,2023-06-15,5", f"2,yes,{ahead},5", "3,yes,,-5"
    )

    assert reasons(path, outcome="y", won=["yes"], outcome_on="closed", value="amount") == {
        3: f"closed: {ahead} lies in the future.",
        4: "amount: Must be from 0 to 1,000,000,000,000.",
    }


def test_numbers_in_excel_and_booleans_can_be_outcomes(tmp_path: Path):
    path = excel_file(tmp_path, [["id", "y"], [1, 1.0], [2, 0]])

    rows = parsed(path, outcome="y", won=["1"], lost=["0"])

    assert [row.outcome.result for row in rows if row.outcome] == ["won", "lost"]


def test_rejected_rows_can_be_imported_as_they_are_once_they_are_mended(tmp_path: Path):
    path = csv_file(tmp_path, "id,color,rejected_line,rejected_reason", "1,red,17,because")

    (row,) = parsed(path)

    assert row.lead.attributes == {"color": "red"}


def test_a_file_that_changed_after_it_was_looked_through_is_not_read(tmp_path: Path):
    path = csv_file(tmp_path, "id,a", "1,2")
    plan = TablePlan.from_options(path, {})
    csv_file(tmp_path, "id,b", "1,2")

    with pytest.raises(ImportProblem, match="has changed"):
        list(read_rows(path, plan))


def test_rows_keep_their_line_and_cells(tmp_path: Path):
    path = csv_file(tmp_path, "id,a", " 1 ,x", "2", "3,y")

    assert [(row.line, list(row.cells)) for row in read(path)] == [
        (2, [" 1 ", "x"]),
        (3, ["2"]),
        (4, ["3", "y"]),
    ]
