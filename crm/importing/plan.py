"""How a file is to be read: decided once, from flags, header and a first pass over its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crm.importing.csv_table import CsvTable
from crm.importing.mapping import ColumnPlan, plan_columns
from crm.importing.problems import ImportProblem
from crm.importing.survey import Progress, Survey, survey_table
from crm.importing.table import ReadOptions, Table, named_columns
from crm.importing.tables import open_table


@dataclass(frozen=True, slots=True)
class TablePlan:
    """Everything that `read_rows` needs to know.

    positions: column -> its place in a row.
    encoding:  what the text is read as, where nobody said it and it is not UTF-8.
    """

    reading: ReadOptions
    header: tuple[str, ...]
    positions: Mapping[str, int]
    columns: ColumnPlan
    survey: Survey
    encoding: str = ""

    @classmethod
    def from_options(
        cls,
        path: Path,
        options: Mapping[str, Any],
        progress: Progress | None = None,
        *,
        repeats: bool = True,
    ) -> TablePlan:
        """The plan for a file and the flags of `add_mapping_arguments`, as argparse gives them.

        repeats: whether to find out which rows say the same again; takes memory for each row.

        Raises:
            ImportProblem: if the file cannot be read, or the flags do not fit it.
        """
        reading = read_options(options)
        table = open_table(path, reading)
        positions = named_columns(table.header)
        columns = plan_columns(options, list(positions))
        survey = survey_table(table, columns, progress, repeats=repeats)
        if survey.words:
            columns = columns.without(survey.words, options)
            again = survey_table(table, columns, progress, repeats=repeats)
            survey = replace(again, words=survey.words)
        columns = columns.fitting(survey.empty, options)
        return cls(
            reading=reading,
            header=table.header,
            positions=positions,
            columns=columns,
            survey=survey,
            encoding=_found_encoding(table, reading),
        )

    def open(self, path: Path) -> Table:
        """The file again, to read its rows."""
        table = open_table(path, self.reading)
        if table.header != self.header:
            raise ImportProblem(f"{path} has changed since it was looked through: start over.")
        return table


def _found_encoding(table: Table, reading: ReadOptions) -> str:
    if not isinstance(table, CsvTable) or reading.encoding:
        return ""
    found = table.encoding
    return "" if found.startswith("utf-8") else found


def read_options(options: Mapping[str, Any]) -> ReadOptions:
    """How the flags say that a file is written. Raises ImportProblem."""
    delimiter = (options.get("delimiter") or "").replace("\\t", "\t")
    if len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
        raise ImportProblem("--delimiter is one character, such as ',' ';' or '\\t'.")
    return ReadOptions(
        sheet=options.get("sheet") or "",
        delimiter=delimiter,
        encoding=options.get("encoding") or "",
    )
