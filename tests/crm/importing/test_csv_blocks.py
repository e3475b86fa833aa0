import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.importing import csv_blocks
from crm.importing.csv_blocks import CsvBlock, blocks_of
from crm.importing.csv_table import CsvTable
from crm.importing.table import ReadOptions, Row

FIXTURE = HealthCheck.function_scoped_fixture
cells = st.one_of(
    st.sampled_from(["", "a", "7", ' "x"', 'q"', "two\nlines", "a,b", "é", "\x0b", " ", "\u2028"]),
    st.text(max_size=4).filter(lambda text: text < "\ud800" and "\r" not in text),
)
lines = st.one_of(
    st.lists(cells, min_size=3, max_size=3).map(
        lambda row: (lambda file: (csv.writer(file).writerow(row), file.getvalue())[1])(
            io.StringIO(newline="")
        )
    ),
    st.sampled_from(
        ["1,2\n", "1,2,3,\n", "1,2,3,4\n", "\n", ",,\n", '"open,2,3\n', 'a"b,2,3\n', '1," 2" ,3\n']
    ),
    st.sampled_from(["1,2,3\r\n", "1,2,3\r", '"a""b",2,"c\r\nd"\n', "1,2,\udcff3\n", '"",,""\n']),
)


def through_blocks(table: CsvTable) -> list[Row]:
    rows: list[Row] = []
    for found in blocks_of(table, range(3)):
        if isinstance(found, Row):
            rows.append(found)
            continue
        assert isinstance(found, CsvBlock)
        columns = [found.columns[position].to_pylist() for position in range(3)]
        for number, read in enumerate(zip(*columns, strict=True)):
            row = found.row(number)
            assert (row is None) == (set(read) == {""})
            if row is not None:
                assert list(row.cells) == list(read)
                rows.append(row)
    return rows


@settings(max_examples=300, suppress_health_check=[FIXTURE])
@given(st.lists(lines, max_size=12), st.integers(8, 60), st.booleans())
def test_blocks_have_the_rows_that_are_read_one_by_one(tmp_path, monkeypatch, rows, size, cut):
    monkeypatch.setattr(csv_blocks, "CHARACTERS", size)
    monkeypatch.setattr(csv_blocks, "FEW", 2)
    monkeypatch.setattr(csv_blocks, "ONE_BY_ONE", 2)
    path = tmp_path / "rows.csv"
    text = "a,b,c\n" + "".join(rows)
    path.write_bytes((text[:-1] if cut else text).encode(errors="surrogateescape"))
    table = CsvTable(path, ReadOptions(delimiter=","))

    def plain(row: Row) -> tuple[object, ...]:
        return row.line, list(row.cells), row.problem

    assert [plain(row) for row in through_blocks(table)] == [plain(row) for row in table.rows()]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_blocks_are_read_in_any_encoding(tmp_path, encoding):
    path = tmp_path / "rows.csv"
    path.write_bytes("a;b\né;2\nü;3\n".encode(encoding))
    table = CsvTable(path, ReadOptions(encoding="" if encoding != "cp1252" else encoding))

    found = list(blocks_of(table, [0, 1]))

    texts = [list(each.cells) if isinstance(each, Row) else each.columns for each in found]
    assert texts == [["é", "2"], ["ü", "3"]]
