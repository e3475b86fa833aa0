"""The one engine that scores the rows of a file: `manage.py score`, and batches if they like.

    rows = FileRows(plan, loaded.scorer, day)
    for chunk in rows.chunks(path):
        chunk.ids, chunk.lines, chunk.probabilities   # of the good rows, in the file's order
        chunk.rejected                                # the others, each with its reason

Rows are read, cleaned and encoded by column, a block of them at a time; those that a column cannot
decide, and those of Excel, go one by one. Either way a row gets the same score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crm.importing.block_rows import BlockParser
from crm.importing.plan import TablePlan
from crm.importing.rows import ParsedRow, RejectedRow, RowParser
from crm.importing.table import Block, Row
from scoring.dataset import COLUMNS, features_from
from scoring.dataset.blocks import frame_of, wanted
from scoring.ml.frames import to_frame
from scoring.ml.serving.runtime import Scorer

# Rows that go one by one are scored so many together.
CHUNK = 5_000


@dataclass(frozen=True)
class ScoredChunk:
    """Good rows by line, id and probability (n,) each, and rejected rows, in the file's order."""

    lines: npt.NDArray[np.int64]
    ids: Sequence[str]
    probabilities: npt.NDArray[np.float64]
    rejected: Sequence[RejectedRow]

    def __len__(self) -> int:
        return len(self.ids) + len(self.rejected)


class FileRows:
    """Scores the rows of files that `plan` describes; a row without a day is as of `day`."""

    def __init__(self, plan: TablePlan, scorer: Scorer, day: date) -> None:
        self._plan = plan
        self._scorer = scorer
        self._day = day
        self._rows = RowParser(plan)
        self._blocks = BlockParser(plan, *wanted(scorer.encoder))

    def chunks(self, path: Path, *, after: int = 0) -> Iterator[ScoredChunk]:
        """All rows whose line comes after this one, in the file's order.

        Raises ImportProblem where the file breaks off.
        """
        table = self._plan.open(path)
        # What became of a lead decides too whether its row is good; columns do not read that.
        if self._plan.columns.outcome:
            rows = (row for row in table.rows() if row.line > after)
            while taken := list(islice(rows, CHUNK)):
                yield self._one_by_one(taken)
            return
        waiting: list[Row] = []
        for found in _later(table.blocks(self._blocks.positions), after):
            if isinstance(found, Row):
                waiting.append(found)
                if len(waiting) < CHUNK:
                    continue
            if waiting:
                yield self._one_by_one(waiting)
                waiting = []
            if not isinstance(found, Row):
                yield self._together(found)
        if waiting:
            yield self._one_by_one(waiting)

    def _one_by_one(self, rows: Sequence[Row]) -> ScoredChunk:
        parsed = [self._rows.parse(row) for row in rows]
        good = [row for row in parsed if isinstance(row, ParsedRow)]
        leads = [features_from(*map(row.values.get, COLUMNS)) for row in good]
        days = [row.values.get("seen_on") or self._day for row in good]
        return ScoredChunk(
            lines=np.array([row.line for row in good], dtype=np.int64),
            ids=[row.lead.external_id for row in good],
            probabilities=self._scorer.probabilities_of_frame(to_frame(leads, days)),
            rejected=[row for row in parsed if isinstance(row, RejectedRow)],
        )

    def _together(self, block: Block) -> ScoredChunk:
        rows = self._blocks.parse(block)
        taken = np.flatnonzero(~rows.undecided)
        frame = frame_of(rows, taken, self._day)
        chunk = ScoredChunk(
            lines=block.lines[taken],
            ids=rows.ids.take(taken).to_pylist(),
            probabilities=self._scorer.probabilities_of_frame(frame),
            rejected=[],
        )
        if len(taken) == len(block):
            return chunk
        others = [block.row(number) for number in np.flatnonzero(rows.undecided).tolist()]
        return _merged(chunk, self._one_by_one([row for row in others if row is not None]))


def _later(found: Iterator[Block | Row], after: int) -> Iterator[Block | Row]:
    """What begins after this line; of a block that only ends there, row by row what does."""
    for each in found:
        if isinstance(each, Row):
            if each.line > after:
                yield each
        elif not len(each) or each.lines[0] > after:
            yield each
        else:
            rows = (each.row(number) for number in np.flatnonzero(each.lines > after).tolist())
            yield from (row for row in rows if row is not None)


def _merged(one: ScoredChunk, other: ScoredChunk) -> ScoredChunk:
    """Two parts of a block in the order of their lines."""
    lines = np.concatenate([one.lines, other.lines])
    order = np.argsort(lines, kind="stable")
    ids = [*one.ids, *other.ids]
    return ScoredChunk(
        lines=lines[order],
        ids=[ids[place] for place in order],
        probabilities=np.concatenate([one.probabilities, other.probabilities])[order],
        rejected=other.rejected,
    )
