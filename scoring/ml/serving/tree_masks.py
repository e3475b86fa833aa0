"""Bounded trees for many rows: which leaves a column's value leaves open, looked up and ANDed.

Each value of a column rules out the leaves of a tree that other values lead to. With a bit for
each leaf, the AND over all columns leaves the one that is reached (Lucchese et al. 2015,
QuickScorer, doi 10.1145/2766462.2767733). A tree's leaves are the bits of one word. As a number it
is a power of two then, whose exponent as a float is the number of the leaf.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scoring.ml.serving.tree_arrays import Array, Ensemble, Matrix, Tree, ranks

# The bits of a word. Larger trees are walked down quicker.
MOST_LEAVES = 32
# Of a float of single precision: where its exponent begins, and what stands for 2 ** 0.
EXPONENT, EXPONENT_OF_ONE = 23, 127
# Columns share a table while it has at most so many bytes and stays in the processor's cache.
JOINT_BYTES = 1 << 16
# Masks that stay in the cache together.
BLOCK = 1 << 16
Masks = npt.NDArray[np.uint32]


class TreeMasks:
    """The sum of the leaves reached, for many rows at a time."""

    def __init__(self, ensemble: Ensemble) -> None:
        self._thresholds = ensemble.thresholds
        below = [_leaves_below(tree) for tree in ensemble.trees]
        used = [column for column, each in enumerate(ensemble.thresholds) if len(each)]
        self._groups = _joined([(column, _table(ensemble, below, column)) for column in used])
        values = np.zeros((len(ensemble.trees), MOST_LEAVES))
        for row, tree in zip(values, ensemble.trees, strict=True):
            leaves = tree.value[tree.left < 0]
            row[: len(leaves)] = leaves
        self._values = values.ravel()
        # From a tree's exponents to the places of its leaves.
        self._places = MOST_LEAVES * np.arange(len(values))[:, None] - EXPONENT_OF_ONE
        # What the root has below it: all leaves.
        self._all = np.array([each[0] for each in below])

    @staticmethod
    def fits(ensemble: Ensemble) -> bool:
        """Whether no tree has too many leaves."""
        return all((tree.left < 0).sum() <= MOST_LEAVES for tree in ensemble.trees)

    def sums(self, X: Matrix) -> Array:
        """(n,) for X (n, k): the leaves' values added up in the order of the trees."""
        if len(X) == 1:
            return self.sums(np.repeat(X, 2, axis=0))[:1]
        blocks = min(math.ceil(len(X) * len(self._all) / BLOCK), len(X) // 2)
        ends = np.linspace(0, len(X), blocks + 1, dtype=np.intp)
        parts = [self._added_up(X[start:end]) for start, end in pairwise(ends)]
        return np.concatenate([np.empty(0), *parts])

    def _added_up(self, X: Matrix) -> Array:
        open_ = np.repeat(self._all[None], len(X), axis=0)
        for columns, table in self._groups:
            row = np.zeros(len(X), dtype=np.intp)
            for column in columns:
                thresholds = self._thresholds[column]
                row *= len(thresholds) + 2
                row += ranks(X[:, column], thresholds)
            open_ &= table.take(row, axis=0)
        exponents = open_.T.astype(np.float32).view(np.int32) >> EXPONENT
        # This adds one tree after the other; but were there one row, NumPy would add by pairs.
        reached = self._values.take(exponents + self._places)
        return np.asarray(np.add.reduce(reached, axis=0, initial=0.0))


def _table(ensemble: Ensemble, below: list[Masks], column: int) -> Masks:
    """(ranks + 1, trees): the leaves that a rank in this column leaves open; the last row: NaN."""
    size = len(ensemble.thresholds[column]) + 2
    rank = np.arange(size)
    table = np.full((size, len(below)), ~np.uint32(0))
    for mask, tree, under in zip(table.T, ensemble.trees, below, strict=True):
        for node in np.flatnonzero((tree.left >= 0) & (tree.column == column)):
            goes_left = rank <= tree.rank[node]
            goes_left[-1] = tree.missing_left[node]
            mask[goes_left] &= ~under[tree.right[node]]
            mask[~goes_left] &= ~under[tree.left[node]]
    return table


def _leaves_below(tree: Tree) -> Masks:
    """(nodes,): the bits of the leaves under each node, in the order they are stored."""
    leaves = np.flatnonzero(tree.left < 0)
    under = np.zeros(len(tree.left), dtype=np.uint32)
    under[leaves] = np.left_shift(np.uint32(1), np.arange(len(leaves), dtype=np.uint32))
    inner = np.flatnonzero(tree.left >= 0)
    # Nodes stand in no promised order: go on until the root has all leaves.
    while np.bitwise_count(under[0]) < len(leaves):
        under[inner] = under[tree.left[inner]] | under[tree.right[inner]]
    return under


def _joined(tables: list[tuple[int, Masks]]) -> list[tuple[list[int], Masks]]:
    """Small tables as one: a row for each combination of their rows."""
    groups: list[tuple[list[int], Masks]] = []
    for column, table in sorted(tables, key=lambda each: len(each[1])):
        if groups and groups[-1][1].nbytes * len(table) <= JOINT_BYTES:
            columns, before = groups[-1]
            both = before[:, None, :] & table[None, :, :]
            groups[-1] = ([*columns, column], both.reshape(-1, table.shape[1]))
        else:
            groups.append(([column], table))
    return groups
