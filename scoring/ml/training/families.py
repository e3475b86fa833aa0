"""The model types by their wire names, from the simplest: what each is and what is tried."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline

from scoring.ml.model_types import BLEND, Settings
from scoring.ml.training.blended import BlendEstimator
from scoring.ml.training.preparation import Preparation
from scoring.ml.training.relevance import Groups, Relevance

Matrix = npt.NDArray[np.float32]

# Few settings each, all on the careful side: sales data drifts, and what fits the past closely is
# wrong about next quarter. From the most careful.
SEARCH: Mapping[str, tuple[Settings, ...]] = MappingProxyType(
    {
        "logistic-regression": ({"spread": 0.02}, {"spread": 0.08}, {"spread": 0.25}),
        "random-forest": ({"leaf": 100}, {"leaf": 25}, {"leaf": 6}),
        "gradient-boosting": (
            {"trees": 40, "leaves": 4, "leaf": 100, "l2": 20.0},
            {"trees": 60, "leaves": 8, "leaf": 20, "l2": 10.0},
            {"trees": 120, "leaves": 8, "leaf": 10, "l2": 5.0},
        ),
        "neural-network": ({"l2": 0.3, "epochs": 20}, {"l2": 0.1, "epochs": 40}),
    }
)

FOREST_TREES = 100
FOREST_DEPTH = 10
# So that a lead's reasons are found in a millisecond; more leaves made no forest better.
FOREST_LEAVES = 64
FOREST_ROWS_A_TREE = 50_000
BOOSTING_RATE = 0.05
HIDDEN_UNITS = 16
STEPS_AN_EPOCH = 50
BATCH = (32, 1024)


def make_estimator(model_type: str, settings: Settings, *, rows: int, seed: int) -> Any:
    """An unfitted scikit-learn classifier for a matrix (n, k) with NaN for missing numbers.

    `rows` is how many it will learn from: some settings depend on it. Raises KeyError for an
    unknown type.
    """
    return _MAKERS[model_type](settings, rows, seed)


def is_known(model_type: str, settings: Settings) -> bool:
    """Whether `make_estimator` can make it: not so for what another version of this made."""
    return model_type in SEARCH and set(settings) == set(SEARCH[model_type][0])


def fit_estimator(
    model_type: str,
    settings: Settings,
    X: Matrix,
    label: npt.NDArray[np.int8],
    weight: npt.NDArray[np.float64],
    *,
    seed: int,
    groups: Groups | None = None,
) -> Any:
    """The estimator of `make_estimator`, fitted with the rows' weights; or a whole blend.

    groups: (k,) which matrix columns matter together; None: each by itself.
    """
    if model_type == BLEND:
        members = [
            fit_estimator(
                each["model_type"], each["settings"], X, label, weight, seed=seed, groups=groups
            )
            for each in settings["members"]
        ]
        return BlendEstimator(settings, members)
    estimator = make_estimator(model_type, settings, rows=len(label), seed=seed)
    if model_type == "gradient-boosting":
        # Binning fails on a column without any value; a constant one is never split on.
        X = np.where(np.isnan(X).all(axis=0), np.float32(0), X)
    weights = {"sample_weight": weight}
    if isinstance(estimator, Pipeline):
        weights = {"model__sample_weight": weight}
        if isinstance(estimator[0], Relevance):
            estimator.set_params(prepare__groups=groups)
            weights["prepare__sample_weight"] = weight
    estimator.fit(X, label, **weights)
    if isinstance(estimator, RandomForestClassifier):
        # Threads add up the trees' votes in any order: the same forest, another last digit.
        estimator.set_params(n_jobs=1)
    return estimator


def raw_probabilities(estimator: Any, X: Matrix) -> npt.NDArray[np.float64]:
    """What a fitted estimator says before calibration (n,)."""
    return np.asarray(estimator.predict_proba(X)[:, 1], dtype=np.float64)


def _linear(settings: Settings, rows: int, seed: int) -> Pipeline:
    relevance = Relevance(spread=settings["spread"])
    model = LogisticRegression(C=1.0, max_iter=1000, random_state=seed)
    return Pipeline([("prepare", relevance), ("model", model)])


def _forest(settings: Settings, rows: int, seed: int) -> RandomForestClassifier:
    return RandomForestClassifier(
        n_estimators=FOREST_TREES,
        max_depth=FOREST_DEPTH,
        max_leaf_nodes=FOREST_LEAVES,
        min_samples_leaf=settings["leaf"],
        max_features="sqrt",
        max_samples=min(1.0, FOREST_ROWS_A_TREE / rows),
        n_jobs=-1,
        random_state=seed,
    )


def _boosting(settings: Settings, rows: int, seed: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        learning_rate=BOOSTING_RATE,
        max_iter=settings["trees"],
        max_leaf_nodes=settings["leaves"],
        min_samples_leaf=settings["leaf"],
        l2_regularization=settings["l2"],
        early_stopping=False,
        random_state=seed,
    )


def _network(settings: Settings, rows: int, seed: int) -> Pipeline:
    shape = {
        "hidden": HIDDEN_UNITS,
        "l2": settings["l2"],
        "epochs": settings["epochs"],
        "batch": int(np.clip(rows // STEPS_AN_EPOCH, *BATCH)),
        "seed": seed,
    }
    model = _torch_network(**shape) if _torch_is_here() else _scikit_network(**shape)
    return Pipeline([("prepare", Preparation()), ("model", model)])


def _scikit_network(*, hidden: int, l2: float, epochs: int, batch: int, seed: int) -> MLPClassifier:
    return MLPClassifier(
        hidden_layer_sizes=(hidden,),
        alpha=l2 * batch,  # scikit-learn divides it by the batch
        batch_size=batch,
        # Trains for so many epochs and counts as done then: no epoch gains as much as `tol`, the
        # first has nothing to gain on, and the one after `n_iter_no_change` ends it.
        tol=1e9,
        n_iter_no_change=epochs - 2,
        max_iter=epochs + 1,
        random_state=seed,
    )


def _torch_is_here() -> bool:
    return all(importlib.util.find_spec(name) for name in ("torch", "skorch"))


def _torch_network(**shape: Any) -> Any:
    # Loading PyTorch takes seconds and it is an extra: only when a net is to be trained.
    from scoring.ml.training.neural_torch import TorchNetwork  # noqa: PLC0415

    return TorchNetwork(**shape)


_MAKERS: Mapping[str, Callable[[Settings, int, int], Any]] = MappingProxyType(
    {
        "logistic-regression": _linear,
        "random-forest": _forest,
        "gradient-boosting": _boosting,
        "neural-network": _network,
    }
)
