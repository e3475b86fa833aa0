"""The leaves of trees as players see them: what each field must be for a lead to get there.

A leaf is reached if every field on its path lies in a box. A field that nobody knows goes both
ways at each of its splits, by the share of the training rows that went there ("path-dependent",
Lundberg et al. 2020, doi 10.1038/s42256-019-0138-9).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import treelite

from scoring.ml.errors import ArtifactLibraryMismatch
from scoring.ml.serving.tree_arrays import LESS_OR_EQUAL, leaf_values

INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Interval:
    """low < value <= high in one matrix column; `missing`: whether NaN lies inside too."""

    column: int
    low: float = -INFINITY
    high: float = INFINITY
    missing: bool = True


Box = tuple[Interval, ...]


@dataclass(frozen=True)
class Leaf:
    """`value` adds to the output of a lead that lies in the box of each field.

    boxes: field -> box. shares: field -> the share of training rows that its splits let through.
    """

    value: float
    boxes: Mapping[int, Box]
    shares: Mapping[int, float]


@dataclass(frozen=True)
class Ensemble:
    """All leaves of a model whose output is `offset` + the values of the leaves reached."""

    offset: float
    leaves: Sequence[Leaf]


def read_leaves(model: treelite.Model, field_of: Sequence[int]) -> Ensemble:
    """The leaves of a treelite model. field_of: matrix column -> number of its field.

    Raises ArtifactLibraryMismatch for trees of a kind that scikit-learn does not make.
    """
    header = model.get_header_accessor()
    scale = 1 / model.num_tree if header.get_field("average_tree_output")[0] else 1.0
    leaves = [
        leaf
        for number in range(model.num_tree)
        for leaf in _Tree(model.get_tree_accessor(number), field_of, scale).leaves()
    ]
    return Ensemble(float(header.get_field("base_scores")[-1]), leaves)


class _Tree:
    """treelite's arrays of one tree, with an entry for each node."""

    def __init__(self, tree: Any, field_of: Sequence[int], scale: float) -> None:
        self.left = tree.get_field("cleft").tolist()
        self.right = tree.get_field("cright").tolist()
        self.column = tree.get_field("split_index").tolist()
        self.threshold = tree.get_field("threshold").tolist()
        self.missing_left = tree.get_field("default_left").astype(bool).tolist()
        rows = tree.get_field("sum_hess")
        self.rows = (rows if len(rows) else tree.get_field("data_count")).tolist()
        self.value = leaf_values(tree) * scale
        self.field_of = field_of
        tests = tree.get_field("cmp")[np.array(self.left) >= 0]
        if np.any(tests != LESS_OR_EQUAL):
            raise ArtifactLibraryMismatch("the trees test values in a way that is not known here")

    def leaves(self) -> Iterator[Leaf]:
        """Each leaf with its boxes, from the left."""
        stack: list[tuple[int, dict[int, Box], dict[int, float]]] = [(0, {}, {})]
        while stack:
            node, boxes, shares = stack.pop()
            if self.left[node] < 0:
                yield Leaf(float(self.value[node]), boxes, shares)
                continue
            field = self.field_of[self.column[node]]
            for child in (self.right[node], self.left[node]):
                share = self.rows[child] / self.rows[node]
                box = self._narrow(boxes.get(field, ()), node, left=child == self.left[node])
                narrower = {**boxes, field: box}
                stack.append((child, narrower, {**shares, field: shares.get(field, 1.0) * share}))

    def _narrow(self, box: Box, node: int, *, left: bool) -> Box:
        column, threshold = self.column[node], self.threshold[node]
        old = next((each for each in box if each.column == column), Interval(column))
        new = Interval(
            column,
            low=old.low if left else max(old.low, threshold),
            high=min(old.high, threshold) if left else old.high,
            missing=old.missing and self.missing_left[node] == left,
        )
        others = [each for each in box if each.column != column]
        return tuple(sorted((*others, new), key=lambda each: each.column))
