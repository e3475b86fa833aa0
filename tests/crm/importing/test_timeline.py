from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm.days import day_start, today
from crm.importing import load as loading
from crm.services import LeadData, lead_upsert, leads_mention
from tests.crm.factories import ACTOR, stored
from tests.crm.importing.files import counts, csv_file, load, states

pytestmark = pytest.mark.django_db
DAY: dict[str, Any] = {"seen_on": "seen"}
OUTCOME: dict[str, Any] = {"outcome": "status", "won": ["won"], "lost": ["lost"]}


def test_it_creates_leads_as_they_were_on_their_day(tmp_path: Path):
    summary = load(csv_file(tmp_path, "id,seen,industry,color", "a,2023-05-01,Steel,red"), **DAY)

    lead = stored("a")
    assert counts(summary) == (1, 0, 0)
    assert (lead.industry, lead.seen_on, lead.source) == ("Steel", date(2023, 5, 1), "import")
    assert (lead.attributes, lead.revision, lead.confirmed) == ({"color": "red"}, 1, True)
    first = lead.history.get()
    assert first.history_date == day_start(date(2023, 5, 1))
    assert (first.history_type, first.history_change_reason) == ("+", "import of leads.csv")
    assert (first.industry, first.attributes) == ("Steel", {"color": "red"})
    assert lead.as_of(date(2023, 5, 1)) == first
    assert lead.as_of(date(2023, 4, 30)) is None


def test_without_a_day_the_lead_is_as_it_is_now(tmp_path: Path):
    load(csv_file(tmp_path, "id,industry", "a,Steel"))

    assert stored("a").seen_on is None
    assert states("a") == [(today(), "+", "Steel")]


@pytest.mark.parametrize("chunk", [1, 2, 1_000])
@pytest.mark.parametrize("days", [(1, 5, 9), (9, 5, 1), (5, 9, 1)])
def test_another_day_is_another_state_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: tuple[int, ...], chunk: int
):
    monkeypatch.setattr(loading, "CHUNK", chunk)
    industry = {1: "Steel", 5: "Iron", 9: "Tin"}
    result = {1: "", 5: "lost", 9: "won"}
    rows = [f"a,2023-05-0{day},{industry[day]},{result[day]}" for day in days]
    path = csv_file(tmp_path, "id,seen,industry,status", *rows)

    load(path, **DAY, **OUTCOME)
    again = load(path, **DAY, **OUTCOME)

    lead = stored("a")
    assert [(day.day, name) for day, _, name in states("a")] == [
        (1, "Steel"),
        (5, "Iron"),
        (9, "Tin"),
    ]
    assert (lead.industry, lead.seen_on) == ("Tin", date(2023, 5, 1))
    assert lead.as_of(date(2023, 5, 6)).industry == "Iron"
    assert lead.outcome.result == "won"
    assert counts(again) == (0, 0, 3)
    assert again.outcomes_updated == 0


def test_a_state_of_another_day_is_kept_even_if_nothing_changed(tmp_path: Path):
    path = csv_file(tmp_path, "id,seen,industry", "a,2023-05-01,Steel", "a,2023-06-01,Steel")

    load(path, **DAY)

    assert [day for day, _, _ in states("a")] == [date(2023, 5, 1), date(2023, 6, 1)]
    assert stored("a").revision == 1


def test_a_corrected_row_of_the_same_day_becomes_the_state_of_that_day(tmp_path: Path):
    load(csv_file(tmp_path, "id,seen,industry", "a,2023-05-01,Steel"), **DAY)

    summary = load(csv_file(tmp_path, "id,seen,industry", "a,2023-05-01,Iron"), **DAY)

    lead = stored("a")
    assert counts(summary) == (0, 1, 0)
    assert (lead.industry, lead.revision) == ("Iron", 2)
    assert states("a") == [(date(2023, 5, 1), "+", "Steel"), (date(2023, 5, 1), "~", "Iron")]
    assert lead.as_of(date(2023, 5, 1)).industry == "Iron"


def test_what_a_person_entered_later_stays_the_present_state(tmp_path: Path):
    path = csv_file(tmp_path, "id,seen,industry", "a,2023-05-01,Steel")
    load(path, **DAY)
    lead_upsert(lead=LeadData(external_id="a", industry="Glass"), source="admin", actor=ACTOR)

    again = load(path, **DAY)
    corrected = load(csv_file(tmp_path, "id,seen,industry", "a,2023-05-01,Tin"), **DAY)

    assert counts(again) == (0, 0, 1)
    assert counts(corrected) == (0, 1, 0)
    assert stored("a").industry == "Glass"
    assert stored("a").as_of(date(2023, 5, 1)).industry == "Tin"


def test_a_state_builds_on_the_one_before_it_and_not_on_a_later_one(tmp_path: Path):
    load(
        csv_file(tmp_path, "id,seen,industry,size", "a,2023-05-01,Steel,big", "a,2023-07-01,Tin,"),
        **DAY,
    )

    load(csv_file(tmp_path, "id,seen,position", "a,2023-06-01,CTO", "a,2023-04-01,CEO"), **DAY)

    lead = stored("a")
    june, april = lead.as_of(date(2023, 6, 1)), lead.as_of(date(2023, 4, 1))
    assert (june.industry, june.size, june.position) == ("Steel", "big", "CTO")
    assert (april.industry, april.size, april.position) == ("", "", "CEO")
    assert (lead.industry, lead.size, lead.position) == ("Tin", "", "")
    assert lead.seen_on == date(2023, 4, 1)


def test_fields_and_attributes_that_the_file_does_not_have_stay(tmp_path: Path):
    lead_upsert(
        lead=LeadData(external_id="a", name="Ada", size="big", attributes={"x": 1, "color": "red"}),
        source="api",
        actor=ACTOR,
    )

    load(csv_file(tmp_path, "id,size,color,new", "a,small,,5"))

    lead = stored("a")
    assert (lead.name, lead.size, lead.attributes) == ("Ada", "small", {"x": 1, "new": 5})
    assert (lead.source, lead.revision) == ("api", 2)


@pytest.mark.parametrize("seen", ["2023-05-01", ""])
def test_a_lead_that_only_a_prediction_mentioned_becomes_what_the_file_says(
    tmp_path: Path, seen: str
):
    leads_mention(leads=[LeadData(external_id="a", size="big")], actor=ACTOR)

    load(csv_file(tmp_path, "id,seen,industry", f"a,{seen},Steel", "a,2023-06-01,Tin"), **DAY)

    lead = stored("a")
    assert lead.confirmed
    assert (lead.size, lead.industry) == ("big", "Steel" if not seen else "Tin")
    assert lead.as_of(date(2023, 6, 1)).industry == "Tin"
    assert lead.history.first().industry == lead.industry


def test_states_of_a_long_history_are_read_only_where_rows_build_on_them(tmp_path: Path):
    lead_upsert(lead=LeadData(external_id="a", industry="now"), source="api", actor=ACTOR)
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(20)]
    load(csv_file(tmp_path, "id,seen,industry", *(f"a,{day},i{day.day}" for day in days)), **DAY)

    load(csv_file(tmp_path, "id,seen,size", "a,2023-01-05,big", "a,2023-01-12,small"), **DAY)

    lead = stored("a")
    assert (lead.as_of(days[4]).industry, lead.as_of(days[4]).size) == ("i5", "big")
    assert (lead.as_of(days[11]).industry, lead.as_of(days[11]).size) == ("i12", "small")
    assert (lead.as_of(days[12]).industry, lead.as_of(days[12]).size) == ("i13", "")
    assert (lead.industry, lead.size) == ("now", "")


def test_a_lead_that_was_known_without_a_day_gets_one(tmp_path: Path):
    load(csv_file(tmp_path, "id,industry", "a,Steel"))

    load(csv_file(tmp_path, "id,industry,seen", f"a,Steel,{today()}"), **DAY)

    assert stored("a").seen_on == today()
    assert [name for _, _, name in states("a")] == ["Steel", "Steel"]
