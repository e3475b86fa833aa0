"""Choose the split: by time if days are known and enough came of them, else by groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

from scoring.ml.errors import TooFewExamples
from scoring.ml.examples import Examples
from scoring.ml.splitting.grouping import group_rows
from scoring.ml.splitting.splits import Fold, Rows, Split, without_straddlers

TEST_SHARE = 0.22
MOST_TEST_SHARE = 0.5
FEWEST_TO_JUDGE = 15.0
FEWEST_TO_TEACH = 20.0
FEWEST_IN_FOLD = 5.0
FIRST_FOLD_SHARE = 0.35
TIME_FOLDS = (4, 3, 2)
GROUP_FOLDS = 5
GROUP_TEST_PARTS = 4
CANDIDATE_DAYS = 400


class NotByTime(Exception):
    """There is no day at which older rows could teach and newer ones judge; says why."""


def split_examples(examples: Examples, *, left_out: Collection[str] = (), seed: int) -> Split:
    """The newest slice and the backtest before it; held-out groups where time cannot be used.

    Rows that are alike in all columns but those in `left_out` are one group.
    """
    try:
        return _split_by_time(examples, left_out, seed)
    except NotByTime as error:
        return _split_by_group(examples, left_out, seed, str(error))


def _split_by_time(examples: Examples, left_out: Collection[str], seed: int) -> Split:
    dated = ~np.isnat(examples.day)
    if examples.weight[dated].sum() < examples.weight.sum() / 2:
        raise NotByTime("most rows have no date")
    cut = _newest_cut(examples, dated)
    test = _fold(
        examples,
        train=np.flatnonzero(~dated | (examples.known_on <= cut)),
        judge=np.flatnonzero(dated & (examples.day > cut)),
        cut=cut,
        seed=seed,
    )
    if not _enough(examples, test.train, FEWEST_TO_TEACH) or not _enough(
        examples, test.judge, FEWEST_TO_JUDGE
    ):
        raise NotByTime("too few leads lie wholly before or wholly after any day")
    undated = int((~dated).sum())
    reason = f"Judged by time: learned up to {test.cut}, judged on what came after it."
    folds = _time_folds(examples, test, seed)
    if not folds:
        folds = _group_folds(examples, left_out, test, seed)
        reason += " The backtest before that day is by groups: there was too little for more cuts."
    if undated:
        reason += f" Rows without a date ({undated:,}) taught but did not judge."
    return Split(by_time=True, reason=reason, test=test, folds=folds, undated=undated)


def _newest_cut(examples: Examples, dated: npt.NDArray[np.bool_]) -> np.datetime64:
    """The day after which about TEST_SHARE of the leads' weight lies, enough of both classes."""
    days = np.unique(examples.day[dated])[:-1]
    if not len(days):
        raise NotByTime("all rows have the same date")
    if len(days) > CANDIDATE_DAYS:
        days = days[np.linspace(0, len(days) - 1, CANDIDATE_DAYS).astype(int)]
    won = examples.weight * examples.label
    lost = examples.weight - won
    later = [_sum_after(examples.day, each, days, dated) for each in (won, lost)]
    known = [each.sum() - _sum_after(examples.known_on, each, days, dated) for each in (won, lost)]
    share = sum(later) / examples.weight[dated].sum()
    usable = np.minimum(*later) >= FEWEST_TO_JUDGE
    usable &= np.minimum(*known) >= FEWEST_TO_TEACH
    usable &= share <= MOST_TEST_SHARE
    if not usable.any():
        raise NotByTime("on no day were enough outcomes known while enough others were to come")
    best: np.datetime64 = days[usable][np.argmin(np.abs(share[usable] - TEST_SHARE))]
    return best


def _sum_after(
    when: npt.NDArray[np.datetime64],
    weight: npt.NDArray[np.float64],
    days: npt.NDArray[np.datetime64],
    dated: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """For each of `days`: the weight of the dated rows whose `when` is after it."""
    order = np.argsort(when[dated])
    up_to = np.concatenate([[0.0], np.cumsum(weight[dated][order])])
    position = np.searchsorted(when[dated][order], days, side="right")
    return np.asarray(up_to[-1] - up_to[position], dtype=np.float64)


def _time_folds(examples: Examples, test: Fold, seed: int) -> tuple[Fold, ...]:
    """Cuts before the newest one, each judging the rows up to the next; () if there is too little.

    All labels here were known at the newest cut, so choosing by them opens nothing too early.
    """
    inner = examples.take(test.train)
    dated = np.flatnonzero(~np.isnat(inner.day))
    order = dated[np.argsort(inner.day[dated], kind="stable")]
    share = np.cumsum(inner.weight[order]) / inner.weight[order].sum()
    first = max(FIRST_FOLD_SHARE, share[_first_teachable(inner, order)])
    for count in TIME_FOLDS:
        shares = np.linspace(first, 1.0, count + 1)[:-1]
        cuts = np.unique(inner.day[order][np.searchsorted(share, shares).clip(0, len(order) - 1)])
        ends = [*cuts[1:], inner.day[dated].max()]
        folds = [
            _fold(
                inner,
                train=np.flatnonzero(np.isnat(inner.day) | (inner.known_on <= cut)),
                judge=np.flatnonzero((inner.day > cut) & (inner.day <= end)),
                cut=cut,
                seed=seed + number,
            )
            for number, (cut, end) in enumerate(zip(cuts, ends, strict=True), start=1)
        ]
        good = [fold for fold in folds if _can_be_used(inner, fold)]
        if len(good) == count:
            return tuple(_outward(fold, test) for fold in good)
    return ()


def _first_teachable(inner: Examples, order: Rows) -> int:
    """Position in `order` of the first day by which enough of both classes were known."""
    known = np.sort(inner.known_on[order])
    by_known = order[np.argsort(inner.known_on[order], kind="stable")]
    won = np.cumsum((inner.weight * inner.label)[by_known])
    lost = np.cumsum((inner.weight * (1 - inner.label))[by_known])
    enough = np.flatnonzero(np.minimum(won, lost) >= FEWEST_IN_FOLD * 2)
    if not len(enough):
        return len(order) - 1
    position = np.searchsorted(inner.day[order], known[enough[0]], side="left")
    return int(min(position, len(order) - 1))


def _split_by_group(examples: Examples, left_out: Collection[str], seed: int, why: str) -> Split:
    parts = _parts(examples, left_out, np.arange(len(examples)), GROUP_TEST_PARTS, seed)
    train, judge = parts[0]
    test = Fold(train, examples.weight[train], judge, examples.weight[judge])
    reason = (
        f"Judged without time, because {why}: a quarter of the leads was held out, and rows that "
        "look exactly alike stay on one side. Expect the figures to be a little too good."
    )
    return Split(
        by_time=False,
        reason=reason,
        test=test,
        folds=_group_folds(examples, left_out, test, seed + 1),
    )


def _group_folds(
    examples: Examples, left_out: Collection[str], test: Fold, seed: int
) -> tuple[Fold, ...]:
    return tuple(
        Fold(train, examples.weight[train], judge, examples.weight[judge])
        for train, judge in _parts(examples, left_out, test.train, GROUP_FOLDS, seed)
    )


def _parts(
    examples: Examples, left_out: Collection[str], rows: Rows, count: int, seed: int
) -> list[tuple[Rows, Rows]]:
    """`rows` dealt into `count` parts of whole groups, about alike in size and class."""
    inner = examples.take(rows)
    groups = group_rows(inner, left_out)
    different = len(np.unique(groups))
    if different < count:
        raise TooFewExamples(
            f"Only {different} different kinds of leads can be told apart, too few to hold some "
            "out and judge by them. Record more about the leads, or when things happened."
        )
    folds = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=seed)
    parts = folds.split(inner.label, inner.label, groups)
    return [(rows[train], rows[judge]) for train, judge in parts]


def _fold(examples: Examples, *, train: Rows, judge: Rows, cut: np.datetime64, seed: int) -> Fold:
    day: date = cut.astype("datetime64[D]").item()
    fold = Fold(train, examples.weight[train], judge, examples.weight[judge], day)
    return without_straddlers(fold, examples.lead, seed)


def _outward(fold: Fold, test: Fold) -> Fold:
    """A fold over `test.train` as one over all rows; a weight doubled there stays doubled."""
    twice = test.train_weight
    return replace(
        fold,
        train=test.train[fold.train],
        judge=test.train[fold.judge],
        train_weight=fold.train_weight * (twice[fold.train]),
        judge_weight=fold.judge_weight * (twice[fold.judge]),
    )


def _can_be_used(examples: Examples, fold: Fold) -> bool:
    return _enough(examples, fold.train, FEWEST_IN_FOLD) and _enough(
        examples, fold.judge, FEWEST_IN_FOLD
    )


def _enough(examples: Examples, rows: Rows, fewest: float) -> bool:
    won = float((examples.weight[rows] * examples.label[rows]).sum())
    return min(won, float(examples.weight[rows].sum()) - won) >= fewest
