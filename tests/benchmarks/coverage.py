"""python -m tests.benchmarks.coverage: do the ranges around probabilities hold?

On leads whose true probabilities are known (worlds.py): of 4,000 new leads, on their first day, how
many true probabilities lie in the ranges for 90 %? For what answers (the type or blend that was
chosen, or the base rate where the gate holds it back), with its least and its best seed, and on the
mean over all that were trained. With --real, on the two real data sets, where nobody knows the true
ones: the ranges against what came, by groups of what was said.

    .venv/bin/python -m tests.benchmarks.coverage --worlds "words only" --leads 4000 --seeds 2
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

import django
import numpy as np
import pytest

from scoring.ml.examples import Examples
from scoring.ml.hazard.followups import Delays, FollowUps
from scoring.ml.model_types import MODEL_TYPES

FRESH, FRESH_SEED = 4_000, 10_000
LEADS = (2_000, 4_000, 10_000, 20_000)
SEEDS = 3


def main() -> None:
    """Print a row for each world and number of leads."""
    from tests.benchmarks.worlds import WORLDS  # noqa: PLC0415 - Django must be set up first

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", nargs="+", choices=WORLDS, default=["demo"])
    parser.add_argument("--leads", nargs="+", type=int, default=LEADS)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--types", nargs="+", choices=MODEL_TYPES, default=MODEL_TYPES)
    parser.add_argument("--real", action="store_true")
    given = parser.parse_args()
    print("| leads | world | seeds | what answers | its least and best | all on the mean |")
    print("|---|---|---|---|---|---|")
    for world in given.worlds:
        for leads in given.leads:
            runs = [covered(world, leads, seed, given.types) for seed in range(given.seeds)]
            answers = [share for share, _ in runs]
            every = np.mean([share for _, shares in runs for share in shares.values()])
            print(
                f"| {leads:,} | {world} | {given.seeds} | {np.mean(answers):.1%} "
                f"| {min(answers):.1%} to {max(answers):.1%} | {every:.1%} |",
                flush=True,
            )
    if given.real:
        for name in ("bank", "salvirt"):
            reliability(name)


def covered(
    world: str, leads: int, seed: int, types: Sequence[str]
) -> tuple[float, dict[str, float]]:
    """The share of true probabilities that lie in the range of what answers, and by model type."""
    from crm.placeholders import PLACEHOLDERS  # noqa: PLC0415 - Django must be set up first
    from scoring.ml.certainty.outlooks import OutlookMaker  # noqa: PLC0415
    from scoring.ml.training.train import train  # noqa: PLC0415
    from tests.benchmarks.worlds import WINDOW_DAYS, WORLDS  # noqa: PLC0415

    rows = WORLDS[world].learned(leads, seed).coded()
    frame, truth = WORLDS[world].fresh(FRESH, FRESH_SEED + seed)
    result = train(
        rows, window_days=WINDOW_DAYS, model_types=types, placeholders=PLACEHOLDERS, seed=seed
    )
    maker = OutlookMaker(rows, nobody_followed(rows), WINDOW_DAYS)
    encoder, shares = result.finalist.scorer.encoder, {}
    started = time.perf_counter()
    maker.tell(result.base.scorer, None, encoder)
    seconds = time.perf_counter() - started
    for model in (*result.models, result.base):
        scorer = maker.tell(model.scorer, None, encoder).scorer
        spread, familiarity = scorer.outlook.spread, scorer.outlook.familiarity
        if spread is None or familiarity is None:
            raise SystemExit(f"{world}: {scorer.outlook.why_absent('interval')}")
        said = scorer.probabilities_of_frame(frame)
        low, high = spread.interval(said, familiarity.distances_of(frame))
        shares[model.model_type] = float(np.mean((low <= truth) & (truth <= high)))
    answering = result.finalist if result.gate.promote else result.base
    print(
        f"{world} {leads} {seed}: {answering.model_type} answers; {shares}; "
        f"{seconds:.1f} s to know what is usual and likely, from {len(rows):,} rows",
        file=sys.stderr,
        flush=True,
    )
    return shares[answering.model_type], shares


def nobody_followed(rows: Examples) -> FollowUps:
    """No follow-ups: ranges need none."""
    nothing = np.empty(0, dtype=np.int32)
    delays = Delays(nothing, nothing.astype(np.int8), nothing)
    return FollowUps(delays, rows.features.iloc[:0], delays, np.empty(0))


def reliability(name: str) -> None:
    """Ranges against what came, on real data."""
    from scoring.ml.certainty.outlooks import with_outlooks  # noqa: PLC0415
    from scoring.ml.training.train import train  # noqa: PLC0415
    from tests.scoring.ml import real_data  # noqa: PLC0415

    try:
        rows = getattr(real_data, name)()
    except pytest.skip.Exception as absent:
        print(absent)
        return
    result = train(rows, window_days=90, placeholders=real_data.PLACEHOLDERS)
    result = with_outlooks(result, rows, nobody_followed(rows), window_days=90)
    found = result.finalist.outlook["interval"]
    print(
        f"\n{name}: {len(rows):,} leads. {result.finalist.model_type}: ranges for "
        f"{found['level']:.0%}, {found['meanWidth']:.3f} wide on the mean"
    )
    print("  leads   said    range            came    95 % of chance   agree")
    for each in found["bins"]:
        print(
            f"{each['leads']:7,.0f}  {each['predicted']:.3f}  {each['low']:.3f} to "
            f"{each['high']:.3f}   {each['observed']:.3f}   {each['observedLow']:.3f} to "
            f"{each['observedHigh']:.3f}   {'yes' if each['holds'] else 'NO'}"
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main()
