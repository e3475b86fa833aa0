"""From a fitted estimator to the engine that serves what it learned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import treelite
from sklearn.pipeline import Pipeline

from scoring.ml.serving.blend import BlendEngine, Member
from scoring.ml.serving.engines import Engine, LinearEngine, NetworkEngine, TreeEngine
from scoring.ml.training.blended import BlendEstimator

Matrix = npt.NDArray[np.float32]
# So many rows stand for all training rows where reasons are found against a background.
BACKGROUND_ROWS = 32


def engine_of(estimator: Any, X: Matrix | None = None) -> Engine:
    """The engine of an estimator that `families.fit_estimator` fitted on X."""
    if isinstance(estimator, BlendEstimator):
        return BlendEngine(
            tuple(
                Member(each["model_type"], each["weight"], engine_of(member, X), calibration)
                for each, calibration, member in estimator.members
            )
        )
    if not isinstance(estimator, Pipeline):
        trees = treelite.sklearn.import_model(estimator).serialize_bytes()
        return TreeEngine(trees=np.frombuffer(trees, dtype=np.uint8))
    preparation, model = estimator[0], estimator[-1]
    prepare = {
        "fill": preparation.fill_,
        "mean": preparation.mean_,
        "scale": preparation.scale_,
    }
    if not hasattr(model, "coefs_"):
        weights = model.coef_[0] * preparation.stretch_
        return LinearEngine(**prepare, weights=weights, bias=model.intercept_)
    engine = NetworkEngine(
        **prepare,
        hidden=model.coefs_[0],
        hidden_bias=model.intercepts_[0],
        output=model.coefs_[1],
        output_bias=model.intercepts_[1],
    )
    return engine if X is None else replace(engine, background=_background(engine, X))


def _background(engine: Engine, X: Matrix) -> Matrix:
    """The rows at evenly spaced quantiles of what the engine says of them."""
    order = np.argsort(engine.probabilities(X), kind="stable")
    places = (np.arange(BACKGROUND_ROWS) + 0.5) / BACKGROUND_ROWS * len(X)
    return X[order[np.unique(places.astype(np.intp))]]
