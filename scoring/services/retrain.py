"""Learn from what became of leads: train every type, register the versions, let the gate decide."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.days import today as local_today
from crm.placeholders import PLACEHOLDERS
from leadscoring.plurals import count_of
from scoring import registry
from scoring.cluster.spread import fits_spread
from scoring.dataset import Dataset, training_examples
from scoring.errors import ModelUnavailable, NotEnoughData
from scoring.locks import retrain_lock
from scoring.ml.certainty.outlooks import with_outlooks
from scoring.ml.errors import TooFewExamples
from scoring.ml.examples import Examples
from scoring.ml.hazard.incidence import WindowAdvice, advise_window
from scoring.ml.judging.gate import GateDecision
from scoring.ml.model_types import BASE_RATE, MODEL_TYPES, SCORECARD
from scoring.ml.scorecard.card import Card
from scoring.ml.scorecard.correcting import correct_card
from scoring.ml.serving import artifact
from scoring.ml.serving.runtime import Scorer
from scoring.ml.training.budget import default_budget
from scoring.ml.training.results import ChampionRecipe, TrainedModel, TrainingResult
from scoring.ml.training.train import train
from scoring.models import ModelArtifact, ModelVersion
from scoring.outcome_window import keep_window, window_in_use
from scoring.scorecards import card_of, current_scorecard, next_number
from scoring.services.corrected_card import CardModel, card_model, card_model_store
from scoring.services.promote import version_promote
from scoring.services.retrained import RetrainReport, row_counts, training_span

Progress = Callable[[str, float], None]


def model_retrain(
    *,
    model_types: Sequence[str] = MODEL_TYPES,
    promote: bool = True,
    keep: Collection[str] = (),
    drop: Collection[str] = (),
    window: int | None = None,
    seed: int = 0,
    budget: float | None = None,
    today: date | None = None,
    progress: Progress | None = None,
    registered: Callable[[list[ModelVersion]], None] | None = None,
) -> RetrainReport:
    """Train, register and, if the gate lets it pass, promote: all of it or nothing.

    `keep` and `drop` overrule the leak radar. `window`: days within which a win counts, for this
    training and all that follow; None: as before. `budget` is in seconds: about a minute for 50,000
    rows where none is named. `progress` gets a stage and the share done,
    `registered` the new versions within their transaction, which it takes back by raising.

    Where SCORING_CLUSTER is set, folds and forests are fitted there.

    Raises NotEnoughData, RetrainRunning, ClusterUnavailable; whatever is raised, the champion is
    as it was.
    """
    today = today or local_today()
    with retrain_lock():
        window_days = window or window_in_use()
        started = timezone.now()
        if progress:
            progress("Reading the leads' histories", 0.0)
        dataset = training_examples(today, window_days)
        dataset = replace(dataset, examples=dataset.examples.coded())
        try:
            with fits_spread():
                result = train(
                    dataset.examples,
                    window_days=window_days,
                    model_types=model_types,
                    placeholders=PLACEHOLDERS,
                    keep=keep,
                    drop=drop,
                    champion=_champion_recipe(window_days),
                    seed=seed,
                    budget=default_budget(len(dataset.examples)) if budget is None else budget,
                    progress=progress,
                )
        except TooFewExamples as error:
            raise NotEnoughData(f"{error} {_waiting(dataset)}".strip()) from error
        result = with_outlooks(result, dataset.examples, dataset.followups, window_days=window_days)
        advice = advise_window(dataset.followups.first, window_days=window_days)
        card = None
        if set(model_types) == set(MODEL_TYPES):
            card = _card_model(dataset, window_days, seed)
        chosen = _to_promote(result, card) if promote else None
        models = [*result.models, *([result.base] if chosen is result.base else [])]
        stored = [(model, artifact.dumps(model.scorer)) for model in models]
        with transaction.atomic():
            keep_window(window_days)
            versions = _register(stored, result, dataset, window_days, started, advice)
            if card is not None:
                versions.append(
                    card_model_store(
                        card, dataset=dataset, window_days=window_days, started=started
                    )
                )
            promoted = None
            if chosen is not None:
                number = versions[[*models, card].index(chosen)].number
                promoted = version_promote(number=number, reason=_reason(result, chosen))
            if registered:
                registered(versions)
        return RetrainReport(
            today=today,
            window_days=window_days,
            dataset=dataset,
            result=result,
            advice=advice,
            versions=versions,
            promoted=promoted,
            promotion_wanted=promote,
            champion=ModelVersion.objects.champion(),
        )


def _waiting(dataset: Dataset) -> str:
    if dataset.matures is None:
        return ""
    return (
        f"Not to be judged before their window has passed: "
        f"{count_of(dataset.young_rows, 'more row')}; "
        f"the first can on {dataset.matures.isoformat()}."
    )


def _card_model(dataset: Dataset, window_days: int, seed: int) -> CardModel | None:
    """The scorecard that is in use, corrected like the models by all rows."""
    scorecard = current_scorecard()
    if scorecard is None or not scorecard.enabled:
        return None
    card = card_of(scorecard)
    return card_model(card=card, dataset=dataset, window_days=window_days, seed=seed)


def _to_promote(result: TrainingResult, card: CardModel | None) -> TrainedModel | CardModel | None:
    """The finalist if it passed; else what stands in, unless a model is the champion already.

    A scorecard that is the champion goes on, corrected, while it does better than the base rate;
    without `card`, because only some types were asked for, it stays as it is.
    """
    if result.gate.promote:
        return result.finalist
    champion = ModelVersion.objects.champion()
    if champion is None or champion.model_type == BASE_RATE:
        return result.base
    if champion.model_type == SCORECARD and card is not None:
        return card if _champion_helps(result.gate) else result.base
    return None


def _champion_helps(gate: GateDecision) -> bool:
    """Whether the champion's log loss is below that of the constant training rate."""
    if gate.against_champion is None:
        return True
    return gate.gain.value + gate.against_champion.value > 0


def _reason(result: TrainingResult, chosen: TrainedModel | CardModel) -> str:
    reason = result.gate.reason
    if isinstance(chosen, CardModel):
        return f"{reason} The scorecard, corrected by the same outcomes, goes on answering."
    return reason


def _champion_recipe(window_days: int) -> ChampionRecipe | None:
    """What the finalist has to stand up to; a champion that cannot be loaded is no rival.

    Nor is the base rate: the gate asks for more than it anyway.
    """
    version = ModelVersion.objects.champion()
    if version is None or version.model_type == BASE_RATE:
        return None
    try:
        loaded = registry.load(version)
    except ModelUnavailable:
        return None
    return ChampionRecipe(
        model_type=version.model_type,
        recipe=version.recipe,
        scorer=loaded.scorer,
        trained_to=version.training_to,
        learn_again=_correct_again(version),
        other_window=version.outcome_window_days != window_days,
    )


def _correct_again(version: ModelVersion) -> Callable[[Examples], Scorer] | None:
    """How a scorecard learns from other rows; the types of models know that themselves."""
    if version.model_type != SCORECARD:
        return None
    card = Card.from_json(version.recipe)
    return lambda rows: correct_card(card, rows, placeholders=PLACEHOLDERS).scorer


def _register(
    stored: list[tuple[TrainedModel, bytes]],
    result: TrainingResult,
    dataset: Dataset,
    window_days: int,
    started: datetime,
    advice: WindowAdvice,
) -> list[ModelVersion]:
    """A version with its bytes for each model; those that beat the base rate answer their type."""
    first, last = training_span(dataset.examples)
    number = next_number() - 1
    transaction.on_commit(registry.forget_choices)
    versions = []
    for model, data in stored:
        number += 1
        if model.beats_base_rate:
            ModelVersion.objects.filter(model_type=model.model_type, is_active=True).update(
                is_active=False
            )
        version = ModelVersion.objects.create(
            number=number,
            model_type=model.model_type,
            is_active=model.beats_base_rate,
            created_at=started,
            outcome_window_days=window_days,
            training_from=first,
            training_to=last,
            row_counts=row_counts(dataset),
            recipe=model.recipe,
            metrics={**model.metrics, "beatsBaseRate": model.beats_base_rate},
            curves=model.curves,
            feature_importance=model.importance,
            segments=model.segments,
            report={**_story(result, model), "window": advice.to_json()},
            library_versions=artifact.library_versions(),
        )
        ModelArtifact.objects.create(version=version, data=data, sha256=artifact.sha256(data))
        versions.append(version)
    return versions


def _story(result: TrainingResult, model: TrainedModel) -> dict[str, Any]:
    gate = result.gate
    return {
        "finalist": model is result.finalist,
        "baseRate": result.base_rate,
        "split": result.split.to_json(),
        "leaks": [leak.to_json() for leak in result.leaks],
        "dropped": result.dropped,
        "warnings": result.warnings,
        "backtest": model.backtest,
        "dependence": model.dependence,
        "groups": model.groups,
        "outlook": model.outlook,
        "gate": {
            "promote": gate.promote,
            "reason": gate.reason,
            "gain": gate.gain.to_json(),
            "againstChampion": gate.against_champion and gate.against_champion.to_json(),
        },
    }
