"""Rows from the likeliest to the least likely, and what is won on the way down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ranking:
    """The order of n rows by probability, and where in it the m ties end; reusable by weights."""

    order: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    won: Array

    @classmethod
    def of(cls, probability: Array, label: npt.NDArray[np.int8]) -> Self:
        """Sort once."""
        order = np.argsort(-probability, kind="stable")
        ends = np.flatnonzero(np.diff(probability[order], append=-np.inf))
        return cls(order=order, ends=ends, won=label[order].astype(np.float64))

    def climb(self, weight: Array) -> Climb:
        """The same order with these weights (n,)."""
        sorted_weight = weight[self.order]
        won = np.cumsum(sorted_weight * self.won)[self.ends]
        seen = np.cumsum(sorted_weight)[self.ends]
        return Climb(won=np.concatenate([[0.0], won]), seen=np.concatenate([[0.0], seen]))


@dataclass(frozen=True)
class Climb:
    """Weight seen and weight won after each of m ties, from 0; both (m + 1,), rising."""

    won: Array
    seen: Array

    @property
    def has_both(self) -> bool:
        """Whether something was won and something was not."""
        return bool(0 < self.won[-1] < self.seen[-1])

    def recall(self) -> Array:
        """Share of all that was won (m + 1,)."""
        return np.asarray(self.won / self.won[-1])

    def false_alarms(self) -> Array:
        """Share of all that was not won (m + 1,)."""
        lost = self.seen - self.won
        return np.asarray(lost / lost[-1])

    def precision(self) -> Array:
        """Share won among those seen (m + 1,); 1 before the first."""
        return np.divide(self.won, self.seen, out=np.ones_like(self.won), where=self.seen > 0)

    def roc_auc(self) -> float:
        """Chance that a won row is ranked above one that was not; ties count half."""
        return float(np.trapezoid(self.recall(), self.false_alarms()))

    def pr_auc(self) -> float:
        """Average precision."""
        return float(np.diff(self.recall()) @ self.precision()[1:])

    def lift(self, share: float) -> float:
        """How many times more is won in the first `share` of the weight than by chance."""
        won = np.interp(share * self.seen[-1], self.seen, self.won)
        return float(won / (share * self.won[-1]))
