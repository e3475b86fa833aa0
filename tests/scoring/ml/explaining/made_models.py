"""Models of all types on made-up rows: five fields in eight columns, one of them ignored."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import EncodedField
from scoring.ml.model_types import BLEND, MODEL_TYPES
from scoring.ml.serving.blend import BlendEngine, Member
from scoring.ml.serving.calibration import Calibration
from scoring.ml.training.conversion import engine_of
from scoring.ml.training.families import fit_estimator

SETTINGS: dict[str, dict[str, float]] = {
    "logistic-regression": {"spread": 0.25},
    "random-forest": {"leaf": 6},
    "gradient-boosting": {"trees": 40, "leaves": 8, "leaf": 10, "l2": 5.0},
    "neural-network": {"l2": 0.1, "epochs": 20},
}
SERVED_TYPES = (*MODEL_TYPES, BLEND)
WIDTHS = {"budget": 2, "industry": 3, "interactions": 1, "last_contact": 1, "constant": 1}
COLUMNS = sum(WIDTHS.values())


def fields(widths: Mapping[str, int] | None = None) -> tuple[EncodedField, ...]:
    found, start = [], 0
    for name, width in (widths or WIDTHS).items():
        found.append(EncodedField(name, name.title(), "number", slice(start, start + width)))
        start += width
    return tuple(found)


def rows(n: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Budget with a flag for "missing", one of three industries, two numbers, a constant."""
    rng = np.random.default_rng(seed)
    X = np.zeros((n, COLUMNS), dtype=np.float32)
    X[:, 0] = np.where(rng.random(n) < 0.3, np.nan, rng.normal(size=n))
    X[:, 1] = np.isnan(X[:, 0])
    X[np.arange(n), 2 + rng.integers(0, 3, n)] = 1
    X[:, 5:7] = rng.normal(size=(n, 2))
    X[:, 7] = 1.0
    return X


@cache
def engine(model_type: str, *, n: int = 600, seed: int = 0, **settings: float) -> Any:
    """An engine that found budget, industry and interactions to matter, also together."""
    if model_type == BLEND:
        return blend_of({each: engine(each, n=n, seed=seed) for each in MODEL_TYPES})
    X = rows(n, seed)
    odds = np.nan_to_num(X[:, 0]) + X[:, 2] * 2 * X[:, 5] - 0.5 * X[:, 6] ** 2
    label = (odds + np.random.default_rng(seed + 1).normal(size=n) > 0.5).astype(np.int8)
    chosen = {**SETTINGS[model_type], **settings}
    return engine_of(fit_estimator(model_type, chosen, X, label, np.ones(n), seed=0), X)


def blend_of(engines: Mapping[str, Any]) -> BlendEngine:
    """A blend of these, each with another weight and another calibration."""
    total = len(engines) * (len(engines) + 1) / 2
    calibrations = (
        Calibration("shift", intercept=-0.3),
        Calibration("isotonic", x=(0.1, 0.4, 0.4001, 0.8), y=(0.02, 0.1, 0.5, 0.9)),
        Calibration("sigmoid", slope=0.7, intercept=0.1),
        Calibration(),
    )
    return BlendEngine(
        tuple(
            Member(name, number / total, engine, calibration)
            for number, ((name, engine), calibration) in enumerate(
                zip(engines.items(), calibrations, strict=False), start=1
            )
        )
    )
