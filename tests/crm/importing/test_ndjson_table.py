from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from crm.importing.ndjson_table import NdjsonTable
from crm.importing.problems import ImportProblem
from crm.importing.table import ReadOptions, Row
from crm.importing.tables import open_table
from tests.crm.importing.files import parsed, reasons


def ndjson_file(folder: Path, *lines: str, name: str = "leads.ndjson") -> Path:
    path = folder / name
    content = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def test_every_key_of_any_line_is_a_column(tmp_path: Path):
    path = ndjson_file(tmp_path, '{"id": 1, "size": "small"}', "", '{"id": "2", "budget": 5.5}')
    table = open_table(path, ReadOptions())
    assert isinstance(table, NdjsonTable)
    assert table.header == ("id", "size", "budget")
    assert list(table.rows()) == [Row(1, [1, "small", None]), Row(3, ["2", None, 5.5])]
    assert table.fraction() == 1.0


@pytest.mark.parametrize("name", ["leads.ndjson", "leads.ndjson.gz", "leads.txt"])
def test_leads_as_the_api_takes_them_are_read(tmp_path: Path, name: str):
    path = ndjson_file(
        tmp_path,
        '\ufeff{"id": 1, "lastContact": "2025-03-01", "attributes": {"plan": "a", "seats": 3}}',
        name=name,
    )
    (row,) = parsed(path)
    assert row.lead.external_id == "1"
    assert row.values["last_contact"].isoformat() == "2025-03-01"
    assert row.values["attributes"] == {"plan": "a", "seats": 3}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": 2', "is not JSON"),
        ("[1]", "is not a JSON object"),
        ('{"id": 2, "attributes": 5}', "holds no object in 'attributes'"),
        ('{"id": 2, "size": "s", "attributes": {"size": 1}}', "holds 'size' twice"),
        ("[" * 100_000, "is not JSON"),
        ('{"id": "\\ud800"}', "is not JSON"),
    ],
)
def test_a_broken_line_costs_one_row(tmp_path: Path, line: str, reason: str):
    path = ndjson_file(tmp_path, '{"id": 1, "size": "small"}', line, '{"id": 3}')
    assert reason in reasons(path)[2]
    assert list(reasons(path)) == [2]


@pytest.mark.parametrize("content", [b"{}\n", b'{"a": \n'])
def test_a_file_without_any_key_is_an_import_problem(tmp_path: Path, content: bytes):
    path = tmp_path / "leads.ndjson"
    path.write_bytes(content)
    with pytest.raises(ImportProblem, match="No line holds"):
        NdjsonTable(path)


def test_other_keys_in_each_row_are_no_table(tmp_path: Path):
    path = ndjson_file(tmp_path, *(f'{{"id": 1, "k{n}": 1}}' for n in range(2_001)))
    with pytest.raises(ImportProblem, match="over 2,000"):
        NdjsonTable(path)


def test_half_a_packed_file_says_where_it_ends(tmp_path: Path):
    path = ndjson_file(tmp_path, *(f'{{"id": "{n * 7919}"}}' for n in range(9_999)), name="l.gz")
    path.write_bytes(path.read_bytes()[:-9_000])
    with pytest.raises(ImportProblem, match=r"is cut off after line [\d,]+: get it again"):
        NdjsonTable(path)
