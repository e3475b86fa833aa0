"""Trees for one row: it steps down all trees at once, level by level.

What this takes is mostly waiting for memory, and what it reads pushes everything else out of the
processor's cache. So a node is 16 bytes, which come with one read, and the upper levels of all
trees lie side by side.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.ml.serving.tree_arrays import Array, Ensemble, Index, Matrix

Words = npt.NDArray[np.int32]
# A node's words: its limit (a float), the column it asks for, its left child's place, and whether
# NaN goes right.
LIMIT, COLUMN, LEFT, MISSING_RIGHT = range(4)


class TreeLookup:
    """The sum of the leaves that one row reaches.

    Nodes of all trees (m, 4), level by level, siblings side by side, the roots first. A leaf is its
    own left child and nothing lies above its limit: who is there stays.
    """

    def __init__(self, ensemble: Ensemble) -> None:
        trees = ensemble.trees
        starts = np.cumsum([0] + [len(tree.left) for tree in trees])[:-1]
        inner = np.concatenate([tree.left for tree in trees]) >= 0
        left, right = (
            np.concatenate(
                [getattr(tree, side) + at for tree, at in zip(trees, starts, strict=True)]
            )
            for side in ("left", "right")
        )
        order, places, self._steps = _by_level(starts, left, right, inner)
        inner = inner[order]
        column = np.concatenate([tree.column for tree in trees])[order]
        rank = np.concatenate([tree.rank for tree in trees])[order]
        missing_left = np.concatenate([tree.missing_left for tree in trees])[order]
        limit = np.full(len(order), np.inf)
        for number, thresholds in enumerate(ensemble.thresholds):
            here = inner & (column == number)
            limit[here] = thresholds[rank[here]]
        self._nodes: Words = np.zeros((len(order), 4), dtype=np.int32)
        self._nodes[:, LIMIT] = _rounded_down(limit).view(np.int32)
        self._nodes[:, COLUMN] = np.where(inner, column, 0)
        self._nodes[:, LEFT] = places
        self._nodes[:, MISSING_RIGHT] = inner & ~missing_left
        self._value = np.concatenate([tree.value for tree in trees])[order]
        self._roots: Words = np.arange(len(trees), dtype=np.int32)

    def sums(self, X: Matrix) -> Array:
        """(1,) for X (1, k): the leaves' values added up in the order of the trees."""
        row = X[0]
        missing = np.isnan(row)
        at = self._descend_with_holes(row, missing) if missing.any() else self._descend(row)
        # One after the other, as for many rows: pairwise sums differ in the last digit.
        return np.asarray(np.add.accumulate(self._value.take(at))[-1:])

    def _descend(self, row: Matrix) -> Words:
        at = self._roots
        for _ in range(self._steps):
            node = self._nodes.take(at, axis=0)
            above = row.take(node[:, COLUMN]) > node[:, LIMIT].view(np.float32)
            at = node[:, LEFT] + above
        return at

    def _descend_with_holes(self, row: Matrix, missing: npt.NDArray[np.bool_]) -> Words:
        at = self._roots
        for _ in range(self._steps):
            node = self._nodes.take(at, axis=0)
            column = node[:, COLUMN]
            above = row.take(column) > node[:, LIMIT].view(np.float32)
            above |= missing.take(column) & (node[:, MISSING_RIGHT] > 0)
            at = node[:, LEFT] + above
        return at


def _rounded_down(limits: Array) -> Matrix:
    """The largest floats of single precision that are not above: they split those the same way."""
    single = limits.astype(np.float32)
    above = single > limits
    single[above] = np.nextafter(single[above], np.float32(-np.inf))
    return single


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
