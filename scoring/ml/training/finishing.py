"""The end of training: open the newest slice once, judge, and fit again what will serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from scoring.ml.errors import TooFewExamples
from scoring.ml.judging.curves import draw
from scoring.ml.judging.dependence import partial_dependence
from scoring.ml.judging.gate import GateDecision, decide
from scoring.ml.judging.groups import grouping_columns, judge_groups
from scoring.ml.judging.importance import field_importance
from scoring.ml.judging.judged import Judged, together
from scoring.ml.judging.judged_rows import JudgedRows
from scoring.ml.judging.metrics import measure
from scoring.ml.segments import find_segments
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.runtime import Scorer
from scoring.ml.training.backtest import Candidate
from scoring.ml.training.baseline import base_rate_model
from scoring.ml.training.calibrating import fit_calibration
from scoring.ml.training.conversion import engine_of
from scoring.ml.training.families import raw_probabilities
from scoring.ml.training.hindsight import all_evidence, with_newest
from scoring.ml.training.level import Level
from scoring.ml.training.results import ChampionRecipe, TrainedModel
from scoring.ml.training.trial import (
    Trial,
    champion_rival,
    from_backtest,
    open_newest,
    same_place,
    threshold_at,
)
from scoring.ml.training.workshop import Workshop


@dataclass(frozen=True)
class Finished:
    """A model of each candidate, fitted on all rows; the base rate; may the finalist take over?

    news: that leads are won more or less often lately, if so, in a sentence.
    """

    models: list[TrainedModel]
    base: TrainedModel
    gate: GateDecision
    news: list[str]


def finish_models(
    workshop: Workshop,
    candidates: Sequence[Candidate],
    finalist: Candidate,
    champion: ChampionRecipe | None,
) -> Finished:
    """Judge the finalist on the newest slice, and fit every candidate again on all rows."""
    workshop.tell("Opening the newest slice for the finalist", 0.8)
    trial = open_newest(workshop, finalist)
    rival = None if champion is None else champion_rival(workshop, finalist, trial, champion)
    where = "the newest slice" if workshop.split.by_time else "the held-out leads"
    gate = decide(trial.judged, rival, backtest=finalist.judged, where=where, seed=workshop.seed)
    level = Level.found(workshop, trial)
    segments = [each.to_json() for each in find_segments(workshop.examples, seed=workshop.seed)]
    base = base_rate_model(
        workshop.examples,
        trial.judged,
        segments,
        share=level.share,
        measured_on=workshop.slice_name,
        seed=workshop.seed,
    )
    models = []
    for number, candidate in enumerate(candidates):
        share = 0.85 + 0.15 * number / len(candidates)
        workshop.tell(f"Fitting {candidate.model_type} on all rows", share)
        its_trial = trial if candidate is finalist else None
        model = _finish(workshop, candidate, its_trial, level, segments)
        if its_trial is not None:
            model = replace(model, beats_base_rate=gate.beats_base_rate)
        models.append(model)
    return Finished(models, base, gate, level.news)


def _finish(
    workshop: Workshop,
    candidate: Candidate,
    trial: Trial | None,
    level: Level,
    segments: list[dict[str, Any]],
) -> TrainedModel:
    seed, examples = workshop.seed, workshop.examples
    fitted = workshop.fit_on_all(candidate)
    calibration = level.set(_calibration(workshop, candidate, trial), fitted)
    scorer = Scorer(
        model_type=candidate.model_type,
        encoder=workshop.encoder,
        engine=engine_of(fitted, workshop.X),
        calibration=calibration,
    )
    judged = candidate.judged if trial is None else trial.judged
    # As served: it moved with the map, so that it calls the leads whose figures stand beside it.
    fold, before = workshop.folds[-1], candidate.raw[-1]
    if trial is not None:
        fold, before = workshop.newest, trial.raw
    after = raw_probabilities(fitted, workshop.X[fold.fold.judge])
    cut = same_place(from_backtest(workshop, candidate)[1], before, after)
    threshold = threshold_at(cut, calibration)
    metrics = _measure(workshop, candidate, judged, threshold, is_finalist=trial is not None)
    backtest = metrics
    if trial is not None:
        backtest = _measure(workshop, candidate, candidate.judged, threshold, is_finalist=False)
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
        judged_rows=_judged_rows(workshop, candidate, trial),
    )


def _calibration(workshop: Workshop, candidate: Candidate, trial: Trial | None) -> Calibration:
    """The map from the backtest, and for the finalist from the newest slice too."""
    said = all_evidence(workshop.folds, candidate.raw)
    if trial is not None:
        newest = workshop.newest.evidence(trial.raw)
        said = with_newest(said, newest, by_time=workshop.split.by_time)
    return fit_calibration(candidate.kind, said)


def _measure(
    workshop: Workshop,
    candidate: Candidate,
    judged: Judged,
    threshold: float,
    *,
    is_finalist: bool,
) -> dict[str, Any]:
    metrics = measure(
        judged,
        threshold=threshold,
        measured_on=workshop.slice_name if is_finalist else "backtest",
        seed=workshop.seed,
    )
    if metrics["logLoss"]["value"] is None:
        raise TooFewExamples(f"The figures of {candidate.model_type} are not finite numbers.")
    return metrics


def _importance(
    workshop: Workshop, candidate: Candidate, trial: Trial | None
) -> list[dict[str, Any]]:
    fold = workshop.folds[-1] if trial is None else workshop.newest
    estimator = candidate.last if trial is None else trial.estimator
    calibration = from_backtest(workshop, candidate)[0]
    return field_importance(
        lambda X: calibration.apply(raw_probabilities(estimator, X)),
        fold.fields,
        fold.X_judge,
        fold.judge,
        seed=workshop.seed,
    )


def _judged_rows(workshop: Workshop, candidate: Candidate, trial: Trial | None) -> JudgedRows:
    """All rows that it was judged on: of the backtest, and of the newest slice if it saw that."""
    folds, judged = [*workshop.folds], [candidate.judged]
    if trial is not None:
        folds.append(workshop.newest)
        judged.append(trial.judged)
    frame = pd.concat([fold.judge.features for fold in folds], ignore_index=True)
    return JudgedRows(frame, together(judged))


def _groups(workshop: Workshop, judged: Judged, *, is_finalist: bool) -> list[dict[str, Any]]:
    folds = [workshop.newest] if is_finalist else workshop.folds
    columns = grouping_columns(list(workshop.examples.features.columns))
    frame = pd.concat([fold.judge.features[columns] for fold in folds], ignore_index=True)
    return judge_groups(judged, frame, workshop.encoder.placeholders)
