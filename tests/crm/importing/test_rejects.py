from __future__ import annotations

import csv
import errno
from pathlib import Path
from typing import Any

import pytest

from crm.importing.problems import ImportProblem
from crm.importing.rejects import RejectedFile, rejected_path
from crm.importing.rows import RejectedRow


def written(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return list(csv.reader(file))


def test_it_keeps_the_row_as_it_stood_with_line_and_reason(tmp_path: Path):
    path = tmp_path / "rejected.csv"

    with RejectedFile(path, ["id", "note"]) as rejected:
        rejected.add(RejectedRow(7, [" 1 ", 'a "b",\nc'], "why"))
        rejected.add(RejectedRow(9, ["2"], "short"))
        rejected.add(RejectedRow(11, ["3", "K\udcf6ln", "extra"], "long"))

    assert written(path) == [
        ["id", "note", "rejected_line", "rejected_reason"],
        [" 1 ", 'a "b",\nc', "7", "why"],
        ["2", "", "9", "short"],
        ["3", "K\udcf6ln", "11", "long", "extra"],
    ]
    assert b"K\xf6ln" in path.read_bytes()


def test_without_rejected_rows_there_is_no_file_and_an_old_one_goes(tmp_path: Path):
    path = tmp_path / "rejected.csv"
    path.write_text("from an earlier import")

    with RejectedFile(path, ["id"]):
        pass

    assert not path.exists()


def test_a_place_that_cannot_be_written_is_said_at_once(tmp_path: Path):
    with pytest.raises(ImportProblem, match=r"cannot be written to .*--rejected FILE"):
        RejectedFile(tmp_path / "no such folder" / "rejected.csv", ["id"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Path, "unlink", lambda *_args, **_options: None)

    def fill() -> None:
        with RejectedFile(Path("/dev/full"), ["id"]) as rejected:
            for line in range(10_000):
                rejected.add(RejectedRow(line, ["x" * 50], "why"))

    with pytest.raises(ImportProblem, match="No space left on device"):
        fill()


def test_a_disk_that_is_full_only_at_the_end_is_said_too(tmp_path: Path):
    class Full:
        def __init__(self, file: Any) -> None:
            self.file = file

        def close(self) -> None:
            self.file.close()
            raise OSError(errno.ENOSPC, "No space left on device")

    def fill() -> None:
        with RejectedFile(tmp_path / "rejected.csv", ["id"]) as rejected:
            rejected.add(RejectedRow(2, ["1"], "why"))
            rejected._file = Full(rejected._file)  # type: ignore[assignment]  # only closed

    with pytest.raises(ImportProblem, match="No space left on device"):
        fill()


def test_it_stands_beside_the_file_it_comes_from():
    assert rejected_path(Path("data/leads.csv.gz")) == Path("data/leads.csv.gz.rejected.csv")
