"""Who predicts: the product's `auto`, and what one would take in its place, at its defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from scoring.ml.model_types import describe
from scoring.ml.training.budget import default_budget
from scoring.ml.training.train import train
from tests.benchmarks.quality import automl
from tests.benchmarks.quality.odoo import naive_bayes
from tests.benchmarks.quality.parts import Part
from tests.scoring.ml.real_data import PLACEHOLDERS

Predict = Callable[[Part], np.ndarray]
WINDOW_DAYS = 90


def auto(part: Part) -> np.ndarray:
    """What `auto` answers after a first retrain: the finalist if it passed the gate."""
    result = train(
        part.past.coded(),
        window_days=WINDOW_DAYS,
        placeholders=PLACEHOLDERS,
        budget=default_budget(len(part.past)),
    )
    chosen = result.finalist if result.gate.promote else result.base
    print(f"    auto: {describe(chosen.model_type, chosen.recipe)}", flush=True)
    return chosen.scorer.probabilities_of_frame(part.later.features)


def base_rate(part: Part) -> np.ndarray:
    """The share won so far."""
    return np.full(len(part.later), part.past.label.mean())


def odoo(part: Part) -> np.ndarray:
    """Naive Bayes."""
    past, later = part.tables()
    return naive_bayes(past, part.past.label, later)


def lightgbm(part: Part) -> np.ndarray:
    """Words as categories, as it takes them."""
    past, later = part.tables()
    for name in past.select_dtypes(exclude="number").columns:
        known = past[name].unique()
        past[name] = pd.Categorical(past[name], known)
        later[name] = pd.Categorical(later[name].where(later[name].isin(known)), known)
    model = LGBMClassifier(random_state=0, verbose=-1).fit(past, part.past.label)
    return np.asarray(model.predict_proba(later))[:, 1]


def sklearn(model: Any) -> Predict:
    """Numbers filled and scaled, words one-hot."""

    def predict(part: Part) -> np.ndarray:
        past, later = part.tables()
        numbers = past.select_dtypes("number").columns
        one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        prepare = make_column_transformer(
            (make_pipeline(SimpleImputer(), StandardScaler()), numbers),
            (one_hot, past.columns.difference(numbers)),
        )
        fitted = make_pipeline(prepare, model).fit(past, part.past.label)
        return np.asarray(fitted.predict_proba(later)[:, 1])

    return predict


CONTENDERS: Mapping[str, Predict] = {
    "auto": auto,
    "base rate": base_rate,
    "logistic regression": sklearn(LogisticRegression(max_iter=2000)),
    "random forest": sklearn(RandomForestClassifier(random_state=0)),
    "gradient boosting": sklearn(HistGradientBoostingClassifier(random_state=0)),
    "LightGBM": lightgbm,
    "Odoo's naive Bayes": odoo,
    "AutoGluon medium": automl.preset("medium_quality"),
    "AutoGluon best": automl.preset("best_quality"),
}
