"""The end of training: open the newest slice once, judge, and fit again what will serve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.errors import TooFewExamples
from scoring.ml.examples import Examples
from scoring.ml.judging.curves import draw
from scoring.ml.judging.dependence import partial_dependence
from scoring.ml.judging.gate import GateDecision, Rival, decide
from scoring.ml.judging.groups import grouping_columns, judge_groups
from scoring.ml.judging.importance import field_importance
from scoring.ml.judging.judged import Judged
from scoring.ml.judging.metrics import best_threshold, measure
from scoring.ml.model_types import BLEND
from scoring.ml.segments import find_segments
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.runtime import Scorer
from scoring.ml.splitting.splits import Split
from scoring.ml.training.backtest import Candidate
from scoring.ml.training.baseline import base_rate_model
from scoring.ml.training.blended import BlendEstimator
from scoring.ml.training.blending import find_again
from scoring.ml.training.calibrating import fit_calibration
from scoring.ml.training.conversion import engine_of
from scoring.ml.training.encoded import EncodedFold
from scoring.ml.training.families import fit_estimator, raw_probabilities
from scoring.ml.training.hindsight import all_evidence, judge, with_newest
from scoring.ml.training.results import ChampionRecipe, TrainedModel

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Workshop:
    """What all models of one training share.

    folds: the backtest. newest: the newest slice with all that may teach before it.
    encoder: fitted on all rows, with `X` what it made of them.
    fitted: estimators of single types that have learned from all rows, by type.
    """

    examples: Examples
    split: Split
    folds: Sequence[EncodedFold]
    newest: EncodedFold
    encoder: LeadEncoder
    X: Matrix
    seed: int
    tell: Callable[[str, float], None]
    fitted: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """A candidate fitted on the older rows, calibrated by its backtest, on the newest slice."""

    judged: Judged
    raw: Array
    estimator: Any
    calibration: Calibration


def finish_models(
    workshop: Workshop,
    candidates: Sequence[Candidate],
    finalist: Candidate,
    champion: ChampionRecipe | None,
) -> tuple[list[TrainedModel], TrainedModel, GateDecision]:
    """A model of each candidate, fitted on all rows; the base rate; may the finalist take over?"""
    workshop.tell("Opening the newest slice for the finalist", 0.8)
    trial = open_newest(workshop, finalist)
    rival = None if champion is None else _rival(workshop, finalist, trial, champion)
    where = "the newest slice" if workshop.split.by_time else "the held-out leads"
    gate = decide(trial.judged, rival, where=where, seed=workshop.seed)
    segments = [each.to_json() for each in find_segments(workshop.examples, seed=workshop.seed)]
    base = base_rate_model(
        workshop.examples,
        trial.judged,
        segments,
        measured_on=_slice_name(workshop),
        seed=workshop.seed,
    )
    models = []
    for number, candidate in enumerate(candidates):
        share = 0.85 + 0.15 * number / len(candidates)
        workshop.tell(f"Fitting {candidate.model_type} on all rows", share)
        is_finalist = candidate is finalist
        models.append(_finish(workshop, candidate, trial if is_finalist else None, segments))
    return models, base, gate


def open_newest(workshop: Workshop, candidate: Candidate) -> Trial:
    """Judge a candidate on the newest slice: once, for the finalist or the champion's recipe."""
    newest = workshop.newest
    estimator = newest.fit(candidate.model_type, candidate.settings, workshop.seed)
    raw = raw_probabilities(estimator, newest.X_judge)
    calibration, threshold = _from_backtest(workshop, candidate)
    judged = judge(newest, calibration.apply(raw), threshold)
    return Trial(judged, raw, estimator, calibration)


def _from_backtest(workshop: Workshop, candidate: Candidate) -> tuple[Calibration, float]:
    """The map that all backtest predictions give, and the threshold that does best on them."""
    said = all_evidence(workshop.folds, candidate.raw)
    calibration = fit_calibration(candidate.kind, said)
    return calibration, best_threshold(calibration.apply(said.raw), said.label, said.weight)


def _rival(
    workshop: Workshop, finalist: Candidate, trial: Trial, champion: ChampionRecipe
) -> Rival:
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


def _finish(
    workshop: Workshop, candidate: Candidate, trial: Trial | None, segments: list[dict[str, Any]]
) -> TrainedModel:
    seed, examples = workshop.seed, workshop.examples
    fitted = _fit_on_all(workshop, candidate)
    said = all_evidence(workshop.folds, candidate.raw)
    if trial is not None:
        newest = workshop.newest.evidence(trial.raw)
        said = with_newest(said, newest, by_time=workshop.split.by_time)
    calibration = fit_calibration(candidate.kind, said)
    scorer = Scorer(
        model_type=candidate.model_type,
        encoder=workshop.encoder,
        engine=engine_of(fitted, workshop.X),
        calibration=calibration,
    )
    judged = candidate.judged if trial is None else trial.judged
    metrics = _measure(workshop, candidate, judged, is_finalist=trial is not None)
    backtest = metrics
    if trial is not None:
        backtest = _measure(workshop, candidate, candidate.judged, is_finalist=False)
    importance = _importance(workshop, candidate, trial)
    return TrainedModel(
        model_type=candidate.model_type,
        recipe=dict(candidate.settings),
        scorer=scorer,
        metrics=metrics,
        backtest=backtest,
        curves=draw(judged),
        importance=importance,
        dependence=partial_dependence(
            lambda X: calibration.apply(raw_probabilities(fitted, X)),
            workshop.encoder,
            examples,
            [field["name"] for field in importance],
            seed=seed,
        ),
        groups=_groups(workshop, judged, is_finalist=trial is not None),
        segments=segments,
        beats_base_rate=metrics["logLossGain"]["low"] > 0,
    )


def _fit_on_all(workshop: Workshop, candidate: Candidate) -> Any:
    """The estimator, having learned from all rows; a blend takes what its members learned."""
    if candidate.model_type == BLEND:
        members = candidate.settings["members"]
        return BlendEstimator(
            candidate.settings, [workshop.fitted[each["model_type"]] for each in members]
        )
    rows = workshop.examples
    workshop.fitted[candidate.model_type] = fit_estimator(
        candidate.model_type,
        candidate.settings,
        workshop.X,
        rows.label,
        rows.weight,
        seed=workshop.seed,
    )
    return workshop.fitted[candidate.model_type]


def _measure(
    workshop: Workshop, candidate: Candidate, judged: Judged, *, is_finalist: bool
) -> dict[str, Any]:
    metrics = measure(
        judged,
        threshold=_from_backtest(workshop, candidate)[1],
        measured_on=_slice_name(workshop) if is_finalist else "backtest",
        seed=workshop.seed,
    )
    if metrics["logLoss"]["value"] is None:
        raise TooFewExamples(f"The figures of {candidate.model_type} are not finite numbers.")
    return metrics


def _slice_name(workshop: Workshop) -> str:
    return "newest slice" if workshop.split.by_time else "held-out groups"


def _importance(
    workshop: Workshop, candidate: Candidate, trial: Trial | None
) -> list[dict[str, Any]]:
    fold = workshop.folds[-1] if trial is None else workshop.newest
    estimator = candidate.last if trial is None else trial.estimator
    calibration = _from_backtest(workshop, candidate)[0]
    return field_importance(
        lambda X: calibration.apply(raw_probabilities(estimator, X)),
        fold.fields,
        fold.X_judge,
        fold.judge,
        seed=workshop.seed,
    )


def _groups(workshop: Workshop, judged: Judged, *, is_finalist: bool) -> list[dict[str, Any]]:
    folds = [workshop.newest] if is_finalist else workshop.folds
    columns = grouping_columns(list(workshop.examples.features.columns))
    frame = pd.concat([fold.judge.features[columns] for fold in folds], ignore_index=True)
    return judge_groups(judged, frame, workshop.encoder.placeholders)
