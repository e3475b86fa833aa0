"""Small trees for many rows: which leaves a column's value leaves open, looked up and ANDed.

Each value of a column rules out the leaves of a tree that other values lead to. With one bit for
each of at most eight leaves, a byte per tree holds those still open; the AND over all columns
leaves the one that is reached (Lucchese et al. 2015, QuickScorer, doi 10.1145/2766462.2767733).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.ml.serving.tree_arrays import Array, Ensemble, Index, Matrix, Tree, ranks

MOST_LEAVES = 8
# Columns share a table while it has at most so many rows and stays in the processor's cache.
JOINT_ROWS = 1_024
# Rows whose masks stay in the cache together.
BLOCK = 4_096
Masks = npt.NDArray[np.uint8]


class TreeMasks:
    """The sum of the leaves reached, for many rows at a time."""

    def __init__(self, ensemble: Ensemble) -> None:
        self._thresholds = ensemble.thresholds
        used = [column for column, each in enumerate(ensemble.thresholds) if len(each)]
        tables = [(column, _table(ensemble, column)) for column in used]
        self._groups = _joined(tables)
        self._values = np.stack([_values_of_masks(tree) for tree in ensemble.trees])
        leaves = [int((tree.left < 0).sum()) for tree in ensemble.trees]
        self._all = np.array([(1 << count) - 1 for count in leaves], dtype=np.uint8)

    @staticmethod
    def fits(ensemble: Ensemble) -> bool:
        """Whether every tree's leaves have a bit each."""
        return all((tree.left < 0).sum() <= MOST_LEAVES for tree in ensemble.trees)

    def sums(self, X: Matrix) -> Array:
        """(n,) for X (n, k): the leaves' values added up in the order of the trees."""
        found = np.zeros(len(X))
        for start in range(0, len(X), BLOCK):
            self._add(X[start : start + BLOCK], found[start : start + BLOCK])
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
        by_tree = np.ascontiguousarray(open_.T)
        for values, masks in zip(self._values, by_tree, strict=True):
            found += values.take(masks)


def _table(ensemble: Ensemble, column: int) -> Masks:
    """(ranks + 1, trees): the leaves that a rank in this column leaves open; the last row: NaN."""
    size = len(ensemble.thresholds[column]) + 2
    table = np.full((size, len(ensemble.trees)), 255, dtype=np.uint8)
    rank = np.arange(size)
    for number, tree in enumerate(ensemble.trees):
        below = _leaves_below(tree)
        for node in np.flatnonzero((tree.left >= 0) & (tree.column == column)):
            left = rank <= tree.rank[node]
            left[-1] = tree.missing_left[node]
            closed = np.where(left, below[tree.right[node]], below[tree.left[node]])
            table[:, number] &= ~closed
    return table


def _leaves_below(tree: Tree) -> Masks:
    """Per node the bits of the leaves under it (m,); leaves are numbered as they are stored."""
    below = np.zeros(len(tree.left), dtype=np.uint8)
    leaves = np.flatnonzero(tree.left < 0)
    below[leaves] = 1 << np.arange(len(leaves), dtype=np.uint8)
    # Children stand behind their parents in no fixed order: as many rounds as the tree is deep.
    for _ in range(len(leaves)):
        inner = tree.left >= 0
        below[inner] = below[tree.left[inner]] | below[tree.right[inner]]
    return below


def _values_of_masks(tree: Tree) -> Array:
    """(256,): the value of the leaf that is the one bit of a mask; 0 for masks nobody reaches."""
    values = np.zeros(256)
    leaves: Index = np.flatnonzero(tree.left < 0)
    values[1 << np.arange(len(leaves))] = tree.value[leaves]
    return values


def _joined(tables: list[tuple[int, Masks]]) -> list[tuple[list[int], Masks]]:
    """Small tables as one: a row for each combination of their rows."""
    groups: list[tuple[list[int], Masks]] = []
    for column, table in sorted(tables, key=lambda each: len(each[1])):
        if groups and len(groups[-1][1]) * len(table) <= JOINT_ROWS:
            columns, before = groups[-1]
            both = before[:, None, :] & table[None, :, :]
            groups[-1] = ([*columns, column], both.reshape(-1, table.shape[1]))
        else:
            groups.append(([column], table))
    return groups
