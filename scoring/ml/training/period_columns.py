"""Columns that tell the period, put to the test: do they help to predict the periods that follow?

An interest rate says the same of all leads of a day. Where the share won followed it from one
period to the next, it is worth having: it sets the level of a time that nobody has seen. Where it
did not, a model takes for the rate's doing what its time did. The backtest's later rows tell one
from the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.leaks.leak import Leak
from scoring.ml.splitting.splits import Split
from scoring.ml.training.backtest import Candidate, choose, find_candidate
from scoring.ml.training.encoded import encode_fold

# It goes on beyond what it has seen by a straight line; trees stop there.
JUDGE = "logistic-regression"
SPARED = "; yet with it the leads of later periods were predicted better, so it stays"


def spare_periods(
    examples: Examples,
    split: Split,
    leaks: Sequence[Leak],
    left_out: tuple[str, ...],
    placeholders: frozenset[str],
    seed: int,
) -> list[Leak]:
    """The same leaks; those that tell the period are not quarantined if all together they help.

    Help: by more than one standard error in the backtest's log loss, as types are chosen.
    """
    suspects = {leak.column for leak in leaks if leak.quarantined and leak.tells_period}
    if not suspects or any(fold.cut is None for fold in split.folds):
        return list(leaks)
    others = tuple(leak.column for leak in leaks if leak.quarantined and not leak.tells_period)

    def candidate(drop: tuple[str, ...]) -> Candidate:
        folds = [
            encode_fold(examples, fold, LeadEncoder(placeholders=placeholders, drop=drop))
            for fold in split.folds
        ]
        return find_candidate(JUDGE, folds, seed=seed)

    without, with_them = candidate((*left_out, *others, *suspects)), candidate((*left_out, *others))
    if choose([without, with_them], seed=seed) is without:
        return list(leaks)
    return [
        replace(leak, reason=leak.reason + SPARED, quarantined=False)
        if leak.column in suspects
        else leak
        for leak in leaks
    ]
