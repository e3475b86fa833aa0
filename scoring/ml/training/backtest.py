"""Every setting of every type on the folds before the newest slice, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed, parallel_config
from joblib.parallel import get_active_backend

from scoring.ml.judging.bootstrap import resampled_means
from scoring.ml.judging.judged import Judged, log_loss
from scoring.ml.model_types import Settings
from scoring.ml.serving.calibration import inside
from scoring.ml.training.budget import Budget
from scoring.ml.training.encoded import EncodedFold, Matrix
from scoring.ml.training.families import SEARCH, fit_estimator, raw_probabilities
from scoring.ml.training.hindsight import as_served, best_kind
from scoring.ml.training.relevance import Groups

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """One type with the settings that did best in the backtest.

    raw:       uncalibrated probabilities of each fold's judged rows.
    kind:      of the calibration map.
    judged:    the same rows as they would have been served then: calibrated by what was known.
    last:      the estimator of the last fold.
    """

    model_type: str
    settings: Settings
    raw: tuple[Array, ...]
    kind: str
    judged: Judged
    last: Any


def find_candidate(
    model_type: str,
    folds: Sequence[EncodedFold],
    *,
    seed: int,
    settings: Sequence[Settings] | None = None,
    budget: Budget | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Candidate:
    """The best of the settings (those of `families.SEARCH`, or `settings`) by log loss.

    The first, the most careful one, is tried in any case, the others while the budget lasts.
    """
    backend, _ = get_active_backend(prefer="threads")
    elsewhere = not getattr(backend, "supports_sharedmem", False)
    tried = SEARCH[model_type] if settings is None else settings
    best: tuple[float, int, tuple[Array, ...], Any] | None = None
    for number, each in enumerate(tried):
        if best is not None and budget is not None and budget.is_spent:
            break
        fits = Parallel(n_jobs=-1, prefer="threads", return_as="generator")(
            # Arrays, not the fold: they may be sent to another machine.
            delayed(_fit_and_say)(
                fold.X,
                fold.train.label,
                fold.train.weight,
                fold.X_judge,
                model_type=model_type,
                settings=each,
                seed=seed,
                groups=fold.encoder.groups_,
                elsewhere=elsewhere,
            )
            for fold in folds
        )
        raw: list[Array] = []
        for estimator, said in fits:
            raw.append(said)
            last_fold = estimator
            progress((number + len(raw) / len(folds)) / len(tried))
        loss = _loss(folds, raw)
        if best is None or loss < best[0]:
            best = loss, number, tuple(raw), last_fold
    if best is None:
        raise ValueError(f"There are no settings of {model_type} to try.")
    _, number, raw_of_best, last = best
    kind = best_kind(folds, raw_of_best)
    judged = as_served(folds, raw_of_best, kind)
    return Candidate(model_type, tried[number], raw_of_best, kind, judged, last)


def _fit_and_say(
    X: Matrix,
    label: npt.NDArray[np.int8],
    weight: Array,
    X_judge: Matrix,
    *,
    model_type: str,
    settings: Settings,
    seed: int,
    groups: Groups,
    elsewhere: bool,
) -> tuple[Any, Array]:
    # A fold that was sent away is not sent on, tree by tree.
    with parallel_config(backend="sequential") if elsewhere else nullcontext():
        estimator = fit_estimator(model_type, settings, X, label, weight, seed=seed, groups=groups)
        return estimator, raw_probabilities(estimator, X_judge)


def choose(candidates: Sequence[Candidate], *, seed: int) -> Candidate:
    """The simplest that is within one standard error of the best (Breiman et al. 1984).

    The error is that of the difference to the best: over leads or over folds, whichever is larger,
    because what was better in some months only may not be so in the next. `candidates` come from
    the simplest to the most involved.
    """
    best = min(candidates, key=served_loss)
    for each in candidates:
        rows = each.judged
        worse = rows.loss - best.judged.loss
        mean, again = resampled_means(worse, rows.weight, rows.lead, seed=seed)
        by_fold = _fold_means(worse, rows.weight, [len(said) for said in each.raw])
        over_folds = by_fold.std(ddof=1) / np.sqrt(len(by_fold))
        if mean <= max(float(again.std()), float(over_folds)):
            return each
    return best


def _fold_means(values: Array, weight: Array, sizes: Sequence[int]) -> Array:
    """Weighted means of consecutive parts with these sizes."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
    return np.add.reduceat(values * weight, starts) / np.add.reduceat(weight, starts)


def served_loss(candidate: Candidate) -> float:
    """Mean log loss of the backtest, each row calibrated by what was known then."""
    return float(np.average(candidate.judged.loss, weights=candidate.judged.weight))


def _loss(folds: Sequence[EncodedFold], raw: Sequence[Array]) -> float:
    losses = [
        fold.judge.weight @ log_loss(inside(said), fold.judge.label)
        for fold, said in zip(folds, raw, strict=True)
    ]
    return float(sum(losses) / sum(fold.judge.weight.sum() for fold in folds))
