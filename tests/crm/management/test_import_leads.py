from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from crm.importing import load as loading
from crm.importing.chunk import load_chunk
from crm.management.commands.import_leads import Command
from crm.models import Lead, Outcome
from tests.crm.factories import stored
from tests.crm.importing.files import csv_file

pytestmark = pytest.mark.django_db
DATA = Path(os.environ.get("LEADSCORING_DATA", "../shared/data"))
FILE_LINES = (
    "id,seen,industry,mood,status",
    "a,2023-05-01,Steel,good,won",
    "b,2023-05-02,Wood,n/a,lost",
    "c,2023-05-03,Wood,bad,waiting",
)
FLAGS = ("--seen-on=seen", "--outcome=status", "--won=Won", "--lost=lost")


def run(path: Path, *flags: str) -> None:
    call_command("import_leads", str(path), *flags)


def test_it_imports_and_ends_with_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    run(csv_file(tmp_path, *FILE_LINES), *FLAGS)

    out, err = capsys.readouterr()
    assert stored("a").outcome.result == "won"
    for expected in (
        "seen_on <- seen",
        "won (1) = won, lost (1) = lost, waiting (1) = open",
        "attributes <- mood",
        "created             3",
        "Left open, their outcome is neither won nor lost: waiting (1).",
        "Next: manage.py retrain",
    ):
        assert expected in out
    assert err == ""
    assert list(tmp_path.iterdir()) == [tmp_path / "leads.csv"]


def test_it_says_when_nothing_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = csv_file(tmp_path, *FILE_LINES)
    run(path, *FLAGS)
    capsys.readouterr()

    run(path, *FLAGS)

    out = capsys.readouterr().out
    assert "unchanged           3" in out
    assert "retrain" not in out


def test_a_dry_run_shows_the_first_rows_as_they_are_read_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = csv_file(tmp_path, *FILE_LINES, "d,soon,,,")

    run(path, *FLAGS, "--dry-run")

    out = capsys.readouterr().out
    assert (
        "line 2: external_id=a, industry=Steel, seen_on=2023-05-01, mood='good', outcome=won" in out
    )
    assert "line 5: rejected, seen: 'soon' is not a date" in out
    assert "Nothing was changed. The import would do this:" in out
    assert "created             3" in out
    assert not Lead.objects.exists()
    assert list(tmp_path.iterdir()) == [path]


def test_bad_rows_go_to_a_file_that_can_be_mended_and_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = csv_file(tmp_path, *FILE_LINES, "d,2023-05-04,,,,,", "e,soon,Tin,good,")
    run(path, *FLAGS)
    out = capsys.readouterr().out
    rejected = tmp_path / "leads.csv.rejected.csv"
    assert "line 6: seen: 'soon' is not a date" in out
    assert f"The rejected rows are in {rejected}" in out

    rejected.write_text(rejected.read_text().replace("soon", "2023-05-05"))
    run(rejected, *FLAGS[:1], "--attributes=mood")

    assert stored("e").attributes == {"mood": "good"}
    assert stored("e").industry == "Tin"


def test_rejected_rows_go_where_they_are_told(tmp_path: Path):
    target = tmp_path / "elsewhere.csv"

    run(csv_file(tmp_path, *FILE_LINES, "d,soon,,,"), *FLAGS, f"--rejected={target}")

    assert "d,soon,,,,5," in target.read_text()


def test_it_does_not_write_rejected_rows_over_the_file_itself(tmp_path: Path):
    path = csv_file(tmp_path, *FILE_LINES)
    before = path.read_bytes()

    with pytest.raises(CommandError, match="--rejected"):
        run(path, *FLAGS, f"--rejected={path}")

    assert path.read_bytes() == before


def test_nothing_is_imported_if_rejected_rows_have_no_place(tmp_path: Path):
    with pytest.raises(CommandError, match="cannot be written"):
        run(csv_file(tmp_path, *FILE_LINES), *FLAGS, f"--rejected={tmp_path}")

    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("lines", "flags", "message"),
    [
        ((), (), "is empty"),
        (("id,seen", "a,01/02/2023"), ("--seen-on=seen",), "--date-format"),
        (("id,seen", "a,1"), ("--map=color=seen",), "there is no field 'color'"),
        (("key,seen", "a,1"), (), "--id: there is no column 'id'"),
        (("a,2023-05-01,Steel", "b,2023-05-02,Wood"), (), "is that row missing"),
    ],
)
def test_a_file_that_cannot_be_used_fails_in_one_sentence(
    tmp_path: Path, lines: tuple[str, ...], flags: tuple[str, ...], message: str
):
    with pytest.raises(CommandError, match=message) as raised:
        run(csv_file(tmp_path, *lines), *flags)

    assert raised.value.returncode == 1
    assert str(raised.value).endswith("Nothing was imported.")


def test_it_fails_if_every_row_was_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(CommandError, match="No row could be imported"):
        run(csv_file(tmp_path, "id,budget", "a,-1", "b,many"))

    assert "line 3: budget: 'many' is not a number" in capsys.readouterr().out


def test_a_file_with_a_header_only_imports_nothing_and_succeeds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    run(csv_file(tmp_path, FILE_LINES[0]), *FLAGS)

    out = capsys.readouterr().out
    assert "rows                0" in out
    assert "The file has a header and no rows." in out


def test_it_asks_about_a_result_that_no_row_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    run(csv_file(tmp_path, *FILE_LINES), *FLAGS, "--won=Sold", "--lost=*")
    run(csv_file(tmp_path, *FILE_LINES), *FLAGS)

    first, _, second = capsys.readouterr().out.partition("Import finished.")
    assert "no row of status says 'sold': is it spelt so?" in first
    assert "spelt" not in second


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (
            KeyboardInterrupt(),
            130,
            "Interrupted. Stored so far: 2 rows. Start the same import again",
        ),
        (
            OperationalError("disk full"),
            1,
            "The database failed: disk full. Stored so far: 2 rows.",
        ),
    ],
)
def test_an_import_that_breaks_off_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int, message: str
):
    monkeypatch.setattr(loading, "CHUNK", 2)

    def breaking(rows: Any, *args: Any, **options: Any) -> Any:
        if Lead.objects.exists():
            raise failure
        return load_chunk(rows, *args, **options)

    path = csv_file(tmp_path, *FILE_LINES)
    with monkeypatch.context() as broken:
        broken.setattr(loading, "load_chunk", breaking)
        with pytest.raises(CommandError) as raised:
            run(path, *FLAGS)
    run(path, *FLAGS)

    assert (raised.value.returncode, message in str(raised.value)) == (code, True)
    assert (Lead.objects.count(), Lead.history.count(), Outcome.objects.count()) == (3, 3, 2)


def test_help_teaches_with_examples():
    text = Command().create_parser("manage.py", "import_leads").format_help()

    for expected in ("examples:", "--date-format", "exit status:", "2 wrong flags", "lastContact"):
        assert expected in text
    assert '        --map industry=Branch --map lastContact="Last call"' in text


@pytest.mark.skipif(not DATA.is_dir(), reason="LEADSCORING_DATA names no folder of data sets")
def test_real_opportunities_without_any_day_are_imported(tmp_path: Path):
    run(
        DATA / "salvirt_b2b.csv",
        *("--id=lead_id", "--outcome=Status", "--won=Won", "--lost=Lost", "--map=size=Comp_size"),
        f"--rejected={tmp_path / 'rejected.csv'}",
    )

    assert (Lead.objects.count(), Outcome.objects.filter(result="won").count()) == (448, 227)
    lead = stored("salvirt-1")
    assert (lead.seen_on, lead.size, lead.attributes["Client"]) == (None, "Mid", "Current")
    assert "Purch_dept" not in lead.attributes
