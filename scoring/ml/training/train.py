"""From training rows to models: split, leaks, backtest, the newest slice, the gate, the refit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.errors import TooFewExamples
from scoring.ml.examples import Examples
from scoring.ml.leaks.leak import Leak
from scoring.ml.leaks.leakage import find_leaks
from scoring.ml.model_types import MODEL_TYPES
from scoring.ml.schema import ATTRIBUTE_PREFIX, frame_column
from scoring.ml.splitting.split_examples import split_examples
from scoring.ml.splitting.splits import Split
from scoring.ml.training.backtest import Candidate, choose, find_candidate
from scoring.ml.training.blending import blend_candidate, takes_over
from scoring.ml.training.budget import Budget
from scoring.ml.training.encoded import encode_fold
from scoring.ml.training.finishing import finish_models
from scoring.ml.training.period_columns import spare_periods
from scoring.ml.training.results import ChampionRecipe, SplitReport, TrainingResult
from scoring.ml.training.workshop import Workshop

FEWEST_LEADS = 40
# What is searched first, where time may run out: the first two are the cheapest, and a blend.
BY_COST = ("logistic-regression", "gradient-boosting", "random-forest", "neural-network")
# Below this the threads of BLAS and OpenMP wait for each other longer than they work.
WORTH_THREADS = 200_000

Progress = Callable[[str, float], None]


def train(
    examples: Examples,
    *,
    window_days: int,
    model_types: Sequence[str] = MODEL_TYPES,
    placeholders: frozenset[str] = frozenset({""}),
    keep: Collection[str] = (),
    drop: Collection[str] = (),
    champion: ChampionRecipe | None = None,
    seed: int = 0,
    budget: float | None = None,
    progress: Progress | None = None,
) -> TrainingResult:
    """Train every type of `model_types` and judge the best, or their blend, on the newest slice.

    window_days: within how many days a win counted, as `examples` were labelled.
    keep, drop:  frame columns, or names of attributes, that overrule the leak radar.
    budget:      seconds it should take; types that there is no time for are left out, the simplest
                 never. None: no limit.
    progress:    called with what is being done and the share done, 0 to 1.

    The same examples and seed give the same result, unless time runs out. Raises TooFewExamples,
    also for figures that are not finite; ValueError for an unknown type.
    """
    tell = progress or (lambda stage, share: None)
    types, clock = _in_order(model_types), Budget(budget)
    _check_enough(examples, window_days)
    with threadpool_limits(limits=1 if len(examples) < WORTH_THREADS else None):
        tell("Looking for columns that know too much", 0.0)
        split, leaks, left_out = _split_and_find_leaks(examples, placeholders, keep, drop, seed)
        workshop = _set_up(examples, split, placeholders, left_out, seed, tell)
        candidates = _backtest(types, workshop, clock)
        finalist = choose(candidates, seed=seed)
        blend = blend_candidate(candidates, workshop.folds)
        if blend is not None and takes_over(blend, finalist):
            candidates, finalist = [*candidates, blend], blend
        finished = finish_models(workshop, candidates, finalist, champion)
    tell("Done", 1.0)
    return TrainingResult(
        models=finished.models,
        finalist=finished.models[candidates.index(finalist)],
        base=finished.base,
        gate=finished.gate,
        leaks=leaks,
        base_rate=float(np.average(examples.label, weights=examples.weight)),
        split=_report(split, len(examples)),
        dropped=workshop.encoder.dropped_,
        warnings=[
            *_warnings(split, leaks),
            *_out_of_time(types, candidates, budget),
            *finished.news,
        ],
    )


def _in_order(model_types: Sequence[str]) -> list[str]:
    """The types from the simplest, each once."""
    if not model_types or not set(model_types) <= set(MODEL_TYPES):
        raise ValueError(f"The model types are {', '.join(MODEL_TYPES)}.")
    return [name for name in MODEL_TYPES if name in model_types]


def _check_enough(examples: Examples, window_days: int) -> None:
    won = len(np.unique(examples.lead[examples.label == 1]))
    lost = len(np.unique(examples.lead)) - won
    if min(won, lost) < FEWEST_LEADS:
        raise TooFewExamples(
            f"To learn, at least {FEWEST_LEADS} leads that were won within {window_days} days and "
            f"{FEWEST_LEADS} that were not are needed; there are {won} and {lost}."
        )


def _split_and_find_leaks(
    examples: Examples,
    placeholders: frozenset[str],
    keep: Collection[str],
    drop: Collection[str],
    seed: int,
) -> tuple[Split, list[Leak], tuple[str, ...]]:
    """The split, the leaks, and the columns to leave out.

    Which columns to use is part of what is learned, so the newest slice has no say in it.
    """
    left_out = tuple(frame_column(name) for name in drop)
    split = split_examples(examples, left_out=left_out, seed=seed)
    older = examples.take(split.test.train)
    leaks = find_leaks(older, placeholders=placeholders, keep=keep, drop=drop, seed=seed)
    leaks = spare_periods(examples, split, leaks, left_out, placeholders, seed)
    quarantined = tuple(leak.column for leak in leaks if leak.quarantined)
    if quarantined:
        # Rows that differ in these columns only are the same to a model now.
        left_out += quarantined
        try:
            split = split_examples(examples, left_out=left_out, seed=seed)
        except TooFewExamples as error:
            names = ", ".join(name.removeprefix(ATTRIBUTE_PREFIX) for name in quarantined)
            raise TooFewExamples(
                f"{error} Left out before, as it seems to know too much: {names}. What was known "
                "on a row's day can be kept: --keep COL."
            ) from error
    return split, leaks, left_out


def _set_up(
    examples: Examples,
    split: Split,
    placeholders: frozenset[str],
    left_out: tuple[str, ...],
    seed: int,
    tell: Progress,
) -> Workshop:
    def encoder() -> LeadEncoder:
        return LeadEncoder(placeholders=placeholders, drop=left_out)

    tell("Turning leads into numbers", 0.05)
    folds = [encode_fold(examples, fold, encoder()) for fold in split.folds]
    newest = encode_fold(examples, split.test, encoder())
    whole = encoder()
    X = whole.fit_transform(examples)
    if not all(matrix.shape[1] for matrix in (X, newest.X, *(fold.X for fold in folds))):
        raise TooFewExamples("No column tells leads apart: there is nothing to learn from.")
    return Workshop(
        examples=examples,
        split=split,
        folds=folds,
        newest=newest,
        encoder=whole,
        X=X,
        seed=seed,
        tell=tell,
    )


def _backtest(types: Sequence[str], workshop: Workshop, budget: Budget) -> list[Candidate]:
    """The best of each type as far as the budget reaches, in the order of `types`."""
    found: dict[str, Candidate] = {}
    for number, name in enumerate(name for name in BY_COST if name in types):
        if found and budget.is_over:
            break

        def progress(share: float, number: int = number, name: str = name) -> None:
            workshop.tell(f"Backtest of {name}", 0.1 + 0.7 * (number + share) / len(types))

        found[name] = find_candidate(
            name, workshop.folds, seed=workshop.seed, budget=budget, progress=progress
        )
    return [found[name] for name in types if name in found]


def _out_of_time(
    types: Sequence[str], candidates: Sequence[Candidate], budget: float | None
) -> list[str]:
    tried = {each.model_type for each in candidates}
    missed = [name for name in types if name not in tried]
    if not missed:
        return []
    return [
        f"There was no time for {', '.join(missed)}: {budget:.0f} seconds were allowed. "
        "`manage.py retrain --budget SECONDS` allows more."
    ]


def _report(split: Split, rows: int) -> SplitReport:
    return SplitReport(
        by_time=split.by_time,
        reason=split.reason,
        cut=split.cut,
        backtest_cuts=tuple(fold.cut for fold in split.folds if fold.cut is not None),
        rows={
            "all": rows,
            "older": len(split.test.train),
            "newest": len(split.test.judge),
            "backtest": sum(len(fold.judge) for fold in split.folds),
            "undated": split.undated,
        },
    )


def _warnings(split: Split, leaks: Sequence[Leak]) -> list[str]:
    sentences = [] if split.by_time else [split.reason]
    return sentences + [
        f"{leak.name}: {leak.reason}."
        if not leak.reason.endswith(".")
        else f"{leak.name}: {leak.reason}"
        for leak in leaks
        if not leak.quarantined
    ]
