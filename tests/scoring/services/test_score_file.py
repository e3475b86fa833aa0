import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine

from crm.importing.csv_table import CsvTable
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.models import Lead
from scoring.errors import NoTrainedModel
from scoring.ml.frames import to_frame
from scoring.ml.schema import LeadFeatures
from scoring.models import LeadScore, Prediction
from scoring.services import score_rows
from scoring.services.score_file import FileScored, file_score
from tests.scoring.versions import make_version, small_scorer

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(tmp_path) -> Path:
    path: Path = tmp_path / "leads.csv"
    path.write_text(
        "id,interactions,budget,day\n"
        "a,3,100.50,2026-01-05\n"
        "b,many,100,2026-01-05\n"
        "c,12,,\n"
        'd,12,"1,000.00",2026-02-01\n'
    )
    return path


def run(path: Path, **options: Any) -> FileScored:
    flags = {"seen_on": "day", "date_format": ["day=%Y-%m-%d"]}
    plan = TablePlan.from_options(path, flags)
    return file_score(path=path, output=path.with_name("scores.csv"), plan=plan, **options)


def written(path: Path) -> list[dict[str, str]]:
    with path.with_name("scores.csv").open() as file:
        return list(csv.DictReader(file))


def test_it_writes_id_probability_score_and_version_of_each_row(table):
    make_version(5, seed=5, is_champion=True)
    found = run(table)
    rows = written(table)
    assert [row["id"] for row in rows] == ["a", "c", "d"]
    assert {row["modelVersion"] for row in rows} == {"5"}
    leads = [
        LeadFeatures(interactions=3, budget=100.5),
        LeadFeatures(interactions=12),
        LeadFeatures(interactions=12, budget=1000),
    ]
    expected = small_scorer(5).probabilities(leads, [None] * 3).tolist()
    assert [float(row["conversionProbability"]) for row in rows] == pytest.approx(
        expected, abs=1e-12
    )
    assert [int(row["score"]) for row in rows] == [round(100 * each) for each in expected]
    assert (found.scored, found.rejected) == (3, 1)


def test_a_bad_row_goes_with_its_reason_to_a_file_of_its_own(table):
    make_version(1, is_champion=True)
    found = run(table)
    assert found.rejected_to == table.with_name("scores.csv.rejected.csv")
    with found.rejected_to.open() as file:
        (row,) = csv.DictReader(file)
    assert row["id"] == "b"
    assert "interactions" in row["rejected_reason"]


def test_each_row_is_scored_as_of_its_own_day_else_today(table, monkeypatch):
    make_version(1, is_champion=True)
    days: list[Any] = []

    def spy(leads, its_days):
        days.extend(its_days)
        return to_frame(leads, its_days)

    monkeypatch.setattr(score_rows, "to_frame", spy)
    with time_machine.travel("2026-06-01T12:00Z", tick=False):
        run(table)
    assert days == [date(2026, 1, 5), date(2026, 6, 1), date(2026, 2, 1)]


def test_it_stores_nothing(table):
    make_version(1, is_champion=True)
    run(table)
    assert not any(model.objects.exists() for model in (Lead, LeadScore, Prediction))


def test_it_works_in_chunks_and_in_the_files_order(tmp_path, monkeypatch):
    make_version(1, is_champion=True)
    monkeypatch.setattr(score_rows, "CHUNK", 3)
    path = tmp_path / "many.csv"
    lines = [f"{number},{number},1,2026-01-05\n" for number in range(8)]
    path.write_text("id,interactions,budget,day\n" + "".join(lines))
    told = []
    run(path, progress=lambda rows, share: told.append((rows, share)))
    assert [row["id"] for row in written(path)] == [str(number) for number in range(8)]
    assert told == [(3, 3 / 8), (6, 6 / 8), (8, 1.0)]


def test_a_file_that_breaks_off_leaves_the_old_output(table, monkeypatch):
    make_version(1, is_champion=True)
    output = table.with_name("scores.csv")
    output.write_text("old")

    def break_off(table, columns):
        yield from ()
        raise ImportProblem("broke off")

    monkeypatch.setattr(CsvTable, "blocks", break_off)
    with pytest.raises(ImportProblem):
        run(table)
    assert output.read_text() == "old"
    assert sorted(path.name for path in table.parent.iterdir()) == ["leads.csv", "scores.csv"]


def test_it_scores_with_the_type_that_was_asked_for(table):
    make_version(1, is_champion=True)
    make_version(2, model_type="random-forest", is_active=True)
    assert run(table, model_type="random-forest").version.number == 2
    with pytest.raises(NoTrainedModel):
        run(table, model_type="neural-network")
