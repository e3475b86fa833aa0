"""Trees of any size for many rows: all rows step down all trees at once, level by level.

A node is one number: its left child's place, the rank that it splits at and the column that it
asks for. The right child stands behind the left one, so that a step is: place + (rank > split).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.ml.serving.tree_arrays import Array, Ensemble, Index, Matrix, Tree, ranks

# A node's number, from its high bits: left child (31 bits), rank (17), column (16).
PLACE, SPLIT = 33, 16
COLUMN_BITS = (1 << SPLIT) - 1
SPLIT_BITS = (1 << (PLACE - SPLIT)) - 1
# A leaf is its own left child, and no rank is beyond this: who is there stays.
BEYOND = SPLIT_BITS
# Rows times trees whose numbers stay in the processor's cache together.
BLOCK = 1 << 15
# Rows that take the same few trees while these are in the cache.
ROWS = 1 << 13
# So many steps, then those who have arrived are left out of the next.
STEPS = 4


class TreeDescent:
    """The sum of the leaves reached, for many rows at a time."""

    def __init__(self, ensemble: Ensemble) -> None:
        self._thresholds = ensemble.thresholds
        self._used = [column for column, each in enumerate(ensemble.thresholds) if len(each)]
        place = {column: number for number, column in enumerate(self._used)}
        nodes: list[Index] = []
        values: list[Array] = []
        self._roots: list[int] = []
        start = 0
        for tree in ensemble.trees:
            ordered, value = _packed(tree, place, start)
            self._roots.append(start)
            nodes.append(ordered)
            values.append(value)
            start += len(ordered)
        self._nodes, self._values = np.concatenate(nodes), np.concatenate(values)

    @staticmethod
    def fits(ensemble: Ensemble) -> bool:
        """Whether a node's numbers have room."""
        most = max((len(each) for each in ensemble.thresholds), default=0)
        return most < BEYOND - 2 and 2 * len(ensemble.thresholds) < COLUMN_BITS

    def sums(self, X: Matrix) -> Array:
        """(n,) for X (n, k): the leaves' values added up in the order of the trees."""
        found = np.zeros(len(X))
        rows = min(len(X), ROWS)
        trees = max(1, BLOCK // max(rows, 1))
        for start in range(0, len(X), rows or 1):
            block = slice(start, start + rows)
            asked = self._ranks(X[block])
            for first in range(0, len(self._roots), trees):
                reached = self._descend(asked, self._roots[first : first + trees])
                for values in self._values.take(reached):
                    found[block] += values
        return found

    def _ranks(self, X: Matrix) -> npt.NDArray[np.int64]:
        """(n, 2 columns used): ranks with NaN going left, then with NaN going right."""
        asked = np.empty((len(X), 2 * len(self._used)), dtype=np.int64)
        for number, column in enumerate(self._used):
            thresholds = self._thresholds[column]
            found = ranks(X[:, column], thresholds)
            asked[:, 2 * number + 1] = found
            asked[:, 2 * number] = np.where(found > len(thresholds), 0, found)
        return asked

    def _descend(self, asked: npt.NDArray[np.int64], roots: list[int]) -> Index:
        """(trees, n): the leaf that each row reaches in each of these trees."""
        rows, width = asked.shape
        flat = asked.ravel()
        reached = np.repeat(np.array(roots, dtype=np.int64), rows)
        base = np.tile(np.arange(rows, dtype=np.int64) * width, len(roots))
        moving = np.arange(len(reached))
        at = reached.copy()
        while len(moving):
            for _ in range(STEPS):
                node = self._nodes.take(at)
                value = flat.take(base + (node & COLUMN_BITS))
                at = (node >> PLACE) + (value > ((node >> SPLIT) & SPLIT_BITS))
            reached[moving] = at
            on = np.flatnonzero(self._nodes.take(at) >> PLACE != at)
            moving, at, base = moving.take(on), at.take(on), base.take(on)
        return reached.reshape(len(roots), rows)


def _packed(tree: Tree, place: dict[int, int], start: int) -> tuple[Index, Array]:
    """A tree's nodes as numbers, siblings side by side, the first at `start`; and their values."""
    order, new = [0], np.zeros(len(tree.left), dtype=np.int64)
    for node in order:  # grows while it is walked: breadth first
        if tree.left[node] >= 0:
            new[tree.left[node]], new[tree.right[node]] = len(order), len(order) + 1
            order += [int(tree.left[node]), int(tree.right[node])]
    at = np.array(order)
    inner = tree.left[at] >= 0
    left = np.where(inner, new[tree.left[at]], np.arange(len(order))) + start
    asked = [2 * place[column] for column in tree.column[at[inner]]]
    column = np.zeros(len(at), dtype=np.int64)
    # A node says which way NaN goes by which of its column's two ranks it looks at.
    column[inner] = asked + ~tree.missing_left[at[inner]]
    split = np.where(inner, tree.rank[at], BEYOND)
    return left << PLACE | split << SPLIT | column, tree.value[at]
