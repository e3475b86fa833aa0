"""The honest peer: the architecture of the contract, FastAPI over a scikit-learn pipeline.

It checks no key and stores nothing. `PEER_PIPELINE` names the joblib file with the pipeline.
"""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import joblib
import pandas as pd
from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

CATEGORIES = ["industry", "size"]
NUMBERS = ["budget", "previousPurchases", "interactions", "recency"]


def make_pipeline_for(estimator: Any) -> Pipeline:
    """What a tutorial would fit: one-hot, imputed numbers, the estimator."""
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), CATEGORIES),
        (SimpleImputer(strategy="median"), NUMBERS),
    )
    return make_pipeline(encode, estimator)


class PeerLead(BaseModel):
    """A lead of the contract."""

    id: int
    name: str
    company: str
    industry: str
    size: str
    lastContact: date  # noqa: N815 - the contract's name
    budget: float
    previousPurchases: int  # noqa: N815 - the contract's name
    interactions: int


class PeerRequest(BaseModel):
    """The contract's request."""

    leads: list[PeerLead]


def peer_frame(leads: list[dict[str, Any]]) -> pd.DataFrame:
    """The pipeline's columns."""
    frame = pd.DataFrame(leads)
    frame["recency"] = (pd.Timestamp.today() - pd.to_datetime(frame["lastContact"])).dt.days
    return frame[CATEGORIES + NUMBERS]


app = FastAPI()
pipeline: Pipeline | None = (
    joblib.load(os.environ["PEER_PIPELINE"]) if "PEER_PIPELINE" in os.environ else None
)
# Fixed parts of the contract's answer, ready at start as a careful author would have them.
FIXED: dict[str, Any] = {
    "featureImportance": [{"name": name, "value": 1 / 6} for name in CATEGORIES + NUMBERS],
    "modelMetrics": {"accuracy": 0.85, "precision": 0.83, "recall": 0.79, "f1Score": 0.81},
    "clusterAnalysis": [{"x": 35, "y": 28, "z": 20, "name": "Low Value, High Volume"}] * 3,
}


@app.post("/api/predict")
def predict(request: PeerRequest) -> dict[str, Any]:
    """The contract's answer."""
    if pipeline is None:
        raise RuntimeError("Set PEER_PIPELINE.")
    leads = [lead.model_dump() for lead in request.leads]
    chances = pipeline.predict_proba(peer_frame(leads))[:, 1]
    echoed = ("id", "name", "company", "industry", "size", "lastContact")
    predictions = [
        {
            **{field: lead[field] for field in echoed},
            "conversionProbability": float(chance),
            "score": round(100 * float(chance)),
        }
        for lead, chance in zip(leads, chances, strict=True)
    ]
    return {"predictions": predictions, **FIXED}
