"""A training result to hand out where the training itself is not the point."""

from dataclasses import replace
from functools import cache

import numpy as np

from scoring.ml.training.results import TrainingResult
from scoring.ml.training.train import train
from tests.scoring.ml.builders import examples

ROWS = 320


@cache
def trained(seed: int = 0) -> TrainingResult:
    """What training a logistic regression on an easy rule gives; it passes the gate."""
    rng = np.random.default_rng(seed)
    interactions = rng.integers(0, 20, ROWS)
    label = (interactions + rng.normal(0, 4, ROWS) > 10).astype(np.int8)
    columns = {
        "interactions": interactions.astype(float).tolist(),
        "plan": ["a", "b"] * (ROWS // 2),
    }
    rows = examples(columns, label=label)
    return train(rows, window_days=90, model_types=["logistic-regression"], seed=seed)


def held_back(result: TrainingResult) -> TrainingResult:
    """The same result, but that the gate does not let it pass."""
    return replace(result, gate=replace(result.gate, promote=False, reason="Held back: no."))
