"""The effects that a lead's log-odds may be made of: blocks, of which a lead has at most one each.

A block is a field's cells (each tenth, category or gap), a number's normal score, or the cells of
two fields together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.tables import NumberTable, row_days

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

# Fewer leads say nothing of their cell; so many cells at most, the largest of all fields.
FEWEST_IN_CELL = 5
MOST_CELLS = 600
# A word of fewer leads is rare.
RARE_SHARE = 0.01


@dataclass(frozen=True)
class Block:
    """size: how many effects. place (n,): which one a lead has, `size` for none. value (n,): what
    it is multiplied by. open (n,): whether a lead has an effect of its own that no other tells."""

    size: int
    place: Places
    value: Array
    open: npt.NDArray[np.bool_]

    def of(self, effects: Array) -> Array:
        """What the block adds to the log-odds: (n, ...) for effects (size, ...)."""
        none = np.zeros((1, *effects.shape[1:]))
        added = np.concatenate([effects, none])[self.place]
        return np.asarray((self.value * added.T).T)

    def take(self, rows: Places) -> Block:
        """The block of some of the leads."""
        return Block(self.size, self.place[rows], self.value[rows], self.open[rows])


def cell_block(cells: Places, kept: Places) -> Block:
    """The block of a cell each (n,), of which only those `kept` have an effect."""
    place = np.full(int(cells.max()) + 1, len(kept), dtype=np.intp)
    place[kept] = np.arange(len(kept))
    return Block(len(kept), place[cells], np.ones(len(cells)), place[cells] == len(kept))


def slope_block(value: Array) -> Block:
    """One effect, multiplied by a number (n,)."""
    leads = len(value)
    return Block(1, np.zeros(leads, dtype=np.intp), value, np.zeros(leads, dtype=np.bool_))


def field_blocks(frame: pd.DataFrame, familiarity: Familiarity) -> list[Block]:
    """For each field of n leads its cells and, of numbers, their normal scores."""
    days, absent = row_days(frame), pd.Series(np.full(len(frame), None, dtype=object))
    placeholders = familiarity.placeholders
    columns = [frame.get(table.column, absent) for table in familiarity.tables]
    cells = [
        table.cells(values, days, placeholders)
        for table, values in zip(familiarity.tables, columns, strict=True)
    ]
    sizes = [np.bincount(each) for each in cells]
    fewest = _fewest(sizes)
    blocks: list[Block] = []
    for table, values, cell, size in zip(familiarity.tables, columns, cells, sizes, strict=True):
        kept = np.flatnonzero((size >= fewest) & (size < len(frame)))
        if not len(kept):
            continue
        if isinstance(table, NumberTable):
            scores = table.normal_scores(values, days, placeholders)
            blocks += [cell_block(cell, kept), slope_block(scores)]
        else:
            blocks += _word_blocks(cell, kept, size)
    return blocks


def _word_blocks(cells: Places, kept: Places, sizes: npt.NDArray[np.int64]) -> list[Block]:
    """Common words and rare ones: how much these vary is learned apart, and is what a word with too
    few leads for a cell may vary by. Words that are in no table share a cell, as one more word.
    """
    rare = sizes[kept] < RARE_SHARE * len(cells)
    groups = [group for group in (kept[~rare], kept[rare]) if len(group)]
    blocks = [cell_block(cells, group) for group in groups]
    untold = ~np.isin(cells, kept)
    nowhere = np.zeros(len(cells), dtype=np.bool_)
    opened = [nowhere] * (len(blocks) - 1) + [untold]
    return [replace(block, open=here) for block, here in zip(blocks, opened, strict=True)]


def _fewest(sizes: Sequence[npt.NDArray[np.int64]]) -> int:
    """How many leads a cell must have, so that no more than MOST_CELLS are left."""
    every = np.sort(np.concatenate([*sizes, np.zeros(1, dtype=np.int64)]))[::-1]
    return max(FEWEST_IN_CELL, int(every[MOST_CELLS]) + 1 if len(every) > MOST_CELLS else 0)
