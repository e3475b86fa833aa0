"""The newest slice, opened once: for the finalist and for the champion it has to stand up to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.judging.gate import Rival
from scoring.ml.judging.judged import Judged
from scoring.ml.judging.metrics import best_threshold
from scoring.ml.serving.calibration import Calibration
from scoring.ml.training.backtest import Candidate
from scoring.ml.training.blending import find_again
from scoring.ml.training.calibrating import fit_calibration
from scoring.ml.training.families import raw_probabilities
from scoring.ml.training.hindsight import all_evidence, judge
from scoring.ml.training.results import ChampionRecipe
from scoring.ml.training.workshop import Workshop

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """A candidate fitted on the older rows, calibrated by its backtest, on the newest slice."""

    judged: Judged
    raw: Array
    estimator: Any
    calibration: Calibration


def open_newest(workshop: Workshop, candidate: Candidate) -> Trial:
    """Judge a candidate on the newest slice: once, for the finalist or the champion's recipe."""
    newest = workshop.newest
    estimator = newest.fit(candidate.model_type, candidate.settings, workshop.seed)
    raw = raw_probabilities(estimator, newest.X_judge)
    calibration, cut = from_backtest(workshop, candidate)
    judged = judge(newest, calibration.apply(raw), threshold_at(cut, calibration))
    return Trial(judged, raw, estimator, calibration)


def from_backtest(workshop: Workshop, candidate: Candidate) -> tuple[Calibration, float]:
    """The map that all backtest predictions give, and the cut that does best on them.

    The cut is the raw probability from which a lead is called, so that it is the same leads
    whatever map the probabilities go through later.
    """
    said = all_evidence(workshop.folds, candidate.raw)
    calibration = fit_calibration(candidate.kind, said)
    probability = calibration.apply(said.raw)
    best = best_threshold(probability, said.label, said.weight)
    return calibration, float(said.raw[probability >= best].min())


def threshold_at(cut: float, calibration: Calibration) -> float:
    """The probability that stands for a cut behind this map."""
    return float(calibration.apply(np.array([cut]))[0])


def same_place(cut: float, before: Array, after: Array) -> float:
    """What as many of the same leads reach `after` they were learned from as reached `cut` before.

    before, after: (n,) raw probabilities by an estimator that knew none of them, and by one fitted
    again, whose level has moved with what came of them.
    """
    return float(np.quantile(after, np.mean(before < cut)))


def champion_rival(
    workshop: Workshop, finalist: Candidate, trial: Trial, champion: ChampionRecipe
) -> Rival:
    """The champion on the newest slice: itself if it has not seen it, else its recipe.

    Its recipe too if it answers another question, the chance of a win within other days.
    """
    if champion.other_window:
        asked_alike = replace(champion, trained_to=None, other_window=False)
        return replace(champion_rival(workshop, finalist, trial, asked_alike), how="other window")
    cut, newest = workshop.split.cut, workshop.newest
    if cut is not None and champion.trained_to is not None and champion.trained_to <= cut:
        features = newest.judge.features
        return Rival(champion.scorer.probabilities_of_frame(features), "artifact")
    if champion.learn_again is not None:
        again = champion.learn_again(newest.train)
        return Rival(again.probabilities_of_frame(newest.judge.features), "recipe")
    same = (champion.model_type, dict(champion.recipe))
    if same == (finalist.model_type, dict(finalist.settings)):
        return Rival(trial.judged.probability, "recipe")
    stand_in = find_again(champion.model_type, champion.recipe, workshop.folds, seed=workshop.seed)
    if stand_in is None:
        said = champion.scorer.probabilities_of_frame(newest.judge.features)
        return Rival(said, "artifact that saw them")
    return Rival(open_newest(workshop, stand_in).judged.probability, "recipe")
