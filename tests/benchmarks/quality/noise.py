"""`python -m tests.benchmarks.quality.noise [SEEDS [TYPE...]]`: what becomes of noise as labels.

SEEDS: how many, or those from one to another, the last left out, as 25-50: a part of a long run.
With labels that no column knows of, how often is a model promoted over the base rate, and how
often does the 95 % interval of its area under the curve miss one half?
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scoring.ml.model_types import MODEL_TYPES
from scoring.ml.training.train import train
from tests.scoring.ml.made import leads

LEADS = 400
SEEDS = 100
REPORT_EVERY = 10


@dataclass(frozen=True)
class Outcome:
    """What came of one training."""

    seed: int
    promoted: bool
    auc_misses: bool


def outcomes(
    seeds: Sequence[int], *, signal: float = 0.0, model_types: Sequence[str] = MODEL_TYPES
) -> Iterator[Outcome]:
    """Train on LEADS made-up leads a seed; their features matter by `signal`."""
    for seed in seeds:
        rows = leads(LEADS, seed=seed, signal=signal)
        result = train(rows, window_days=60, model_types=model_types, seed=seed)
        auc = result.finalist.metrics["rocAuc"]
        misses = not auc["low"] <= 0.5 <= auc["high"]
        yield Outcome(seed, result.gate.promote, misses)


def main(seeds: Sequence[int], model_types: Sequence[str]) -> None:
    """Print each miss, and the counts now and then."""
    promoted = missed = 0
    for done, each in enumerate(outcomes(seeds, model_types=model_types), start=1):
        promoted += each.promoted
        missed += each.auc_misses
        if each.promoted or each.auc_misses:
            print(each, flush=True)
        if done % REPORT_EVERY == 0 or done == len(seeds):
            print(f"{done} seeds: promoted {promoted}, interval missed .5 {missed}", flush=True)


def named(seeds: str) -> range:
    """Those that SEEDS names."""
    first, _, last = seeds.rpartition("-")
    return range(int(first or 0), int(last))


if __name__ == "__main__":
    main(named(sys.argv[1] if len(sys.argv) > 1 else str(SEEDS)), sys.argv[2:] or MODEL_TYPES)
