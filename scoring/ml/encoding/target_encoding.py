"""How much likelier than usual a win is for each category, from outcomes known at the time.

Smoothed by an m-estimate towards the base rate (Micci-Barreca 2001, doi 10.1145/507533.507538);
rows with a day are encoded in their order (Prokhorenkova et al. 2018, arXiv 1706.09516), rows
without one out of fold.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.ml.examples import Examples
from scoring.ml.splitting.folding import deal_folds

# As many leads as the base rate counts for against a category's own.
PRIOR_LEADS = 20.0
FOLDS = 5

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


def advantage(won: Numbers, total: Numbers, all_won: Numbers, all_total: Numbers) -> Numbers:
    """Log-odds of winning in a category less those of everyone; 0 where nothing is known.

    `won` and `total` are sums of weight in the category, `all_won` and `all_total` of everyone.
    """
    prior = (all_won + 1.0) / (all_total + 2.0)
    rate = (won + PRIOR_LEADS * prior) / (total + PRIOR_LEADS)
    gain: Numbers = np.log(rate / (1.0 - rate)) - np.log(prior / (1.0 - prior))
    return gain


def serving_table(codes: Codes, size: int, examples: Examples) -> Numbers:
    """(size,): the advantage of each code, from all outcomes; for rows that come later."""
    won, total = _sums(codes, size, examples)
    return advantage(won, total, won.sum(), total.sum())


def training_values(codes: Codes, size: int, examples: Examples) -> Numbers:
    """(n,): the advantage as each training row could know it, never from its own outcome."""
    dated = ~np.isnat(examples.day) & ~np.isnat(examples.known_on)
    values = np.empty(len(codes))
    for rows, encode in ((dated, _ordered), (~dated, _out_of_fold)):
        if rows.any():
            values[rows] = encode(codes[rows], size, examples.take(rows))
    return values


def _ordered(codes: Codes, size: int, examples: Examples) -> Numbers:
    """From outcomes known before the row's day, but those of its own lead."""
    lead = np.unique(examples.lead, return_inverse=True)[1]
    here, own = _known_before(codes, examples), _known_before(lead * size + codes, examples)
    all_, all_own = _known_before(np.zeros_like(codes), examples), _known_before(lead, examples)
    return advantage(here[0] - own[0], here[1] - own[1], all_[0] - all_own[0], all_[1] - all_own[1])


def _known_before(group: Codes, examples: Examples) -> tuple[Numbers, Numbers]:
    """Weight won and weight in all (n,) of each row's group, of what was known before its day."""
    known = examples.known_on.astype("datetime64[D]").astype(np.int64)
    day = examples.day.astype("datetime64[D]").astype(np.int64)
    first = min(known.min(), day.min())
    span = max(known.max(), day.max()) - first + 1
    # One sorted key for "group, then day": sums up to a key less those before its group.
    key = np.unique(group, return_inverse=True)[1] * span - first
    order = np.argsort(key + known, kind="stable")
    keys = (key + known)[order]
    up_to, start = np.searchsorted(keys, key + day), np.searchsorted(keys, key + first)
    weight = examples.weight[order]
    sums = [
        np.concatenate([[0.0], np.cumsum(each)])
        for each in (weight * examples.label[order], weight)
    ]
    won, total = (each[up_to] - each[start] for each in sums)
    return won, total


def _sums(codes: Codes, size: int, examples: Examples) -> tuple[Numbers, Numbers]:
    """Weight won and weight in all of each code, (size,) each."""
    won = np.bincount(codes, examples.weight * examples.label, size)
    total = np.bincount(codes, examples.weight, size)
    return won.astype(np.float64), total.astype(np.float64)


def _out_of_fold(codes: Codes, size: int, examples: Examples) -> Numbers:
    fold = deal_folds(examples, FOLDS)
    cell = fold * size + codes
    won, total = _sums(cell, FOLDS * size, examples)
    total, won = (
        sums.reshape(FOLDS, size).sum(0) - sums.reshape(FOLDS, size) for sums in (total, won)
    )
    return advantage(won[fold, codes], total[fold, codes], won.sum(1)[fold], total.sum(1)[fold])
