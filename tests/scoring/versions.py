"""Model versions with a real, if small, model: a logistic regression on five fields."""

from functools import cache

import numpy as np

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.serving.artifact import dumps, sha256
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.runtime import Scorer
from scoring.ml.training.conversion import engine_of
from scoring.ml.training.families import fit_estimator
from scoring.models import ModelArtifact, ModelVersion
from tests.scoring.ml.builders import FIRST_DAY, examples

ROWS = 200


@cache
def small_scorer(seed: int = 0) -> Scorer:
    """A scorer that likes interactions and, a little, the rest that it knows of a lead."""
    rng = np.random.default_rng(seed)
    interactions = rng.integers(0, 20, ROWS).astype(float)
    day = FIRST_DAY + np.arange(ROWS)
    columns = {
        "interactions": interactions.tolist(),
        "budget": rng.uniform(0, 10_000, ROWS).tolist(),
        "industry": rng.choice(["Retail", "Banking"], ROWS).tolist(),
        "last_contact": (day - rng.integers(0, 99, ROWS)).tolist(),
        "region": rng.choice(["n", "s"], ROWS).tolist(),
    }
    label = (interactions + rng.normal(0, 5, ROWS) > 10).astype(np.int8)
    rows = examples(columns, label=label, day=day)
    encoder = LeadEncoder()
    X = encoder.fit_transform(rows)
    model_type = "logistic-regression"
    estimator = fit_estimator(model_type, {"spread": 0.25}, X, rows.label, rows.weight, seed=seed)
    return Scorer(model_type, encoder, engine_of(estimator), Calibration())


def make_version(
    number: int = 1, *, model_type: str = "logistic-regression", seed: int = 0, **fields: object
) -> ModelVersion:
    """A stored version whose artifact is `small_scorer(seed)`."""
    version = ModelVersion.objects.create(
        **{"number": number, "model_type": model_type, "outcome_window_days": 90, **fields}
    )
    data = dumps(small_scorer(seed))
    ModelArtifact.objects.create(version=version, data=data, sha256=sha256(data))
    return version
