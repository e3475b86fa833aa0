from __future__ import annotations

from typing import Any

import pytest

from crm.importing.mapping import ColumnPlan, plan_columns
from crm.importing.problems import ImportProblem

COLUMNS = ["id", "seen", "branch", "score", "status", "closed", "amount"]


def plan(columns: list[str] = COLUMNS, **options: Any) -> ColumnPlan:
    return plan_columns(options, columns)


@pytest.mark.parametrize("name", ["lastContact", "last_contact", "LASTCONTACT"])
def test_a_field_goes_by_the_contracts_name_or_the_models(name: str):
    assert plan(map=[f"{name}=seen"]).fields == {"last_contact": "seen"}


def test_columns_without_another_use_are_attributes():
    planned = plan(
        seen_on="seen", map=["industry=branch"], outcome="status", won=["Won"], outcome_on="closed"
    )

    assert planned.attributes == ("score", "amount")
    assert plan(attributes="none").attributes == ()
    assert plan(attributes="score, branch,score").attributes == ("score", "branch")


def test_a_column_named_like_a_field_is_that_field():
    columns = ["id", "Company", "previousPurchases", "Last Contact", "budget", "extra"]

    planned = plan(columns)

    assert planned.fields == {
        "company": "Company",
        "previous_purchases": "previousPurchases",
        "last_contact": "Last Contact",
        "budget": "budget",
    }
    assert planned.attributes == ("extra",)


def test_it_is_not_if_it_was_said_otherwise():
    columns = ["id", "company", "budget", "size", "firm", "name"]

    planned = plan(
        columns, map=["company=firm", "budget="], attributes="size", outcome="name", won=["x"]
    )

    assert planned.fields == {"company": "firm"}
    assert planned.attributes == ("size",)
    assert plan(columns, map=["company=firm"]).attributes == ("company",)


def test_a_column_name_may_hold_an_equals_sign():
    assert plan(["id", "a=b"], map=["industry=a=b"]).fields == {"industry": "a=b"}


def test_outcome_values_are_compared_without_case():
    planned = plan(outcome="status", won=["Won", "SIGNED "], lost=["no"], disqualified=["Junk"])

    assert planned.results == {"won": "won", "signed": "won", "no": "lost", "junk": "disqualified"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"id": "key"}, r"--id: there is no column 'key'. The file has 'id', 'seen', 'branch'"),
        ({"id": "key"}, r"'branch'[^.]*\.$"),
        ({"seen_on": "Seen"}, "--seen-on: there is no column 'Seen'"),
        ({"map": ["industry=Branch"]}, "there is no column 'Branch'"),
        (
            {"map": ["color=branch"]},
            "no field 'color'. The fields are name, company, .*lastContact",
        ),
        ({"map": ["seenOn=seen"]}, "no field 'seenOn'"),
        ({"map": ["industry"]}, "write it as FIELD=COL"),
        ({"map": ["size=branch", "size=score"]}, "mapped twice"),
        ({"attributes": "score,colour"}, "--attributes: there is no column 'colour'"),
        ({"outcome": "Status", "won": ["x"]}, "--outcome: there is no column 'Status'"),
        ({"outcome": "status"}, "Say which values of 'status' mean what"),
        ({"won": ["x"]}, "Say with --outcome COL"),
        ({"outcome_on": "closed"}, "Say with --outcome COL"),
        ({"value": "amount"}, "Say with --outcome COL"),
        ({"outcome": "status", "won": ["x"], "lost": ["X"]}, "'X' cannot mean two outcomes"),
        ({"outcome": "status", "won": ["x"], "outcome_on": "Closed"}, "--outcome-on: there is no"),
        ({"date_format": ["seen"]}, "write it as COL=FMT"),
        ({"date_format": ["sen=%d/%m/%Y"]}, "--date-format: there is no column 'sen'"),
        ({"date_format": ["seen=%d"], "seen_on": "seen"}, "a format says where"),
        ({"date_format": ["id=%d/%m/%Y"]}, "not read as a date"),
    ],
)
def test_what_does_not_fit_is_said_with_what_there_is(options: dict[str, Any], message: str):
    with pytest.raises(ImportProblem, match=message):
        plan(**options)


def test_a_format_may_hold_an_equals_sign_in_its_column():
    planned = plan(["id", "a=b"], map=["lastContact=a=b"], date_format=["a=b=%d/%m/%Y"])

    assert planned.formats == {"a=b": "%d/%m/%Y"}


def test_too_many_or_unreadable_attributes_are_refused():
    with pytest.raises(ImportProblem, match="these are 201 with a value: choose with --attributes"):
        plan(["id", *(f"c{n}" for n in range(201))]).fitting((), {})
    for name in ("a\0b", "gr\udcf6\udcdfe"):
        with pytest.raises(ImportProblem, match="rename it"):
            plan(["id", name])
