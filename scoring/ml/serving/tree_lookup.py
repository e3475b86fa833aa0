"""Trees for one row: it steps down all trees at once, level by level.

Beside treelite this saves, for one row, most of the memory that is read: a node is three numbers,
and the upper levels of all trees lie side by side.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.ml.serving.tree_arrays import Array, Ensemble, Index, Matrix


class TreeLookup:
    """The sum of the leaves that one row reaches.

    Nodes of all trees (m,), level by level, siblings side by side, the roots first. A leaf is its
    own left child and nothing lies above its limit: who is there stays.
    """

    def __init__(self, ensemble: Ensemble) -> None:
        trees = ensemble.trees
        sizes = [len(tree.left) for tree in trees]
        starts = np.cumsum([0, *sizes])[:-1]
        inner = np.concatenate([tree.left for tree in trees]) >= 0
        left, right = (
            np.concatenate(
                [getattr(tree, side) + at for tree, at in zip(trees, starts, strict=True)]
            )
            for side in ("left", "right")
        )
        order, self._left, self._steps = _by_level(starts, left, right, inner)
        inner = inner[order]
        column = np.concatenate([tree.column for tree in trees])[order]
        rank = np.concatenate([tree.rank for tree in trees])[order]
        self._column = np.where(inner, column, 0).astype(np.int64)
        self._limit = np.full(len(order), np.inf)
        for number, thresholds in enumerate(ensemble.thresholds):
            here = inner & (column == number)
            self._limit[here] = thresholds[rank[here]]
        missing_left = np.concatenate([tree.missing_left for tree in trees])[order]
        self._missing_right = inner & ~missing_left
        self._value = np.concatenate([tree.value for tree in trees])[order]
        self._roots: Index = np.arange(len(trees), dtype=np.int64)

    def sums(self, X: Matrix) -> Array:
        """(1,) for X (1, k): the leaves' values added up in the order of the trees."""
        row = X[0].astype(np.float64)
        missing = np.isnan(row)
        at = self._descend_with_holes(row, missing) if missing.any() else self._descend(row)
        # One after the other, as for many rows: pairwise sums differ in the last digit.
        return np.asarray(np.add.accumulate(self._value.take(at))[-1:])

    def _descend(self, row: Array) -> Index:
        at = self._roots
        for _ in range(self._steps):
            above = row.take(self._column.take(at)) > self._limit.take(at)
            at = self._left.take(at) + above
        return at

    def _descend_with_holes(self, row: Array, missing: npt.NDArray[np.bool_]) -> Index:
        at = self._roots
        for _ in range(self._steps):
            column = self._column.take(at)
            above = row.take(column) > self._limit.take(at)
            above |= missing.take(column) & self._missing_right.take(at)
            at = self._left.take(at) + above
        return at


def _by_level(
    roots: Index, left: Index, right: Index, inner: npt.NDArray[np.bool_]
) -> tuple[Index, Index, int]:
    """Nodes in their new order, the new place of each one's left child, steps to the last leaf."""
    order, places = [roots], []
    end = len(roots)
    while True:
        here = order[-1]
        place = np.arange(end - len(here), end, dtype=np.int64)
        splits = here[inner[here]]
        place[inner[here]] = end + 2 * np.arange(len(splits))
        places.append(place)
        if not len(splits):
            return np.concatenate(order), np.concatenate(places), len(order) - 1
        order.append(np.stack([left[splits], right[splits]], axis=1).ravel())
        end += 2 * len(splits)
