from dataclasses import replace

import numpy as np

from scoring.ml.serving import artifact
from scoring.ml.training.train import train
from tests.scoring.ml.builders import examples
from tests.scoring.ml.made import leads

MIXED = [None, "Blue", 1.0, True, "blue ", 0.5, None, "Red"]


def test_coded_columns_hold_the_same_values():
    rows = examples({"industry": ["b", "a", None, "b"] * 2, "odd": MIXED, "budget": [1.0] * 8})
    coded = rows.coded().features
    assert [str(coded[name].dtype) for name in ("industry", "attributes.odd", "budget")] == [
        "category",
        "category",
        "float64",
    ]
    for name in rows.features:
        known = rows.features[name].notna()
        assert coded[name].notna().tolist() == known.tolist()
        assert coded[name][known].tolist() == rows.features[name][known].tolist()
    assert rows.features["industry"].dtype != "category"


def test_training_learns_the_same_from_coded_columns():
    plain = leads(600)
    flag = np.where(plain.features["budget"] > plain.features["budget"].median(), True, False)
    plain = replace(plain, features=plain.features.assign(**{"attributes.flag": list(flag)}))
    plain.features["attributes.flag"] = plain.features["attributes.flag"].astype(object)
    told = []
    for rows in (plain, plain.coded()):
        result = train(rows, window_days=60, model_types=["logistic-regression"])
        model = result.models[0]
        story = (model.metrics, model.curves, model.importance, model.dependence, model.groups)
        told.append((artifact.dumps(model.scorer), story, model.segments, result.leaks))
    assert told[0] == told[1]
