from __future__ import annotations

import builtins
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.models import Lead
from crm.services import lead_upsert
from tests.crm.factories import ACTOR, lead_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lead(db: None) -> None:
    lead_upsert(lead=lead_data(), source="api", actor=ACTOR)


def erase(*arguments: str) -> str:
    out = StringIO()
    call_command("erase_lead", *arguments, stdout=out)
    return out.getvalue()


def test_with_yes_it_does_not_ask():
    assert erase("1", "--yes") == "Erased lead 1.\n"
    assert not Lead.history.exists()


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 1), ("", 1)])
def test_it_asks_first(monkeypatch: pytest.MonkeyPatch, answer: str, left: int):
    monkeypatch.setattr(builtins, "input", lambda prompt: answer)

    erase("1")

    assert Lead.objects.count() == left


def test_where_nobody_can_answer_it_erases_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", StringIO())

    with pytest.raises(CommandError, match="--yes"):
        erase("1")

    assert Lead.objects.count() == 1


def test_an_unknown_lead_is_an_error():
    with pytest.raises(CommandError, match="There is no lead with the id nobody"):
        erase("nobody", "--yes")
