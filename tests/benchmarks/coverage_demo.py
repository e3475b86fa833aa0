"""In a scratch installation with demo leads: train, then compare with the known probabilities.

Prints, for each version, how many of 4,000 leads that nobody has seen have a true probability (of a
win within the window of the day they become known) that lies in the range that the version states.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import django
import numpy as np

FRESH, FRESH_SEED = 4_000, 77
LEVELS = (0.8, 0.9, 0.95)


def main() -> None:
    """Do it."""
    from crm.days import today  # noqa: PLC0415 - Django must be set up first
    from crm.demo import ground_truth  # noqa: PLC0415
    from crm.demo.generator import DAYS_TO_WIN, generate  # noqa: PLC0415
    from scoring import registry  # noqa: PLC0415
    from scoring.dataset import COLUMNS, features_from  # noqa: PLC0415
    from scoring.ml.frames import to_frame  # noqa: PLC0415
    from scoring.services.retrain import model_retrain  # noqa: PLC0415

    report = model_retrain()
    law = NormalDist(math.log(DAYS_TO_WIN[0]), DAYS_TO_WIN[1])
    in_window = law.cdf(math.log(report.window_days + 0.5))
    fresh = [lead.states[0][1] for lead in generate(leads=FRESH, seed=FRESH_SEED, today=today())]
    truth = np.array([ground_truth.probability(state) for state in fresh]) * in_window
    features = [
        features_from(**{column: getattr(state, column) for column in COLUMNS}) for state in fresh
    ]
    frame = to_frame(features, [state.seen_on for state in fresh])
    for version in report.versions:
        scorer = registry.load(version).scorer
        spread, familiarity = scorer.outlook.spread, scorer.outlook.familiarity
        if spread is None or familiarity is None:
            print(f"{version!s:<28} no ranges: {scorer.outlook.why_absent('interval')}")
            continue
        said = scorer.probabilities_of_frame(frame)
        distance = familiarity.distances_of(frame)
        covered = []
        for level in LEVELS:
            low, high = spread.interval(said, distance, level)
            covered.append(f"{np.mean((low <= truth) & (truth <= high)):.1%} of {level:.0%}")
        bins = version.report["outlook"]["interval"]["bins"]
        star = "*" if version == report.champion else " "
        print(
            f"{version!s:<27}{star} covered: {', '.join(covered)}; unlike the others: "
            f"{np.mean(distance > familiarity.limit):.1%}; groups that agree: "
            f"{sum(each['holds'] for each in bins)} of {len(bins)}"
        )
    print(f"* answers for `auto`. Window advice: {report.advice.days} days. {report.advice.reason}")


if __name__ == "__main__":
    django.setup()
    main()
