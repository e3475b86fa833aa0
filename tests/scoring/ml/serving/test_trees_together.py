import numpy as np
import pytest
import treelite
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from scoring.ml.serving.engines import MANY_ROWS
from scoring.ml.serving.tree_arrays import read_ensemble
from scoring.ml.serving.tree_descent import TreeDescent
from scoring.ml.serving.tree_masks import TreeMasks
from scoring.ml.training.conversion import engine_of

SMALL = {"max_leaf_nodes": 8, "early_stopping": False, "max_iter": 30}
MODELS = {
    "small boosted trees": HistGradientBoostingClassifier(**SMALL),
    "boosted stumps": HistGradientBoostingClassifier(**{**SMALL, "max_leaf_nodes": 2}),
    "boosted trees of 31 leaves": HistGradientBoostingClassifier(max_iter=20),
    "a forest grown to the end": RandomForestClassifier(15, random_state=0),
    "a forest of one class": RandomForestClassifier(3, random_state=0),
}


def rows(n: int, seed: int) -> np.ndarray:
    """Numbers with holes; flags; a column that never has a value, and what no training row had."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 7)).astype(np.float32)
    X[:, 3:5] = X[:, 3:5] > 0.5
    X[rng.random(X.shape) < 0.1] = np.nan
    X[:, 6] = np.round(X[:, 6], 1)
    X[:, 5] = 0 if seed == 0 else np.nan
    return X


@pytest.fixture(scope="module", params=MODELS)
def fitted(request):
    X = rows(1500, 0)
    label = np.nan_to_num(X[:, 0]) * np.nan_to_num(X[:, 1]) + np.nan_to_num(X[:, 3]) > 0.3
    if "one class" in request.param:
        label[:] = [True] + [False] * (len(X) - 1)
    return MODELS[request.param].fit(X, label)


@pytest.mark.parametrize("evaluate", [TreeMasks, TreeDescent])
def test_many_rows_together_give_what_treelite_gives_to_the_last_bit(fitted, evaluate):
    model = treelite.sklearn.import_model(fitted)
    ensemble = read_ensemble(model)
    if not evaluate.fits(ensemble):
        assert evaluate is TreeMasks
        return
    X = rows(5000, 1)
    X[:100, 0] = [each for tree in ensemble.thresholds[:1] for each in np.resize(tree, 100)]
    X[0], X[1], X[2] = 1e30, -1e30, np.nan
    said = treelite.gtil.predict(model, X, nthread=1, pred_margin=True)[:, 0, -1]
    sums = evaluate(ensemble).sums
    for count in (len(X), 0, 1, 2, 3, 1312):
        together = sums(X[:count]) / ensemble.divisor + ensemble.offset
        assert together.tobytes() == said[:count].tobytes()


def test_a_row_scores_the_same_alone_and_among_many_to_the_last_bit(fitted):
    X = rows(MANY_ROWS + 9, 2)
    engine = engine_of(fitted)
    alone = np.concatenate([engine.probabilities(row[None]) for row in X])
    assert engine.probabilities(X).tobytes() == alone.tobytes()


def test_small_trees_are_looked_up_and_large_ones_walked():
    X, label = rows(800, 0), np.random.default_rng(3).integers(0, 2, 800)
    fits = {
        name: TreeMasks.fits(read_ensemble(treelite.sklearn.import_model(each.fit(X, label))))
        for name, each in MODELS.items()
        if name != "a forest of one class"
    }
    assert fits == {
        "small boosted trees": True,
        "boosted stumps": True,
        "boosted trees of 31 leaves": True,
        "a forest grown to the end": False,
    }
