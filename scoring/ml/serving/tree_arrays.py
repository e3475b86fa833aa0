"""The nodes of all trees of a model in flat arrays, and columns of a matrix as ranks among splits.

A split asks only whether a value lies above its threshold. So a value's rank among all thresholds
of its column says all that any tree can ask of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.errors import ArtifactLibraryMismatch

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]

# treelite's number for "goes left if value <= threshold", the only test that scikit-learn makes.
LESS_OR_EQUAL = 3
# With so few thresholds counting comparisons is quicker than searching.
FEW_THRESHOLDS = 6


@dataclass(frozen=True)
class Tree:
    """One tree's nodes (m,): children (-1 in a leaf), split column and rank, NaN's way, value."""

    left: Index
    right: Index
    column: Index
    rank: Index
    missing_left: npt.NDArray[np.bool_]
    value: Array


@dataclass(frozen=True)
class Ensemble:
    """All trees, and each column's thresholds in rising order (empty: nobody asks for it).

    The output is the sum of the leaves reached in the trees' order, starting from 0.0, divided by
    `divisor`, plus `offset`.
    """

    trees: Sequence[Tree]
    thresholds: Sequence[Array]
    divisor: float
    offset: float


def read_ensemble(model: Any) -> Ensemble:
    """The trees of a treelite model. Raises ArtifactLibraryMismatch for unknown tests."""
    raw = [model.get_tree_accessor(number) for number in range(model.num_tree)]
    columns = [tree.get_field("split_index").astype(np.int64) for tree in raw]
    inner = [tree.get_field("cleft") >= 0 for tree in raw]
    at = [tree.get_field("threshold").astype(np.float64) for tree in raw]
    for tree, splits in zip(raw, inner, strict=True):
        if np.any(tree.get_field("cmp")[splits] != LESS_OR_EQUAL):
            raise ArtifactLibraryMismatch("the trees test values in a way that is not known here")
    asked = np.concatenate([each[splits] for each, splits in zip(columns, inner, strict=True)])
    limits = np.concatenate([each[splits] for each, splits in zip(at, inner, strict=True)])
    thresholds = [np.unique(limits[asked == column]) for column in range(model.num_feature)]
    trees = []
    for tree, column, limit, splits in zip(raw, columns, at, inner, strict=True):
        rank = np.zeros(len(limit), dtype=np.int64)
        for each in np.unique(column[splits]):
            here = splits & (column == each)
            rank[here] = np.searchsorted(thresholds[each], limit[here])
        trees.append(
            Tree(
                left=tree.get_field("cleft").astype(np.int64),
                right=tree.get_field("cright").astype(np.int64),
                column=column,
                rank=rank,
                missing_left=tree.get_field("default_left").astype(bool),
                value=leaf_values(tree),
            )
        )
    header = model.get_header_accessor()
    averaged = bool(header.get_field("average_tree_output")[0])
    return Ensemble(
        trees=trees,
        thresholds=thresholds,
        divisor=float(model.num_tree) if averaged else 1.0,
        offset=float(header.get_field("base_scores")[-1]),
    )


def leaf_values(tree: Any) -> Array:
    """Per node what a leaf says: of a forest's two classes the winning one's share."""
    vector = tree.get_field("leaf_vector")
    if not len(vector):
        return np.asarray(tree.get_field("leaf_value"), dtype=np.float64)
    end = tree.get_field("leaf_vector_end").astype(np.intp)
    is_leaf = end > tree.get_field("leaf_vector_begin")
    return np.where(is_leaf, vector[np.maximum(end, 1) - 1], 0.0)


def ranks(values: Matrix, thresholds: Array) -> npt.NDArray[np.intp]:
    """How many thresholds lie below each value (n,); NaN: len(thresholds) + 1."""
    if len(thresholds) <= FEW_THRESHOLDS:
        found = np.zeros(len(values), dtype=np.intp)
        for threshold in thresholds:
            found += values > threshold
    else:
        found = np.searchsorted(thresholds, values.astype(np.float64))
    missing = np.isnan(values)
    if missing.any():
        found[missing] = len(thresholds) + 1
    return found
