"""Where a batch's rows come from, chunk by chunk, from any place on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from crm.days import today
from crm.importing.cells import as_text
from crm.importing.plan import TablePlan
from crm.importing.rows import ParsedRow, RejectedRow, read_rows
from crm.models import Lead, LeadQuerySet
from crm.services.lead_filter import leads_filter
from scoring.dataset import COLUMNS, features_from
from scoring.jobs.batch.packing import BadRow
from scoring.ml.schema import LeadFeatures


@dataclass
class RowChunk:
    """Rows to score, each as of its day, and those that cannot be read.

    place: where the next chunk begins, for `Source.chunks`.
    """

    place: int
    numbers: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    leads: list[LeadFeatures] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    rejected: list[BadRow] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids) + len(self.rejected)


class Source(Protocol):
    """Rows in an order that never changes."""

    @property
    def total(self) -> int:
        """How many rows there are, as far as anybody knows."""

    @property
    def repeated(self) -> int:
        """How many rows have an id (and day) that another row has too."""

    def chunks(self, place: int, size: int) -> Iterator[RowChunk]:
        """The rows from `place` on (0: the first)."""


class FileRows:
    """The rows of a file; a row without a day of its own is scored as of `day`.

    Raises ImportProblem where the file cannot be read.
    """

    def __init__(self, path: Path, plan: TablePlan, day: date) -> None:
        self.path = path
        self.plan = plan
        self.day = day
        self._id = plan.positions[plan.columns.id]

    @property
    def total(self) -> int:
        return self.plan.survey.rows

    @property
    def repeated(self) -> int:
        return self.plan.survey.repeats.rows

    def chunks(self, place: int, size: int) -> Iterator[RowChunk]:
        rows = read_rows(self.path, self.plan, skip=place)
        while taken := list(islice(rows, size)):
            place += len(taken)
            chunk = RowChunk(place)
            for row in taken:
                if isinstance(row, ParsedRow):
                    chunk.numbers.append(row.line)
                    chunk.ids.append(row.lead.external_id)
                    chunk.leads.append(features_from(*map(row.values.get, COLUMNS)))
                    chunk.days.append(row.values.get("seen_on") or self.day)
                else:
                    chunk.rejected.append(self.bad(row))
            yield chunk

    def bad(self, row: RejectedRow) -> BadRow:
        """A rejected row, with its id where one can be read."""
        typed = as_text(row.cells[self._id]) if len(row.cells) > self._id else None
        return BadRow(row.line, (typed or "")[:200], row.reason)


class StoredLeads:
    """The stored leads that a filter names, as they are when their chunk's turn comes."""

    repeated = 0

    def __init__(self, criteria: Mapping[str, Any], day: date) -> None:
        given = dict(criteria)
        if since := given.get("updated_since"):
            given["updated_since"] = datetime.fromisoformat(since)
        self._leads: LeadQuerySet = leads_filter(Lead.objects.all(), given)
        self._day = day

    @property
    def total(self) -> int:
        return self._leads.count()

    def chunks(self, place: int, size: int) -> Iterator[RowChunk]:
        columns = ("pk", "external_id", *COLUMNS)
        while True:
            rows = list(
                self._leads.filter(pk__gt=place).order_by("pk").values_list(*columns)[:size]
            )
            if not rows:
                return
            place = rows[-1][0]
            yield RowChunk(
                place,
                numbers=[0] * len(rows),
                ids=[external_id for _, external_id, *_ in rows],
                leads=[features_from(*values) for _, _, *values in rows],
                days=[self._day] * len(rows),
            )


def day_of(stored: str | None) -> date:
    """The day that a batch measures from: the one that its first chunk did."""
    return date.fromisoformat(stored) if stored else today()
