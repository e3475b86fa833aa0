"""Predict requests per second against the honest peer, the same model type on both sides.

Ours checks the key, counts the rate, validates and stores each prediction; the peer does none.
"""

from __future__ import annotations

import json
import statistics
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from tests.benchmarks.installation import Installation, scratch_installation
from tests.benchmarks.load import measure
from tests.benchmarks.peer import make_pipeline_for, peer_frame
from tests.benchmarks.row import Row, rate_row
from tests.benchmarks.servers import our_server, peer_server

ROUNDS = 3
SECONDS = 3.0
INDUSTRIES = ["Technology", "Retail", "Healthcare", "Finance", "Manufacturing"]
ESTIMATORS = {
    "random-forest": RandomForestClassifier(300, random_state=0),
    "gradient-boosting": HistGradientBoostingClassifier(random_state=0),
}


def make_leads(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """`count` leads with every field of the contract."""
    rng = np.random.default_rng(seed)
    return [
        {
            "id": number,
            "name": f"Person {number}",
            "company": f"Company {rng.integers(500)}",
            "industry": str(rng.choice(INDUSTRIES)),
            "size": str(rng.choice(["small", "medium", "large"])),
            "lastContact": date.today().isoformat(),
            "budget": int(rng.integers(1_000, 100_000)),
            "previousPurchases": int(rng.integers(0, 5)),
            "interactions": int(rng.integers(0, 30)),
        }
        for number in range(1, count + 1)
    ]


def fit_peer(model_type: str, folder: Path) -> Path:
    """The peer's pipeline on 4,000 made leads whose label follows interactions and budget."""
    leads = make_leads(4_000, seed=1)
    frame = peer_frame(leads)
    signal = frame["interactions"] / 10 + frame["budget"] / 50_000 - 3
    labels = np.random.default_rng(2).random(len(frame)) < 1 / (1 + np.exp(-signal))
    path = folder / f"{model_type}.joblib"
    joblib.dump(make_pipeline_for(ESTIMATORS[model_type]).fit(frame, labels), path)
    return path


def trained(installation: Installation, model_type: str) -> None:
    """Demo leads and one model of this type in the installation."""
    installation.manage("seed_demo")
    installation.manage("retrain", "--model-type", model_type)


def predict_vs_peer(name: str, *, leads: int, model_type: str) -> Row:
    """Both servers warm and in turn, medians of the rounds, one connection."""
    with scratch_installation() as installation:
        trained(installation, model_type)
        request: dict[str, Any] = {"leads": make_leads(leads)}
        theirs = json.dumps(request).encode()
        body = json.dumps({**request, "modelType": model_type}).encode()
        key = {"Authorization": f"Api-Key {installation.create_key()}"}
        with (
            our_server(installation.environment) as our_port,
            peer_server(fit_peer(model_type, installation.folder)) as peer_port,
        ):
            sides: dict[str, list[float]] = {"ours": [], "other": []}
            for round_number in range(ROUNDS + 1):
                seconds = SECONDS if round_number else 1.0
                rates = {
                    "ours": measure(our_port, "/api/predict", body, key, seconds=seconds),
                    "other": measure(peer_port, "/api/predict", theirs, {}, seconds=seconds),
                }
                if round_number:
                    for side, rate in rates.items():
                        sides[side].append(rate.per_second)
    medians = {side: statistics.median(rates) for side, rates in sides.items()}
    return rate_row(name, medians["ours"], medians["other"], "requests/s")


BENCHMARKS = {
    "predict-1-vs-peer": partial(predict_vs_peer, leads=1, model_type="random-forest"),
    "predict-100-vs-peer": partial(predict_vs_peer, leads=100, model_type="random-forest"),
    "predict-1000-forest-vs-peer": partial(predict_vs_peer, leads=1000, model_type="random-forest"),
    "predict-1-boosting-vs-peer": partial(predict_vs_peer, leads=1, model_type="gradient-boosting"),
    "predict-1000-vs-peer": partial(predict_vs_peer, leads=1000, model_type="gradient-boosting"),
}
