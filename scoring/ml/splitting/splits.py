"""Which rows teach and which judge. By time where days are known, else by groups of alike rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp]
Weights = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fold:
    """Rows to learn from and rows to judge by, with their weights; no lead is in both.

    cut: the day on which the labels of `train` were known and after which `judge` begins; None
    without time.
    """

    train: Rows
    train_weight: Weights
    judge: Rows
    judge_weight: Weights
    cut: date | None = None


@dataclass(frozen=True)
class Split:
    """The newest (or held out) slice, opened once, and the folds inside what is older than it.

    by_time: whether judging rows are later than those learned from.
    reason:  a sentence on how and why it was split so.
    test:    `test.train` are all rows that may teach before the slice is opened.
    folds:   the backtest; in time order when `by_time`.
    undated: rows without a day that teach but never judge.
    """

    by_time: bool
    reason: str
    test: Fold
    folds: tuple[Fold, ...]
    undated: int = 0

    @property
    def cut(self) -> date | None:
        """The last day that the models judged on the newest slice knew."""
        return self.test.cut


def without_straddlers(fold: Fold, lead: npt.NDArray[np.int64], seed: int) -> Fold:
    """The same fold with every lead on one side only.

    A lead with rows on both sides is, with few exceptions, one that was still open at the cut:
    taking all of them from the learning side would leave too many winners there, taking them from
    the judging side too few. So each goes to one side by the toss of a coin, where its rows count
    double for those that went to the other (inverse probability weighting; Horvitz, Thompson
    1952).
    """
    both = np.intersect1d(lead[fold.train], lead[fold.judge])
    if not len(both):
        return fold
    teaches = np.random.default_rng(seed).random(len(both)) < 0.5
    train, judge = both[teaches], both[~teaches]
    keep_train = ~np.isin(lead[fold.train], judge)
    keep_judge = ~np.isin(lead[fold.judge], train)
    double_train = np.where(np.isin(lead[fold.train], train), 2.0, 1.0)
    double_judge = np.where(np.isin(lead[fold.judge], judge), 2.0, 1.0)
    return replace(
        fold,
        train=fold.train[keep_train],
        train_weight=(fold.train_weight * double_train)[keep_train],
        judge=fold.judge[keep_judge],
        judge_weight=(fold.judge_weight * double_judge)[keep_judge],
    )
