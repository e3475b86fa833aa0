"""The outcome window: suggested by the data, fixed by a training, changed only on confirmation."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from scoring.models import ModelVersion, OutcomeWindow
from scoring.outcome_window import window_in_use
from scoring.services import retrain
from scoring.services.due import retrain_is_due
from tests.http import ApiClient
from tests.scoring.crowd import add_crowd
from tests.scoring.trained import held_back, trained

pytestmark = pytest.mark.django_db

LOGISTIC = "--model-type=logistic-regression"


@pytest.fixture
def asked(monkeypatch) -> list[dict[str, Any]]:
    """What trainings were asked for; they take no time."""
    options: list[dict[str, Any]] = []

    def train(_examples: object, **given: Any) -> object:
        options.append(given)
        return trained()

    monkeypatch.setattr(retrain, "train", train)
    return options


@pytest.fixture
def answer(monkeypatch) -> Callable[[str], list[str]]:
    """Lets somebody sit there and answer so; gives what they were asked."""

    def answering(text: str) -> list[str]:
        questions: list[str] = []

        def read(question: str) -> str:
            questions.append(question)
            if not text:
                raise EOFError
            return text

        monkeypatch.setattr("builtins.input", read)
        return questions

    return answering


def run(*flags: str) -> str:
    out = StringIO()
    call_command("retrain", *flags, stdout=out)
    return out.getvalue()


def test_the_first_training_fixes_the_window_and_the_setting_then_has_no_say(asked, settings):
    run()
    assert window_in_use() == 90
    settings.OUTCOME_WINDOW_DAYS = 30
    run()
    assert [each["window_days"] for each in asked] == [90, 90]
    assert OutcomeWindow.objects.count() == 1
    assert not retrain_is_due().due


def test_a_confirmed_window_counts_for_this_training_and_all_that_follow(asked, answer):
    run()
    answer("y")
    run("--window=60")
    run()
    assert [each["window_days"] for each in asked] == [90, 60, 60]
    assert window_in_use() == 60
    assert list(
        ModelVersion.objects.order_by("number").values_list("outcome_window_days", flat=True)
    ) == [90, 60, 60]


def test_it_asks_before_the_window_is_changed_and_takes_no_for_an_answer(asked, answer):
    questions = answer("n")
    assert "Nothing was trained" in run("--window=60")
    assert "won within 90 days. From now on within 60?" in questions[0]
    assert (asked, OutcomeWindow.objects.count()) == ([], 0)


def test_a_script_has_to_say_yes(asked, answer):
    answer("")
    with pytest.raises(CommandError, match="--yes"):
        run("--window=60")
    run("--window=60", "--yes")
    assert window_in_use() == 60


def test_the_window_in_use_needs_no_confirmation(asked, answer):
    assert answer("n") == []
    run("--window=90")
    assert len(asked) == 1


@pytest.mark.parametrize("days", [0, -5, 3651])
def test_it_refuses_what_is_no_window(asked, days):
    with pytest.raises(CommandError, match="from 1 to 3650"):
        run(f"--window={days}", "--yes")
    assert asked == []


def test_a_training_that_fails_leaves_the_window_as_it_was():
    add_crowd(30)
    with pytest.raises(CommandError):
        run("--window=60", "--yes")
    assert window_in_use() == 90
    assert OutcomeWindow.objects.count() == 0


def test_a_version_that_is_held_back_leaves_the_champion_with_its_own_window(asked, monkeypatch):
    run()
    champion = ModelVersion.objects.champion()
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: held_back(trained()))
    run("--window=60", "--yes")
    assert ModelVersion.objects.champion() == champion
    assert champion is not None
    assert champion.outcome_window_days == 90


def test_a_champion_of_another_window_is_judged_by_its_recipe(asked):
    run()
    run("--window=60", "--yes")
    assert [each["champion"] and each["champion"].other_window for each in asked] == [None, True]


def test_the_gate_says_so():
    add_crowd(300)
    run(LOGISTIC)
    printed = run(LOGISTIC, "--keep=interactions", "--window=60", "--yes")
    assert "made for another outcome window" in printed


def test_the_report_and_the_api_suggest_a_window_and_say_how_far_ranges_hold(tmp_path):
    add_crowd(300)
    path = tmp_path / "report.json"
    printed = run(LOGISTIC, f"--json={path}")
    assert "80 % have won after 10 days" in printed
    assert "manage.py retrain --window 10" in printed
    assert "What came agrees with the range in" in printed
    written = json.loads(path.read_text())
    number = written["finalist"]
    told = ApiClient("models").get(f"/api/models/{number}").json()["report"]
    assert told["window"] == written["window"]
    assert told["window"]["days"] == 10
    assert told["outlook"]["interval"]["level"] == 0.9
    assert told["outlook"]["conversionDays"] == [30, 60, 90, 180]
