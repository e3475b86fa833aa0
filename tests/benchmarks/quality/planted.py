"""`python -m tests.benchmarks.quality.planted [LEADS]`: is the demo's planted truth found again?

The leads are those of seed_demo; what decides about them is in crm/demo/ground_truth.py.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta

import django
import numpy as np
from scipy.stats import spearmanr

LEADS = 100_000
TOP = 5
WINDOW_DAYS = 90


def main(leads: int) -> None:
    """Train on leads of the demo and compare with what was planted."""
    # Django must be set up before the demo's modules are loaded.
    from crm.demo.generator import generate  # noqa: PLC0415
    from crm.demo.ground_truth import log_odds  # noqa: PLC0415
    from scoring.dataset import COLUMNS, features_from  # noqa: PLC0415
    from scoring.ml.examples import Examples  # noqa: PLC0415
    from scoring.ml.frames import to_frame  # noqa: PLC0415
    from scoring.ml.model_types import describe  # noqa: PLC0415
    from scoring.ml.schema import DAY  # noqa: PLC0415
    from scoring.ml.serving.calibration import log_odds as odds_of  # noqa: PLC0415
    from scoring.ml.training.budget import default_budget  # noqa: PLC0415
    from scoring.ml.training.train import train  # noqa: PLC0415
    from tests.scoring.ml.explaining.test_real_models import TODAY, planted  # noqa: PLC0415

    known, won, truth, effects = [], [], [], []
    for each in generate(leads=leads, seed=0, today=TODAY):
        day, state = each.states[0]
        if TODAY - day < timedelta(days=WINDOW_DAYS):
            continue
        features = features_from(*(getattr(state, name) for name in COLUMNS))
        known.append((features, day))
        outcome = each.outcome
        won.append(
            outcome is not None
            and outcome.result == "won"
            and (outcome.occurred_on - day).days <= WINDOW_DAYS
        )
        truth.append(log_odds(state))
        effects.append(planted(features, day))
    frame = to_frame([lead for lead, _ in known], [day for _, day in known])
    days = frame[DAY].to_numpy().astype("datetime64[D]")
    n = len(known)
    rows = Examples(
        frame, np.array(won, dtype=np.int8), np.ones(n), days, days + WINDOW_DAYS, np.arange(n)
    )
    start = time.perf_counter()
    result = train(rows, window_days=WINDOW_DAYS, budget=default_budget(n))
    seconds = time.perf_counter() - start
    best = result.finalist
    spread = {name: np.std([each[name] for each in effects]) for name in effects[0]}
    strongest = sorted(spread, key=lambda name: -spread[name])[:TOP]
    used = [each["name"] for each in best.importance]
    places = {name: used.index(name) + 1 for name in strongest}
    said = odds_of(best.scorer.probabilities_of_frame(frame))
    slope, auc = best.metrics["calibrationSlope"], best.metrics["rocAuc"]
    print(f"{n:,} leads, {rows.label.mean():.1%} won; {seconds:.0f} s")
    print(f"finalist: {describe(best.model_type, best.recipe)}; promoted: {result.gate.promote}")
    for model in result.models:
        loss = model.backtest["logLoss"]
        print(f"  backtest of {model.model_type}: log loss {loss['value']:.4f}")
    print(f"calibration slope {slope['value']:.3f} ({slope['low']:.3f} to {slope['high']:.3f})")
    print(f"ROC AUC {auc['value']:.3f}")
    print(f"planted order of the {TOP} strongest, and their place in the importances: {places}")
    print(f"rank correlation with the true log-odds: {spearmanr(said, truth).statistic:.3f}")
    for warning in result.warnings:
        print(warning)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS)
