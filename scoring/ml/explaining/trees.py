"""Exact Shapley values of trees over fields, for all leaves at once as products of matrices.

With each field known by chance q, the expected output is a polynomial in q, and a field's Shapley
value is the integral over q of what knowing it for certain adds (Owen 1972,
doi 10.1287/mnsc.18.5.64). For leaf l and field j with share z, and o = 1 if the lead lies in the
field's box, else 0:

    G_l(q) = value * product over j of (q o + (1 - q) z)
    phi_j  = integral of G_l(q) * (o - z) / (q o + (1 - q) z)
           = integral of G_l(q) * (o / (q + (1 - q) z) - 1) / (1 - q)

A path over d fields gives degree d - 1: half as many Gauss-Legendre points make the sum exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from scoring.ml.explaining.paths import Box, Ensemble, Interval, Leaf

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Matrix = npt.NDArray[np.float32]
# Leads whose numbers still fit into the processor's cache together.
CHUNK_ROWS = 32


class TreeShapley:
    """What each field adds to the raw output of an ensemble of trees."""

    def __init__(self, ensemble: Ensemble, fields: int) -> None:
        leaves = [leaf for leaf in ensemble.leaves if leaf.value]
        self.base = ensemble.offset + sum(_expected(leaf) for leaf in leaves)
        boxes = {each: 0 for leaf in leaves for each in leaf.boxes.items()}
        order = sorted(boxes, key=lambda each: -len(each[1]))
        boxes = {each: number for number, each in enumerate(order)}
        self._boxes = _Boxes.of([box for _, box in order])
        owner = np.array([field for field, _ in order], dtype=np.intp)
        k = len(order)
        self._owner = sparse.csr_array((np.ones(k), (owner, np.arange(k))), shape=(fields, k))
        terms = _Terms.of([len(leaf.boxes) for leaf in leaves])
        # One entry for each field on each path, and each of its leaf's points.
        entries = [boxes[each] for leaf in leaves for each in leaf.boxes.items()]
        box = np.array(entries, dtype=np.intp)[terms.entry]
        share = np.array([each for leaf in leaves for each in leaf.shares.values()])[terms.entry]
        value = np.array([leaf.value for leaf in leaves])[terms.leaf]
        self._build(terms, box, share, value, owner[box])

    def _build(self, terms: _Terms, box: Index, share: Array, value: Array, field: Index) -> None:
        """The matrices. box, share, field: of each entry; value: of each term."""
        n, (fields, k), term = len(value), self._owner.shape, terms.term
        q, weight = terms.chance[term], terms.weight[term] * np.sign(value[term])
        outside, inside = (1 - q) * share, q + (1 - q) * share
        gain = np.log(inside / outside)
        self._gain = sparse.csr_array((gain, (term, box)), shape=(n, k))
        start = np.bincount(term, np.log(outside), minlength=n) + np.log(np.abs(value))
        self._start = start[:, None]
        held = weight / ((1 - q) * inside)
        self._held = sparse.csr_array((held, (box, term)), shape=(k, n))
        lost = sparse.csr_array((-weight / (1 - q), (field, term)), shape=(fields, n))
        self._lost = lost.toarray()

    def contributions(self, X: Matrix) -> Array:
        """(n, fields) for X (n, k): with `base` they add up to the raw output."""
        parts = [
            self._contributions(X[start : start + CHUNK_ROWS])
            for start in range(0, len(X), CHUNK_ROWS)
        ]
        return np.concatenate(parts) if parts else np.empty((0, len(self._lost)))

    def _contributions(self, X: Matrix) -> Array:
        inside = self._boxes.hold(X)
        reached = self._gain @ inside
        reached += self._start
        np.exp(reached, out=reached)
        held = self._held @ reached
        held *= inside
        return np.asarray((self._owner @ held + self._lost @ reached).T)


@dataclass(frozen=True)
class _Terms:
    """A term is a leaf at one of its points, an entry a field of a leaf at one of its points.

    leaf, chance, weight: of each term. term, entry: of each entry the term it belongs to, and its
    number among the fields of all leaves.
    """

    leaf: Index
    chance: Array
    weight: Array
    term: Index
    entry: Index

    @classmethod
    def of(cls, known: Sequence[int]) -> _Terms:
        """known: how many fields each leaf's path knows."""
        leaf: list[int] = []
        chance: list[float] = []
        weight: list[float] = []
        term: list[int] = []
        entry: list[int] = []
        done = 0
        rules = {count: _rule(count) for count in set(known)}
        for number, count in enumerate(known):
            for q, w in rules[count]:
                entry += range(done, done + count)
                term += [len(leaf)] * count
                leaf.append(number)
                chance.append(q)
                weight.append(w)
            done += count
        return cls(
            leaf=np.array(leaf, dtype=np.intp),
            chance=np.array(chance),
            weight=np.array(weight),
            term=np.array(term, dtype=np.intp),
            entry=np.array(entry, dtype=np.intp),
        )


@dataclass(frozen=True)
class _Boxes:
    """Boxes sorted by their number of intervals, the most first; arrays (intervals, ...).

    turns: for each turn, the next interval of every box that has so many.
    """

    column: Index
    low: Array
    high: Array
    missing: npt.NDArray[np.bool_]
    turns: tuple[Index, ...]

    @classmethod
    def of(cls, boxes: Sequence[Box]) -> _Boxes:
        intervals: dict[Interval, int] = {}
        for box in boxes:
            for each in box:
                intervals.setdefault(each, len(intervals))
        longest = max((len(box) for box in boxes), default=0)
        turns = [
            np.array([intervals[box[turn]] for box in boxes if len(box) > turn], dtype=np.intp)
            for turn in range(longest)
        ]
        return cls(
            column=np.array([each.column for each in intervals], dtype=np.intp),
            low=np.array([each.low for each in intervals])[:, None],
            high=np.array([each.high for each in intervals])[:, None],
            missing=np.array([each.missing for each in intervals], dtype=bool)[:, None],
            turns=tuple(turns),
        )

    def hold(self, X: Matrix) -> Array:
        """Which boxes hold which leads, 1 or 0: (boxes, n)."""
        if not self.turns:
            return np.zeros((0, len(X)))
        values = X.T[self.column].astype(np.float64)
        held = (values > self.low) & (values <= self.high) | (np.isnan(values) & self.missing)
        inside = held[self.turns[0]]
        for turn in self.turns[1:]:
            inside[: len(turn)] &= held[turn]
        return inside.astype(np.float64)


def _rule(known: int) -> list[tuple[float, float]]:
    """Points and weights on (0, 1) that integrate every polynomial below degree `known`."""
    if not known:
        return []
    points, weights = np.polynomial.legendre.leggauss((known + 1) // 2)
    return [(float(q), float(w)) for q, w in zip((points + 1) / 2, weights / 2, strict=True)]


def _expected(leaf: Leaf) -> float:
    """What a leaf adds to the output of a lead of which nothing is known."""
    return leaf.value * float(np.prod(list(leaf.shares.values())))
