from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from crm.models import Lead
from scoring.models import LeadScore
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def run(*flags: str) -> str:
    out = StringIO()
    call_command("score", *flags, stdout=out)
    return out.getvalue()


@pytest.fixture
def table(tmp_path) -> Path:
    path: Path = tmp_path / "leads.csv"
    path.write_text("number,calls\n1,3\n2,x\n")
    return path


def test_it_scores_open_leads():
    make_version(1, is_champion=True)
    Lead.objects.create(external_id="1")
    printed = run()
    assert "Scored 1 open lead with version 1 (logistic-regression); another score" in printed
    assert LeadScore.objects.count() == 1


def test_it_scores_a_file_with_the_flags_of_an_import(table):
    make_version(1, is_champion=True)
    output = table.with_name("scores.csv")
    printed = run(
        f"--input={table}", f"--output={output}", "--id=number", "--map=interactions=calls"
    )
    assert "Scored 1 row with version 1" in printed
    assert "1 row cannot be scored; see why in " in printed
    assert output.read_text().startswith("id,conversionProbability,score,modelVersion\n1,0.")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--input={table}"], "give both"),
        (["--output={table}"], "give both"),
        (["--input={table}", "--output={table}"], "would replace --input"),
        (["--input={table}", "--output={table}.xlsx"], "must end with .csv"),
        (["--input={table}", "--output={table}/scores.csv"], "cannot be written"),
        (["--input={table}", "--output=scores.csv", "--id=nothing"], "no column 'nothing'"),
        (["--input=missing.csv", "--output=scores.csv"], "missing.csv cannot be read"),
    ],
)
def test_it_says_what_is_wrong_with_the_flags(table, flags, message):
    make_version(1, is_champion=True)
    with pytest.raises(CommandError, match=message):
        run("--id=number", *(flag.format(table=table) for flag in flags))


def test_without_a_model_of_that_type_it_says_what_to_do():
    with pytest.raises(CommandError, match=r"`manage\.py retrain --model-type random-forest`"):
        run("--model-type=random-forest")


def test_without_a_trained_model_the_scorecard_scores():
    Lead.objects.create(external_id="1")
    assert "Scored 1 open lead with version 1 (scorecard)" in run()
