"""No model: every lead gets the share won so far. It answers while nothing surely beats it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.judging.curves import draw
from scoring.ml.judging.judged import Judged
from scoring.ml.judging.metrics import measure
from scoring.ml.model_types import BASE_RATE
from scoring.ml.serving.calibration import Calibration, log_odds
from scoring.ml.serving.engines import LinearEngine
from scoring.ml.serving.runtime import Scorer
from scoring.ml.training.results import TrainedModel


def base_rate_model(
    examples: Examples,
    judged: Judged,
    segments: list[dict[str, Any]],
    *,
    share: float | None,
    measured_on: str,
    seed: int,
) -> TrainedModel:
    """The share won among all rows, with the figures of naming it on the finalist's `judged` rows.

    share: what to name in its place, where leads are won more or less often by now.
    Naming everybody a winner is what maximises its F1, so that is its yes/no answer.
    """
    if share is None:
        share = float(np.average(examples.label, weights=examples.weight))
    constant = replace(
        judged, probability=judged.base, chosen=np.ones(len(judged.label), dtype=bool)
    )
    return TrainedModel(
        model_type=BASE_RATE,
        recipe={},
        scorer=_constant(share),
        metrics=measure(constant, threshold=share, measured_on=measured_on, seed=seed),
        backtest={},
        curves=draw(constant),
        importance=[],
        dependence=[],
        groups=[],
        segments=segments,
        beats_base_rate=False,
    )


def _constant(probability: float) -> Scorer:
    """A linear model of no columns: its bias is all it says."""
    nothing = np.empty(0)
    bias = log_odds(np.array([probability]))
    engine = LinearEngine(fill=nothing, mean=nothing, scale=nothing, weights=nothing, bias=bias)
    encoder = LeadEncoder.from_dict(
        {"placeholders": [], "drop": [], "dropped": {}, "twins": {}, "columns": []}
    )
    return Scorer(BASE_RATE, encoder, engine, Calibration())
