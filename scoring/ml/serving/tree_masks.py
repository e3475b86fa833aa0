"""Bounded trees for many rows: which leaves a column's value leaves open, looked up and ANDed.

Each value of a column rules out the leaves of a tree that other values lead to. With a bit for
each leaf, the AND over all columns leaves the one that is reached (Lucchese et al. 2015,
QuickScorer, doi 10.1145/2766462.2767733). Here eight leaves at a time are a byte, whose value is
looked up: that of the leaf left open, or 0 if the row reached a leaf of another byte.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.ml.serving.tree_arrays import Array, Ensemble, Matrix, Tree, ranks

# Larger trees are walked down quicker than their bytes are looked up.
MOST_LEAVES = 32
# Columns share a table while it has at most so many bytes and stays in the processor's cache.
JOINT_BYTES = 1 << 16
# Bytes of masks that stay in the cache together.
BLOCK_BYTES = 1 << 18
Masks = npt.NDArray[np.uint8]


class TreeMasks:
    """The sum of the leaves reached, for many rows at a time."""

    def __init__(self, ensemble: Ensemble) -> None:
        self._thresholds = ensemble.thresholds
        below = [_leaves_below(tree) for tree in ensemble.trees]
        used = [column for column, each in enumerate(ensemble.thresholds) if len(each)]
        self._groups = _joined([(column, _table(ensemble, below, column)) for column in used])
        self._values = np.concatenate([_values_of_masks(tree) for tree in ensemble.trees])
        # What the root has below it: all leaves.
        self._all = np.concatenate([each[0] for each in below])

    @staticmethod
    def fits(ensemble: Ensemble) -> bool:
        """Whether no tree has too many leaves."""
        return all((tree.left < 0).sum() <= MOST_LEAVES for tree in ensemble.trees)

    def sums(self, X: Matrix) -> Array:
        """(n,) for X (n, k): the leaves' values added up in the order of the trees."""
        found = np.zeros(len(X))
        rows = max(1, BLOCK_BYTES // len(self._all))
        for start in range(0, len(X), rows):
            self._add(X[start : start + rows], found[start : start + rows])
        return found

    def _add(self, X: Matrix, found: Array) -> None:
        open_ = np.repeat(self._all[None], len(X), axis=0)
        for columns, table in self._groups:
            row = np.zeros(len(X), dtype=np.intp)
            for column in columns:
                thresholds = self._thresholds[column]
                row *= len(thresholds) + 2
                row += ranks(X[:, column], thresholds)
            open_ &= table.take(row, axis=0)
        by_byte = open_.T.astype(np.intp)
        for values, masks in zip(self._values, by_byte, strict=True):
            found += values.take(masks)


def _table(ensemble: Ensemble, below: list[Masks], column: int) -> Masks:
    """(ranks + 1, bytes): the leaves that a rank in this column leaves open; the last row: NaN."""
    size = len(ensemble.thresholds[column]) + 2
    rank = np.arange(size)
    parts = []
    for tree, under in zip(ensemble.trees, below, strict=True):
        part = np.full((size, under.shape[1]), 255, dtype=np.uint8)
        for node in np.flatnonzero((tree.left >= 0) & (tree.column == column)):
            goes_left = rank <= tree.rank[node]
            goes_left[-1] = tree.missing_left[node]
            part[goes_left] &= ~under[tree.right[node]]
            part[~goes_left] &= ~under[tree.left[node]]
        parts.append(part)
    return np.concatenate(parts, axis=1)


def _leaves_below(tree: Tree) -> Masks:
    """(nodes, bytes): the bits of the leaves under each node, in the order they are stored."""
    leaves = np.flatnonzero(tree.left < 0)
    under = np.zeros((len(tree.left), len(leaves)), dtype=bool)
    under[leaves, np.arange(len(leaves))] = True
    inner = np.flatnonzero(tree.left >= 0)
    # Nodes stand in no promised order: go on until the root has all leaves.
    while not under[0].all():
        under[inner] = under[tree.left[inner]] | under[tree.right[inner]]
    return np.packbits(under, axis=1, bitorder="little")


def _values_of_masks(tree: Tree) -> Array:
    """(bytes, 256): the value of the leaf that is the one bit of a mask; 0 where none is."""
    leaves = tree.value[tree.left < 0]
    values = np.zeros((-(-len(leaves) // 8), 256))
    number = np.arange(len(leaves))
    values[number // 8, 1 << number % 8] = leaves
    return values


def _joined(tables: list[tuple[int, Masks]]) -> list[tuple[list[int], Masks]]:
    """Small tables as one: a row for each combination of their rows."""
    groups: list[tuple[list[int], Masks]] = []
    for column, table in sorted(tables, key=lambda each: len(each[1])):
        if groups and groups[-1][1].size * len(table) <= JOINT_BYTES:
            columns, before = groups[-1]
            both = before[:, None, :] & table[None, :, :]
            groups[-1] = ([*columns, column], both.reshape(-1, table.shape[1]))
        else:
            groups.append(([column], table))
    return groups
