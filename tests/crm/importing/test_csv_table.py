from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from crm.importing.csv_lines import LONGEST_LINE
from crm.importing.csv_table import CsvTable
from crm.importing.problems import ImportProblem
from crm.importing.table import ReadOptions, Row
from tests.crm.importing.files import csv_file


def table(path: Path, **options: str) -> CsvTable:
    return CsvTable(path, ReadOptions(**options))


def rows(path: Path, **options: str) -> list[Row]:
    return list(table(path, **options).rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_it_finds_the_delimiter_by_what_cuts_all_rows_alike(tmp_path: Path, delimiter: str):
    lines = [delimiter.join(cells) for cells in (("id", "note"), ("1", "a; b| c"), ("2", "x"))]
    path = csv_file(tmp_path, *(line.replace("; b| c", "") for line in lines))

    assert table(path).header == ("id", "note")
    assert [row.cells for row in rows(path)] == [["1", "a"], ["2", "x"]]


def test_it_is_not_misled_by_other_delimiters_inside_cells(tmp_path: Path):
    path = csv_file(tmp_path, "id;size;note", "1;2,5;a, b, c, d", "2;3,5;e, f, g, h")

    assert [row.cells for row in rows(path)] == [
        ["1", "2,5", "a, b, c, d"],
        ["2", "3,5", "e, f, g, h"],
    ]


def test_it_takes_the_delimiter_it_is_told(tmp_path: Path):
    assert table(csv_file(tmp_path, "id,a;b", "1,2;3"), delimiter=";").header == ("id,a", "b")


def test_it_reads_a_single_column(tmp_path: Path):
    assert [row.cells for row in rows(csv_file(tmp_path, "id", "1", "2"))] == [["1"], ["2"]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_it_knows_an_encoding_by_its_mark(tmp_path: Path, encoding: str):
    path = csv_file(tmp_path, "id,ort", "1,Köln", encoding=encoding)

    assert table(path).header == ("id", "ort")
    assert rows(path)[0].cells == ["1", "Köln"]


def test_it_drops_the_mark_also_when_told_utf_8(tmp_path: Path):
    path = csv_file(tmp_path, "id,ort", "1,Köln", encoding="utf-8-sig")

    assert table(path, encoding="utf-8").header == ("id", "ort")


def test_it_unpacks_gzip_whatever_the_name(tmp_path: Path):
    packed = csv_file(tmp_path, "id,a", "1,2", name="leads.csv.gz")

    assert rows(packed) == rows(packed.rename(tmp_path / "leads.csv")) == [Row(2, ["1", "2"])]


def test_a_row_that_is_not_utf_8_is_one_broken_row_and_keeps_its_bytes(tmp_path: Path):
    path = tmp_path / "leads.csv"
    path.write_bytes("id,ort\n1,Zürich\n".encode() + "2,Köln\n3,Ulm\n".encode("cp1252"))

    good, bad, last = rows(path)

    assert (good.problem, last.problem) == ("", "")
    assert "--encoding cp1252" in bad.problem
    assert bad.cells[1].encode("utf-8", "surrogateescape") == "Köln".encode("cp1252")
    assert [row.cells[1] for row in rows(path, encoding="cp1252")][1:] == ["Köln", "Ulm"]


def test_an_unknown_encoding_is_named(tmp_path: Path):
    with pytest.raises(ImportProblem, match="no text encoding named 'klingon'"):
        table(csv_file(tmp_path, "id"), encoding="klingon")


def test_a_header_that_is_not_utf_8_stops(tmp_path: Path):
    path = tmp_path / "leads.csv"
    path.write_bytes("id,Größe\n".encode("cp1252") + "1,Zürich\n".encode())

    with pytest.raises(ImportProblem, match=r"header.*--encoding cp1252"):
        table(path)


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path):
    path = csv_file(tmp_path, "id,note", "1,fine", '2,"open', "3,fine", '4,"quoted, too"', "5,fine")

    found = rows(path)

    assert [row.line for row in found] == [2, 3, 4, 5, 6]
    assert [row.line for row in found if row.problem] == [3]
    assert found[1].cells == ['2,"open\n']
    assert found[3].cells == ["4", "quoted, too"]


def test_a_huge_cell_costs_one_row(tmp_path: Path):
    path = csv_file(tmp_path, "id,note", "1," + "x" * 200_000, "2,fine")

    huge, fine = rows(path)

    assert "field larger than field limit" in huge.problem
    assert fine == Row(3, ["2", "fine"])


def test_a_file_without_line_ends_is_refused_before_it_fills_the_memory(tmp_path: Path):
    path = csv_file(tmp_path, "id,note", "1," + "x" * LONGEST_LINE)

    with pytest.raises(ImportProblem, match="no CSV file"):
        rows(path)


def test_lines_inside_quotes_count(tmp_path: Path):
    path = csv_file(tmp_path, "id,note", '1,"two', 'lines"', "2,x")

    assert rows(path) == [Row(2, ["1", "two\nlines"]), Row(4, ["2", "x"])]


def test_rows_of_another_width_say_so_but_empty_cells_too_many_do_not_matter(tmp_path: Path):
    path = csv_file(tmp_path, "id,a,b", "1,2", "1,2,3,4", "1,2,3,,", "", ",,", "4,5,6")

    assert [(row.line, row.problem) for row in rows(path)] == [
        (2, "has 2 cells where the header has 3"),
        (3, "has 4 cells where the header has 3"),
        (4, ""),
        (7, ""),
    ]


def test_half_a_gzip_file_says_that_it_is_cut_off(tmp_path: Path):
    whole = gzip.compress(b"id,a\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(5_000)))
    path = tmp_path / "leads.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(ImportProblem, match="cut off after line"):
        rows(path)


def test_damaged_gzip_is_no_crash(tmp_path: Path):
    whole = bytearray(gzip.compress(b"id,a\n" + b"1,2\n" * 5_000))
    whole[12:40] = bytes(28)
    path = tmp_path / "leads.csv.gz"
    path.write_bytes(whole)

    with pytest.raises(ImportProblem, match=r"damaged|cut off"):
        rows(path)


def test_it_tells_how_much_has_been_read(tmp_path: Path):
    path = csv_file(tmp_path, "id,note", *(f"{n},{'x' * 100}" for n in range(5_000)))
    source = table(path)
    reading = source.rows()

    next(reading)
    early = source.fraction()
    for _ in reading:
        pass

    assert early is not None
    assert early < 0.5
    assert source.fraction() == 1.0
