import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from scoring.models import ModelVersion
from scoring.services import retrain
from tests.scoring.crowd import add_crowd
from tests.scoring.locked import another_retrain
from tests.scoring.trained import trained
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch) -> dict[str, Any]:
    """What training was asked for; it takes no time."""
    options: dict[str, Any] = {}

    def train(_examples: object, **given: Any) -> object:
        options.update(given)
        given["progress"]("Fitting", 0.5)
        return trained()

    monkeypatch.setattr(retrain, "train", train)
    return options


def run(*flags: str) -> str:
    out = StringIO()
    call_command("retrain", *flags, stdout=out)
    return out.getvalue()


def test_it_trains_every_type_and_prints_the_report(asked):
    printed = run()
    assert asked["model_types"] == (
        "logistic-regression",
        "random-forest",
        "gradient-boosting",
        "neural-network",
    )
    assert "What it learned from" in printed
    assert ModelVersion.objects.champion() is not None


def test_it_passes_on_what_it_was_told(asked):
    run(
        "--model-type=random-forest",
        "--model-type=neural-network",
        "--keep=duration",
        "--drop=age",
        "--drop=job",
        "--seed=7",
        "--no-promote",
    )
    assert asked["model_types"] == ["random-forest", "neural-network"]
    assert (asked["keep"], asked["drop"], asked["seed"]) == (["duration"], ["age", "job"], 7)
    assert "unknown" in asked["placeholders"]
    assert ModelVersion.objects.champion() is None


def test_it_ends_with_3_where_there_is_too_little_to_learn_from():
    add_crowd(30)
    with pytest.raises(CommandError, match="40") as refused:
        run("--model-type=logistic-regression")
    assert refused.value.returncode == 3
    assert not ModelVersion.objects.exists()


def test_it_ends_with_3_where_there_is_nothing_to_learn_from_and_the_scorecard_answers():
    with pytest.raises(
        CommandError, match=r"Until then version 1 \(scorecard\) answers"
    ) as refused:
        run()
    assert refused.value.returncode == 3


def test_with_a_few_outcomes_it_corrects_the_scorecard(tmp_path):
    add_crowd(30)
    printed = run(f"--json={tmp_path / 'report.json'}")
    assert "at least 40 leads" in printed
    assert "is learned from 30 leads" in printed
    assert "Version 2 (scorecard) answers for `auto` from now on, in place of version 1" in printed
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["promoted"] == 2
    assert 0 < report["learned"]["share"] < 0.9


def test_it_ends_with_4_where_another_is_running(asked):
    with another_retrain(), pytest.raises(CommandError, match="Another retrain") as refused:
        run()
    assert refused.value.returncode == 4


def test_it_does_nothing_if_it_is_not_needed(asked):
    make_version(1)
    assert "Not needed yet. New since version 1: 0 outcomes" in run("--if-needed")
    assert asked == {}


def test_it_trains_if_it_is_needed(asked):
    assert "Decision" in run("--if-needed")


def test_it_writes_the_report_as_json_too(asked, tmp_path):
    path = tmp_path / "report.json"
    run(f"--json={path}")
    assert json.loads(path.read_text())["finalist"] == 1


def test_it_says_so_where_the_json_cannot_be_written(asked, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        run(f"--json={tmp_path}/missing/report.json")
    assert ModelVersion.objects.champion() is not None
