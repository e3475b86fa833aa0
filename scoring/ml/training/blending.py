"""The weighted mean of calibrated types as one more candidate; its weights from the backtest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.model_types import BLEND, Settings
from scoring.ml.serving.calibration import Calibration
from scoring.ml.training.backtest import Candidate, find_candidate, served_loss
from scoring.ml.training.blended import BlendEstimator
from scoring.ml.training.calibrating import fit_calibration
from scoring.ml.training.encoded import EncodedFold
from scoring.ml.training.families import is_known
from scoring.ml.training.hindsight import all_evidence, as_served, best_kind

Array = npt.NDArray[np.float64]

# Those whose reasons are exact and quick, so that the blend's are too.
MEMBERS = ("logistic-regression", "random-forest", "gradient-boosting")
# As many leads as speak for equal weights against those of the backtest.
PRIOR_LEADS = 10.0
# Less is not worth a model more to store, to run and to explain.
LEAST_WEIGHT = 0.1
# Where members say much the same, each step is small.
STEPS, CLOSE = 1000, 1e-5


def blend_candidate(
    candidates: Sequence[Candidate], folds: Sequence[EncodedFold]
) -> Candidate | None:
    """The blend of those that may be members; None if it comes to one of them."""
    members = [each for each in candidates if each.model_type in MEMBERS]
    if len(members) < 2:
        return None
    weights = fit_weights(members)
    kept = [
        (member, weight)
        for member, weight in zip(members, weights.tolist(), strict=True)
        if weight >= LEAST_WEIGHT
    ]
    if len(kept) < 2:
        return None
    total = sum(weight for _, weight in kept)
    return _blend_of([(member, weight / total) for member, weight in kept], folds)


def fit_weights(members: Sequence[Candidate]) -> Array:
    """Weights (m,) that maximise the likelihood of the backtest as it was served, sum 1.

    A blend is a mixture, so expectation maximisation finds them (Dempster, Laird, Rubin 1977),
    here under a Dirichlet prior that pulls to equal weights.
    """
    rows = members[0].judged
    said = np.column_stack([each.judged.probability for each in members])
    likelihood = np.where(rows.label[:, np.newaxis] == 1, said, 1 - said)
    weights = np.full(len(members), 1 / len(members))
    for _ in range(STEPS):
        share = likelihood * weights
        share /= share.sum(axis=1, keepdims=True)
        leads = rows.weight @ share + PRIOR_LEADS / len(members)
        before, weights = weights, leads / leads.sum()
        if np.abs(weights - before).max() < CLOSE:
            break
    return weights


def takes_over(blend: Candidate | None, simplest: Candidate) -> bool:
    """Whether a blend is to be preferred to the type that would be chosen without it.

    One standard error is no bar here: types are rivals of which one may be right, but a blend
    hedges. Its log loss is never above the mean of its members' (the loss is convex), so what
    looks like chance between two types speaks for their mean, not for the simpler one.
    """
    return blend is not None and served_loss(blend) < served_loss(simplest)


def find_again(
    model_type: str, settings: Settings, folds: Sequence[EncodedFold], *, seed: int
) -> Candidate | None:
    """A recipe of an earlier training on these folds; None if it is none that can be fitted."""
    if model_type != BLEND:
        if not is_known(model_type, settings):
            return None
        return find_candidate(model_type, folds, seed=seed, settings=[settings])
    found = []
    for member in settings.get("members", ()):
        again = find_again(member["model_type"], member["settings"], folds, seed=seed)
        if again is None:
            return None
        found.append((again, float(member["weight"])))
    return _blend_of(found, folds) if found else None


def _blend_of(
    members: Sequence[tuple[Candidate, float]], folds: Sequence[EncodedFold]
) -> Candidate:
    sizes = [len(fold.judge) for fold in folds]
    said = sum(weight * member.judged.probability for member, weight in members)
    raw = tuple(np.split(np.asarray(said), np.cumsum(sizes)[:-1]))
    kind = best_kind(folds, raw)
    settings = {"members": [_recipe(member, weight, folds) for member, weight in members]}
    last = BlendEstimator(settings, [member.last for member, _ in members])
    return Candidate(BLEND, settings, raw, kind, as_served(folds, raw, kind), last)


def _recipe(member: Candidate, weight: float, folds: Sequence[EncodedFold]) -> Mapping[str, Any]:
    calibration: Calibration = fit_calibration(member.kind, all_evidence(folds, member.raw))
    return {
        "model_type": member.model_type,
        "weight": weight,
        "settings": dict(member.settings),
        "calibration": calibration.to_dict(),
    }
