"""`manage.py create_api_key`."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from crm.days import day_end
from leadscoring.access.models import ApiKey

pytestmark = pytest.mark.django_db


def create(*arguments: str) -> tuple[ApiKey, str]:
    out = StringIO()
    call_command("create_api_key", "frontend", *arguments, stdout=out, stderr=StringIO())
    return ApiKey.objects.get(), out.getvalue().strip()


def test_it_prints_a_key_that_works() -> None:
    key, text = create("--scopes", "models, predict")
    assert (key.name, key.scopes, key.rate) == ("frontend", ["models", "predict"], "600/m")
    assert Client().get("/api/models", headers={"X-API-Key": text}).status_code == 200


def test_it_takes_a_rate_and_a_last_day() -> None:
    key, _ = create("--scopes", "predict", "--rate", "5/s", "--expires", "2099-12-31")
    assert (key.rate, key.expiry_date) == ("5/s", day_end(date(2099, 12, 31)))


def test_it_takes_no_rate() -> None:
    assert create("--scopes", "predict", "--rate", "none")[0].rate == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--scopes", "predict,everything"], "Scopes are: predict"),
        (["--scopes", ""], "Scopes are: predict"),
        (["--scopes", "predict", "--rate", "many"], "Like 600/m"),
        (["--scopes", "predict", "--rate", "0/m"], "Like 600/m"),
        (["--scopes", "predict", "--expires", "soon"], "must be a day"),
        (["--scopes", "predict", "--expires", "2001-01-01"], "in the past"),
        ([], "--scopes"),
    ],
)
def test_it_refuses_and_says_why(arguments: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        create(*arguments)
    assert not ApiKey.objects.exists()


def test_names_have_an_end(capsys: Any) -> None:
    with pytest.raises(CommandError, match="50 characters"):
        call_command("create_api_key", "x" * 51, "--scopes", "predict")
