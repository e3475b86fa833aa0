import csv

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.importing import csv_blocks
from crm.importing.mapping import plan_columns
from crm.importing.problems import ImportProblem
from crm.importing.survey import Survey, survey_table
from crm.importing.table import ReadOptions
from crm.importing.tables import open_table

DATES = ["2026-01-02", "03/04/2026", "25/04/2026", "04/25/2026", "2026-01-02 10:00", "20260102"]
cells = st.tuples(
    st.sampled_from(["1", "2", " 2 ", "", "n/a", "é"]),
    st.sampled_from([*DATES[:3], "", "x"]),
    st.sampled_from(["1", "12.5", "1.234", "1,5", "1,234", "€ 3", "", "1.234,50"]),
    st.sampled_from([*DATES, "", "no date"]),
    st.sampled_from(["won", "lost", "Won ", ""]),
)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.lists(cells, max_size=9), st.sampled_from([10, 40, 10**6]))
def test_many_rows_at_once_show_what_they_show_one_by_one(tmp_path, monkeypatch, rows, size):
    path = tmp_path / "rows.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["id", "seen", "budget", "own", "result"], *rows])
    options = {"seen_on": "seen", "outcome": "result", "won": ["won"], "lost": ["lost"]}
    table = open_table(path, ReadOptions(delimiter=","))
    plan = plan_columns(options, table.header)

    def surveyed(few: int) -> Survey | str:
        monkeypatch.setattr(csv_blocks, "FEW", few)
        try:
            return survey_table(table, plan, None)
        except ImportProblem as problem:
            return problem.message

    monkeypatch.setattr(csv_blocks, "CHARACTERS", size)
    by_block, by_row = surveyed(2), surveyed(10**9)
    assert by_block == by_row
    if isinstance(by_block, Survey) and isinstance(by_row, Survey):
        assert by_block.repeats._hashes == by_row.repeats._hashes
