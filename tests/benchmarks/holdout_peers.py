"""What plain scikit-learn, with its defaults, makes of the same rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

PEERS: dict[str, Any] = {
    "logistic regression": LogisticRegression(max_iter=2000, random_state=0),
    "random forest": RandomForestClassifier(random_state=0),
    "gradient boosting": HistGradientBoostingClassifier(random_state=0),
}
# What a forest is sure of costs without bound when it is wrong.
SMALLEST = 1e-6


def _one_hot() -> OneHotEncoder:
    # The frequent values: a column of names would be thousands of columns wide.
    return OneHotEncoder(handle_unknown="ignore", max_categories=50, sparse_output=False)


def peer_probabilities(
    past: pd.DataFrame,
    label: np.ndarray,
    later: pd.DataFrame,
    weight: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Name -> probabilities (n,) for `later`, after learning from `past`; first the base rate."""
    past = past.infer_objects()
    numbers = past.select_dtypes("number").columns
    words = past.columns.difference(numbers)
    past, later = past.astype(dict.fromkeys(words, str)), later.astype(dict.fromkeys(words, str))
    prepare = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        (_one_hot(), words),
    )
    X, Z = prepare.fit_transform(past), prepare.transform(later)
    found = {"base rate": np.full(len(later), np.average(label, weights=weight))}
    for name, model in PEERS.items():
        said = model.fit(X, label, sample_weight=weight).predict_proba(Z)[:, 1]
        found[name] = said.clip(SMALLEST, 1 - SMALLEST)
    return found
