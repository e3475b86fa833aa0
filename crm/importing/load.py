"""Load a file of leads, chunk by chunk. The same file again changes nothing."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from django.db import DatabaseError, reset_queries

from crm.importing.chunk import ChunkResult, load_chunk
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.importing.rejects import RejectedFile
from crm.importing.rows import ParsedRow, RejectedRow, read_rows
from crm.importing.survey import MOST_VALUES, Progress
from crm.importing.timeline import IMPORTED
from crm.values import Actor

CHUNK = 1_000
FIRST_REJECTED = 3


@dataclass(slots=True)
class LoadSummary:
    """What an import did, or would do. All but the outcomes are numbers of rows.

    superseded: left out, because a later row has the same id and day.
    undecided:  the outcome column's values that were not named -> rows; they stay open.
    first_rejected: the first few rejected rows.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    rejected: int = 0
    outcomes_created: int = 0
    outcomes_updated: int = 0
    undecided: Counter[str] = field(default_factory=Counter)
    first_rejected: list[RejectedRow] = field(default_factory=list)

    @property
    def useless(self) -> bool:
        """There were rows and none could be taken."""
        return bool(self.rejected) and self.rejected == self.rows


def load_leads(
    *,
    path: Path,
    plan: TablePlan,
    rejected: RejectedFile | None,
    dry_run: bool = False,
    progress: Progress | None = None,
    summary: LoadSummary | None = None,
) -> LoadSummary:
    """Store the leads and outcomes of a file; each chunk of rows is one transaction.

    `summary`, if given, is filled as the import goes on: what it says is in, whatever comes.

    Raises:
        ImportProblem: if the file, the database or the disk fails. Chunks before that are in, and
            the same import again goes on from there without storing anything twice.
    """
    return _Loader(path, plan, rejected, dry_run, summary or LoadSummary()).run(progress)


class _Loader:
    def __init__(
        self,
        path: Path,
        plan: TablePlan,
        rejected: RejectedFile | None,
        dry_run: bool,
        summary: LoadSummary,
    ) -> None:
        self._path = path
        self._plan = plan
        self._rejected = rejected
        self._dry_run = dry_run
        self._actor = Actor(user=None, label=IMPORTED + path.name)
        self._summary = summary
        # A dry run forgets each chunk, and would create a lead of several chunks several times.
        self._new_leads = array("q")
        self._new_outcomes = array("q")

    def run(self, progress: Progress | None) -> LoadSummary:
        total = max(self._plan.survey.rows, 1)
        chunk: list[ParsedRow] = []
        for row in self._counted_rows():
            chunk.append(row)
            if len(chunk) == CHUNK:
                self._load(chunk)
                chunk.clear()
                if progress:
                    progress(self._summary.rows, self._summary.rows / total)
        if chunk:
            self._load(chunk)
        if progress:
            progress(self._summary.rows, 1.0)
        self._count_dry()
        return self._summary

    def _counted_rows(self) -> Iterator[ParsedRow]:
        """The rows to store."""
        summary, repeats = self._summary, self._plan.survey.repeats
        for row in read_rows(self._path, self._plan):
            summary.rows += 1
            again = row.key is not None and repeats.comes_again(row.key)
            if isinstance(row, RejectedRow):
                self._reject(row)
                continue
            if row.undecided and (
                row.undecided in summary.undecided or len(summary.undecided) < MOST_VALUES
            ):
                summary.undecided[row.undecided] += 1
            if again:
                summary.superseded += 1
            else:
                yield row

    def _load(self, rows: list[ParsedRow]) -> None:
        try:
            result = load_chunk(rows, self._actor, dry_run=self._dry_run)
        except DatabaseError as error:
            raise ImportProblem(f"The database failed: {error}.") from error
        # With DEBUG on, Django keeps the text of thousands of statements.
        reset_queries()
        self._count(result)
        for row in result.rejected:
            self._reject(row)

    def _count(self, result: ChunkResult) -> None:
        summary = self._summary
        summary.created += len(result.created)
        summary.updated += len(result.updated)
        summary.unchanged += len(result.unchanged)
        summary.outcomes_created += len(result.outcomes_created)
        summary.outcomes_updated += len(result.outcomes_updated)
        if self._dry_run:
            self._new_leads.extend(map(hash, result.created))
            self._new_outcomes.extend(map(hash, result.outcomes_created))

    def _reject(self, row: RejectedRow) -> None:
        summary = self._summary
        summary.rejected += 1
        if len(summary.first_rejected) < FIRST_REJECTED:
            summary.first_rejected.append(row)
        if self._rejected:
            self._rejected.add(row)

    def _count_dry(self) -> None:
        again = len(self._new_leads) - _distinct(self._new_leads)
        self._summary.created -= again
        self._summary.updated += again
        again = len(self._new_outcomes) - _distinct(self._new_outcomes)
        self._summary.outcomes_created -= again


def _distinct(hashes: array[int]) -> int:
    return int(np.unique(np.frombuffer(hashes, np.int64)).size)
