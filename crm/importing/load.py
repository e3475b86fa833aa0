"""Load a file of leads, chunk by chunk. The same file again changes nothing."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, fields
from pathlib import Path
from time import sleep

import numpy as np
from django.db import connection, reset_queries

from crm.importing.chunk import ChunkResult, load_chunk
from crm.importing.plan import TablePlan
from crm.importing.rejects import RejectedFile
from crm.importing.rows import ParsedRow, RejectedRow, read_rows
from crm.importing.survey import MOST_VALUES, Progress
from crm.importing.timeline import IMPORTED
from crm.values import Actor

# Rows a transaction: whoever edits one of these leads, or on SQLite any lead, waits until its end.
CHUNK = 250
# Who waits for SQLite's only writer looks again after up to 100 ms: without a pause it would find
# the next chunk there, time after time.
PAUSE_SECONDS = 0.005
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

    def count(self, result: ChunkResult) -> None:
        """Add what became of a chunk's good rows."""
        self.created += len(result.created)
        self.updated += len(result.updated)
        self.unchanged += len(result.unchanged)
        self.outcomes_created += len(result.outcomes_created)
        self.outcomes_updated += len(result.outcomes_updated)
        for row in result.rejected:
            self.reject(row)

    def reject(self, row: RejectedRow) -> None:
        """Add a row that cannot be taken."""
        self.rejected += 1
        if len(self.first_rejected) < FIRST_REJECTED:
            self.first_rejected.append(row)


# What to do in a chunk's transaction: see `load_leads`.
Store = Callable[[LoadSummary, Sequence[RejectedRow]], None]


def load_leads(
    *,
    path: Path,
    plan: TablePlan,
    rejected: RejectedFile | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    summary: LoadSummary | None = None,
    store: Store | None = None,
) -> LoadSummary:
    """Store the leads and outcomes of a file; each chunk of rows is one transaction.

    `summary`, if given, is filled as the import goes on: what it says is in, whatever comes. One
    that was filled before goes on behind the rows that it has. `store` is called in each chunk's
    transaction, with the summary that holds if it ends well and the rows that were rejected since
    the last chunk; what it raises takes the chunk back.

    Raises:
        ImportProblem: if the file breaks off, or rejected rows cannot be written.
        DatabaseError: if the database fails. Chunks before that are in, and the same import again
            goes on from there without storing anything twice.
    """
    summary = summary if summary is not None else LoadSummary()
    return _Loader(path, plan, rejected, dry_run, summary, store).run(progress)


class _Loader:
    def __init__(
        self,
        path: Path,
        plan: TablePlan,
        rejected: RejectedFile | None,
        dry_run: bool,
        summary: LoadSummary,
        store: Store | None,
    ) -> None:
        self._path = path
        self._plan = plan
        self._file = rejected
        self._dry_run = dry_run
        self._store = store
        self._actor = Actor(user=None, label=IMPORTED + path.name)
        self._summary = summary
        # What is not in yet: the rows of the next chunk, and how the summary is with them.
        self._next = deepcopy(summary)
        self._good: list[ParsedRow] = []
        self._rejected: list[RejectedRow] = []
        # A dry run forgets each chunk, and would create a lead of several chunks several times.
        self._new_leads = array("q")
        self._new_outcomes = array("q")

    def run(self, progress: Progress | None) -> LoadSummary:
        total = max(self._plan.survey.rows, 1)
        in_before = self._summary.rows
        for number, row in enumerate(read_rows(self._path, self._plan)):
            again = row.key is not None and self._plan.survey.repeats.comes_again(row.key)
            if number < in_before:
                continue
            self._take(row, again)
            if len(self._good) + len(self._rejected) == CHUNK:
                self._load()
                if progress:
                    progress(self._summary.rows, self._summary.rows / total)
        if self._next.rows > self._summary.rows:
            self._load()
        if progress:
            progress(self._summary.rows, 1.0)
        self._count_dry()
        return self._summary

    def _take(self, row: ParsedRow | RejectedRow, again: bool) -> None:
        summary = self._next
        summary.rows += 1
        if isinstance(row, RejectedRow):
            summary.reject(row)
            self._rejected.append(row)
            return
        if row.undecided and (
            row.undecided in summary.undecided or len(summary.undecided) < MOST_VALUES
        ):
            summary.undecided[row.undecided] += 1
        if again:
            summary.superseded += 1
        else:
            self._good.append(row)

    def _load(self) -> None:
        chunks: list[tuple[LoadSummary, ChunkResult]] = []

        def loaded(result: ChunkResult) -> None:
            after = deepcopy(self._next)
            after.count(result)
            if self._store:
                self._store(after, [*self._rejected, *result.rejected])
            chunks.append((after, result))

        load_chunk(self._good, self._actor, dry_run=self._dry_run, loaded=loaded)
        if connection.vendor == "sqlite":
            sleep(PAUSE_SECONDS)
        # With DEBUG on, Django keeps the text of thousands of statements.
        reset_queries()
        self._next, result = chunks[-1]
        for each in fields(LoadSummary):
            setattr(self._summary, each.name, deepcopy(getattr(self._next, each.name)))
        if self._file:
            for row in (*self._rejected, *result.rejected):
                self._file.add(row)
        if self._dry_run:
            self._new_leads.extend(map(hash, result.created))
            self._new_outcomes.extend(map(hash, result.outcomes_created))
        self._good.clear()
        self._rejected.clear()

    def _count_dry(self) -> None:
        again = len(self._new_leads) - _distinct(self._new_leads)
        self._summary.created -= again
        self._summary.updated += again
        again = len(self._new_outcomes) - _distinct(self._new_outcomes)
        self._summary.outcomes_created -= again


def _distinct(hashes: array[int]) -> int:
    return int(np.unique(np.frombuffer(hashes, np.int64)).size)
