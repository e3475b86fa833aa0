import numpy as np
import pytest

from scoring.ml.model_types import MODEL_TYPES
from scoring.ml.serving.engines import ENGINES
from scoring.ml.training.conversion import engine_of
from scoring.ml.training.families import SEARCH, fit_estimator, raw_probabilities


def matrix(n: int = 500, seed: int = 0) -> np.ndarray:
    """Numbers with holes, a column that never has a value, one that always has, a flag."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 6)).astype(np.float32)
    X[rng.random((n, 6)) < 0.2] = np.nan
    X[:, 2] = np.nan
    X[:, 3] = 1.0
    X[:, 4] = rng.integers(0, 2, n)
    return X


@pytest.fixture(scope="module", params=MODEL_TYPES)
def fitted(request):
    X = matrix()
    rng = np.random.default_rng(1)
    label = (np.nan_to_num(X[:, 0]) + X[:, 4] + rng.normal(size=len(X)) > 1).astype(np.int8)
    weight = rng.uniform(0.3, 1.0, len(X))
    settings = SEARCH[request.param][-1]
    return fit_estimator(request.param, settings, X, label, weight, seed=0)


def test_it_serves_what_the_estimator_said(fitted):
    X = matrix(2000, seed=2)
    X[0] = np.nan
    X[1], X[2] = 1e30, -1e30
    X[3:1000, 2] = 5.0  # never had a value in training
    said = raw_probabilities(fitted, X)
    assert said.std() > 0.01
    assert np.abs(engine_of(fitted).probabilities(X) - said).max() < 1e-9


def test_it_says_the_same_of_one_row_as_of_many(fitted):
    X = matrix(200, seed=3)
    engine = engine_of(fitted)
    alone = np.concatenate([engine.probabilities(row[None]) for row in X])
    assert np.abs(alone - engine.probabilities(X)).max() < 1e-12


def test_it_is_the_same_after_its_arrays(fitted):
    engine = engine_of(fitted)
    again = ENGINES[engine.kind].from_arrays(engine.arrays())
    X = matrix(100, seed=4)
    assert (again.probabilities(X) == engine.probabilities(X)).all()


@pytest.mark.parametrize("model_type", MODEL_TYPES)
def test_it_weighs_rows(model_type):
    """A row with weight 3 teaches what three rows teach; with weight 0 it teaches nothing."""
    X = np.random.default_rng(0).normal(size=(400, 2)).astype(np.float32)
    label = (X[:, 0] > 0).astype(np.int8)
    turned = np.concatenate([label, 1 - label])
    weight = np.repeat([3.0, 1e-9], 400)
    estimator = fit_estimator(
        model_type, SEARCH[model_type][-1], np.tile(X, (2, 1)), turned, weight, seed=0
    )
    said = raw_probabilities(estimator, X)
    assert said[label == 1].mean() > said[label == 0].mean() + 0.2


@pytest.mark.parametrize("model_type", ["random-forest", "gradient-boosting"])
def test_large_trees_say_the_same_of_one_row_as_treelite_does(model_type, monkeypatch):
    X = matrix(800)
    rng = np.random.default_rng(5)
    label = (np.nan_to_num(X[:, 0]) + X[:, 4] + rng.normal(size=len(X)) > 1).astype(np.int8)
    # NaN goes right where the missing ones win more often.
    label[np.isnan(X[:, 1])] |= (rng.random(int(np.isnan(X[:, 1]).sum())) < 0.7).astype(np.int8)
    settings = SEARCH[model_type][-1]
    engine = engine_of(fit_estimator(model_type, settings, X, label, np.ones(len(X)), seed=0))
    rows = matrix(300, seed=6)
    rows[:100] = np.nan_to_num(rows[:100])
    rows[100] = np.nan
    by_treelite = [engine.probabilities(row[None])[0] for row in rows]
    monkeypatch.setattr("scoring.ml.serving.engines.MANY_BYTES", 0)
    assert [engine.probabilities(row[None])[0] for row in rows] == by_treelite
