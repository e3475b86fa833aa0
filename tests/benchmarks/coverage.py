"""python -m tests.benchmarks.coverage [LEADS]: do the ranges around probabilities hold?

On the demo leads (20,000 unless said otherwise) against their known probabilities; on the two real
data sets, where nobody knows the true ones, against what came, by groups of what was said.
"""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from scoring.ml.certainty.outlooks import with_outlooks
from scoring.ml.examples import Examples
from scoring.ml.hazard.followups import Delays, FollowUps
from scoring.ml.training.train import train
from tests.benchmarks.installation import scratch_installation
from tests.benchmarks.servers import ROOT
from tests.scoring.ml import real_data

LEADS = "20000"


def main() -> None:
    """Do it."""
    leads = sys.argv[1] if len(sys.argv) > 1 else LEADS
    print(f"{int(leads):,} demo leads")
    with scratch_installation() as installation:
        installation.manage("seed_demo", "--leads", leads)
        settings = {"DJANGO_SETTINGS_MODULE": "leadscoring.settings"}
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.coverage_demo"],
            cwd=ROOT,
            env={**os.environ, **installation.environment, **settings},
            check=True,
        )
    for name in ("bank", "salvirt"):
        try:
            examples = getattr(real_data, name)()
        except pytest.skip.Exception as absent:
            print(absent)
            continue
        print(f"\n{name}: {len(examples):,} leads")
        _reliability(examples)


def _reliability(examples: Examples) -> None:
    nothing = np.empty(0, dtype=np.int32)
    delays = Delays(nothing, nothing.astype(np.int8), nothing)
    followups = FollowUps(delays, examples.features.iloc[:0], delays, np.empty(0))
    result = train(examples, window_days=90, placeholders=real_data.PLACEHOLDERS)
    result = with_outlooks(result, examples, followups, window_days=90)
    found = result.finalist.outlook["interval"]
    print(
        f"{result.finalist.model_type}: ranges for {found['level']:.0%}, "
        f"{found['meanWidth']:.3f} wide on the mean"
    )
    print("  leads   said    range            came    95 % of chance   agree")
    for each in found["bins"]:
        print(
            f"{each['leads']:7,.0f}  {each['predicted']:.3f}  {each['low']:.3f} to "
            f"{each['high']:.3f}   {each['observed']:.3f}   {each['observedLow']:.3f} to "
            f"{each['observedHigh']:.3f}   {'yes' if each['holds'] else 'NO'}"
        )


if __name__ == "__main__":
    main()
