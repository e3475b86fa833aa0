"""manage.py report: one file, whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def test_it_writes_the_report_of_a_version(tmp_path: Path) -> None:
    make_version(4)
    out = io.StringIO()
    call_command("report", "4", "--output", str(tmp_path / "4.html"), stdout=out)
    assert "<title>Model version 4</title>" in (tmp_path / "4.html").read_text(encoding="utf-8")
    assert out.getvalue() == f"Wrote the report of version 4: {tmp_path / '4.html'}\n"


def test_a_version_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no model version 9"):
        call_command("report", "9", "--output", str(tmp_path / "9.html"))
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    make_version(4)
    missing = tmp_path / "no" / "4.html"
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("report", "4", "--output", str(missing))
