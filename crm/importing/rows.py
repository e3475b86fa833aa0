"""Rows of a file as leads and outcomes; a row that cannot be one says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from crm.importing.cells import as_attribute, as_text
from crm.importing.mapping import COUNTS, DAYS, MONEY
from crm.importing.numbers import NumberSurvey
from crm.importing.plan import TablePlan
from crm.importing.problems import CellProblem
from crm.importing.survey import state_key
from crm.importing.table import Cell, Row
from crm.services.cleaning import ATTRIBUTE_TEXT_LENGTH, Values, clean_lead, clean_outcome
from crm.values import AttributeValue, LeadData, OutcomeData


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row that can be stored.

    lead:    every mapped field, None where the cell says nothing; other fields are UNSET.
    values:  the lead's fields as they are stored, cleaned (see `crm.services.clean_lead`).
    outcome: with its values as they are stored; None if the row does not name one.
    key:     equal for rows that say the same lead's state of the same day.
    undecided: the outcome column's text if it is neither empty nor one of the named values.
    """

    line: int
    cells: Sequence[Cell]
    lead: LeadData
    values: Values
    outcome: OutcomeData | None
    key: tuple[object, ...]
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot be stored, as it stood in the file, and why.

    key: as in ParsedRow; None if not even cells could be told apart.
    """

    line: int
    cells: Sequence[Cell]
    reason: str
    key: tuple[object, ...] | None = None


Read = Callable[[Cell], Any]
TOTALS = frozenset({"total", "totals", "grand total", "subtotal", "sum", "summe", "gesamt"})


def read_rows(path: Path, plan: TablePlan, *, skip: int = 0) -> Iterator[ParsedRow | RejectedRow]:
    """All rows of the file but the first `skip`, in its order, one at a time.

    Raises:
        ImportProblem: where the file breaks off.
    """
    parser = RowParser(plan)
    for row in islice(plan.open(path).rows(), skip, None):
        yield parser.parse(row)


class RowParser:
    """Says of a row what lead it is, or why it is none."""

    def __init__(self, plan: TablePlan) -> None:
        at, columns = plan.positions, plan.columns
        self._result_of, self._named = columns.result_of, columns.results
        self._id = at[columns.id]
        self._outcome = at[columns.outcome] if columns.outcome else None
        self._seen_on = at[columns.fields["seen_on"]] if "seen_on" in columns.fields else None
        reader = partial(field_reader, plan)
        self._fields = [(name, at[each], reader(name)) for name, each in columns.fields.items()]
        self._decision = [(name, at[each], reader(name)) for name, each in columns.decision.items()]
        self._attributes = [
            (column, at[column], attribute_reader(plan, column)) for column in columns.attributes
        ]
        self._names = {**columns.fields, **columns.decision, "external_id": columns.id}

    def parse(self, row: Row) -> ParsedRow | RejectedRow:
        """The row as a lead, or rejected."""
        if row.problem:
            return RejectedRow(row.line, row.cells, row.problem)
        if is_total(row.cells, self._id):
            return RejectedRow(row.line, row.cells, "is a line of totals, not a lead")
        errors: list[str] = []
        seen_on = None if self._seen_on is None else row.cells[self._seen_on]
        key = state_key(row.cells[self._id], seen_on)
        external_id = as_text(row.cells[self._id]) or ""
        given = self._read(self._fields, row, errors)
        if self._attributes:
            given["attributes"] = self._read(self._attributes, row, errors)
        result, undecided = self._result(row)
        lead = LeadData(external_id=external_id, **given)
        values, wrong = clean_lead(lead)
        outcome: OutcomeData | None = None
        # The dates and values of open leads are plans: what counts is what happened.
        if result:
            decided = self._read(self._decision, row, errors)
            known = {name: value for name, value in decided.items() if value is not None}
            outcome = OutcomeData(external_id=external_id, result=result, **known)
            cleaned, wrong_outcome = clean_outcome(outcome)
            wrong = wrong_outcome | wrong
            outcome = replace(outcome, **cleaned)
        errors.extend(f"{self._names.get(name, name)}: {text}" for name, text in wrong.items())
        if errors:
            return RejectedRow(row.line, row.cells, "; ".join(errors), key)
        return ParsedRow(row.line, row.cells, lead, values, outcome, key, undecided)

    def _read(
        self, readers: list[tuple[str, int, Read]], row: Row, errors: list[str]
    ) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, position, read in readers:
            try:
                given[name] = read(row.cells[position])
            except CellProblem as problem:
                errors.append(f"{self._names.get(name, name)}: {problem}")
        return given

    def _result(self, row: Row) -> tuple[str, str]:
        if self._outcome is None:
            return "", ""
        cell = row.cells[self._outcome]
        # A named value counts even if it is empty or a placeholder elsewhere.
        known, typed = as_text(cell) or "", cell.strip() if isinstance(cell, str) else ""
        result = self._result_of(known) or (self._named.get(typed.casefold(), ""))
        return result, "" if result else known


def is_total(cells: Sequence[Cell], id_at: int) -> bool:
    """Whether a row only adds up others: it is named so, and holds nothing but numbers."""
    if (as_text(cells[id_at]) or "").casefold().rstrip(":") not in TOTALS:
        return False
    others = [as_text(cell) for at, cell in enumerate(cells) if at != id_at]
    survey = NumberSurvey()
    for text in filter(None, others):
        survey.observe(text)
    return not survey.holds_words


def field_reader(plan: TablePlan, name: str) -> Read:
    """What reads a field's cells. Raises CellProblem for what is none."""
    column = {**plan.columns.fields, **plan.columns.decision}[name]
    if name in DAYS:
        return partial(_known, plan.survey.dates[column].day)
    if name in MONEY:
        return partial(_known, plan.survey.numbers[column].number)
    if name in COUNTS:
        return partial(_known, partial(_count, plan.survey.numbers[column].number))
    return as_text


def _known(read: Read, cell: Cell) -> Any:
    return None if as_text(cell) is None else read(cell)


def _count(read: Read, cell: Cell) -> int:
    number = read(cell)
    if number != number.to_integral_value():
        raise CellProblem(f"{str(cell)[:40]!r} is not a whole number")
    return int(number)


def attribute_reader(plan: TablePlan, column: str) -> Read:
    """What reads the cells of a column of one's own. Raises CellProblem likewise."""
    dates, numbers = plan.survey.dates.get(column), plan.survey.numbers.get(column)
    if dates is not None:
        read = partial(_iso_day, dates.day)
        return read if column in plan.columns.formats else partial(_or_as_it_is, read)
    if numbers is not None:
        return partial(_or_as_it_is, partial(_number, numbers.number))
    return partial(_cut, as_attribute)


def _iso_day(read: Read, cell: Cell) -> AttributeValue:
    day = None if as_text(cell) is None else read(cell)
    return None if day is None else str(day.isoformat())


def _number(read: Read, cell: Cell) -> AttributeValue:
    return None if as_text(cell) is None else as_attribute(read(cell))


def _or_as_it_is(read: Read, cell: Cell) -> AttributeValue:
    """A few cells may hold something else than their column does."""
    try:
        found: AttributeValue = read(cell)
    except CellProblem:
        return _cut(as_attribute, cell)
    return found


def _cut(read: Read, cell: Cell) -> AttributeValue:
    """A note's end says nothing that is worth the lead."""
    found: AttributeValue = read(cell)
    if isinstance(found, str) and len(found) > ATTRIBUTE_TEXT_LENGTH:
        return found[: ATTRIBUTE_TEXT_LENGTH - 1] + "…"
    return found
