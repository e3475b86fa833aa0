"""One fitted estimator for both sides: in the peer's pipeline, and in our registry.

`python -m tests.benchmarks.same_model PIPELINE MODEL_TYPE` registers the estimator of a peer's
pipeline in the installation that the environment leads to. Our encoder is written by hand so that
it gives the matrix that the pipeline's column transformer gives: the trees are the same trees.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import django
import joblib
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.pipeline import Pipeline

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.serving.artifact import dumps, library_versions, sha256
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.runtime import Scorer
from scoring.ml.training.conversion import engine_of
from tests.benchmarks.leads import make_leads
from tests.benchmarks.peer import CATEGORIES, FIXED, NUMBERS, make_pipeline_for, peer_frame

ESTIMATORS = {
    "random-forest": RandomForestClassifier(300, random_state=0),
    "gradient-boosting": HistGradientBoostingClassifier(random_state=0),
}
# The peer's number -> our column and its kind.
OUR_NUMBERS = {
    "budget": ("budget", "number"),
    "previousPurchases": ("previous_purchases", "number"),
    "interactions": ("interactions", "number"),
    "recency": ("last_contact", "date"),
}
# No limit at all, in numbers that JSON has.
FAR = 1e30


def fit_pipeline(model_type: str, folder: Path) -> Path:
    """The peer's pipeline on 4,000 made leads whose label follows interactions and budget."""
    frame = peer_frame(make_leads(4_000, seed=1))
    signal = frame["interactions"] / 10 + frame["budget"] / 50_000 - 3
    labels = np.random.default_rng(2).random(len(frame)) < 1 / (1 + np.exp(-signal))
    path = folder / f"{model_type}.joblib"
    joblib.dump(make_pipeline_for(ESTIMATORS[model_type]).fit(frame, labels), path)
    return path


def same_encoder(pipeline: Pipeline) -> LeadEncoder:
    """Our encoder that gives the matrix of the pipeline's column transformer."""
    words = pipeline[0].named_transformers_["onehotencoder"].categories_
    columns = [_category(*each) for each in zip(CATEGORIES, words, strict=True)]
    columns += [_number(*OUR_NUMBERS[name]) for name in NUMBERS]
    return LeadEncoder.from_dict(
        {"placeholders": [], "drop": [], "dropped": {}, "twins": {}, "columns": columns}
    )


def _category(column: str, words: Any) -> dict[str, Any]:
    rows = np.eye(len(words)).tolist()
    none = [0.0] * len(words)
    table = {word.casefold(): row for word, row in zip(words, rows, strict=True)}
    kept = {"names": list(words), "table": table, "rare": none, "missing": none}
    return {"kind": "category", "column": column, **kept}


def _number(column: str, kind: str) -> dict[str, Any]:
    limits = {"low": -FAR, "high": FAR, "logged": False, "flagged": False}
    return {"kind": kind, "column": column, **limits}


def register(pipeline: Pipeline, model_type: str) -> None:
    """Store the pipeline's estimator as the champion, with the fixed parts that the peer tells."""
    from scoring.models import ModelArtifact, ModelVersion  # noqa: PLC0415 - after django.setup()

    engine = engine_of(pipeline[-1])
    data = dumps(Scorer(model_type, same_encoder(pipeline), engine, Calibration()))
    told: dict[str, Any] = FIXED["modelMetrics"]
    version = ModelVersion.objects.create(
        number=1,
        model_type=model_type,
        is_champion=True,
        is_active=True,
        outcome_window_days=90,
        metrics={name: {"value": value} for name, value in told.items()},
        feature_importance=FIXED["featureImportance"],
        segments=FIXED["clusterAnalysis"],
        library_versions=library_versions(),
    )
    ModelArtifact.objects.create(version=version, data=data, sha256=sha256(data))


if __name__ == "__main__":
    django.setup()
    register(joblib.load(sys.argv[1]), sys.argv[2])
