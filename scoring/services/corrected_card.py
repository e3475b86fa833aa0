"""The scorecard after the outcomes so far: corrected, judged where it can be, and registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.days import today as local_today
from crm.placeholders import PLACEHOLDERS
from scoring import registry
from scoring.dataset import Dataset, training_examples
from scoring.errors import NotEnoughData
from scoring.learned import LearnedShare, learned_of
from scoring.locks import retrain_lock
from scoring.ml.certainty.outlooks import OutlookMaker
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.judging.curves import draw
from scoring.ml.judging.judged_rows import JudgedRows
from scoring.ml.judging.metrics import measure
from scoring.ml.model_types import SCORECARD, STAND_INS
from scoring.ml.scorecard.card import Card
from scoring.ml.scorecard.correcting import Corrected, correct_card
from scoring.ml.scorecard.judging import judge_card
from scoring.ml.segments import find_segments
from scoring.models import ModelVersion
from scoring.outcome_window import window_in_use
from scoring.scorecards import card_of, card_version_create, first_champion, scorecard_in_use
from scoring.services.promote import Promoted, version_promote
from scoring.services.retrained import row_counts, training_span

JUDGED = (
    "Each lead was judged by what was known before its day: by the scorecard, corrected by the "
    "outcomes that had come by then."
)
NOT_JUDGED = "Too few outcomes to judge by: no figures are given."


@dataclass(frozen=True)
class ToldCard:
    """A corrected card that can tell more than probabilities.

    outlook: as `OutlookMaker` reports on it. judged: leads that it was judged by; None if too few.
    """

    card: Card
    corrected: Corrected
    outlook: dict[str, Any]
    judged: JudgedRows | None


@dataclass(frozen=True)
class CardModel:
    """A corrected card with its figures; no figures ({}) where there is too little to judge by."""

    told: ToldCard
    metrics: dict[str, Any]
    curves: dict[str, Any]
    segments: list[dict[str, Any]]


@dataclass(frozen=True)
class CardRetrained:
    """What came of learning from too little for models: `why`, and who answers now."""

    why: str
    version: ModelVersion
    learned: LearnedShare
    promoted: Promoted | None
    dataset: Dataset
    window_days: int


def card_tell(*, card: Card, dataset: Dataset, window_days: int, seed: int = 0) -> ToldCard:
    """Correct a card by all rows, judge it as of each row's own day, and say how sure it is."""
    examples = dataset.examples
    corrected = correct_card(card, examples, placeholders=PLACEHOLDERS)
    judged = judge_card(card, examples, placeholders=PLACEHOLDERS, seed=seed)
    encoder = corrected.scorer.encoder
    if not card.rules:
        # It uses no field, so leads are compared by all of them.
        encoder = LeadEncoder(placeholders=PLACEHOLDERS).fit(examples)
    maker = OutlookMaker(examples, dataset.followups, window_days)
    told = maker.tell(corrected.scorer, judged, encoder)
    return ToldCard(card, replace(corrected, scorer=told.scorer), told.report, judged)


def card_model(*, card: Card, dataset: Dataset, window_days: int, seed: int = 0) -> CardModel:
    """The corrected card with its figures."""
    told = card_tell(card=card, dataset=dataset, window_days=window_days, seed=seed)
    metrics, curves, examples = {}, {}, dataset.examples
    if told.judged is not None:
        judged = told.judged.judged
        share = float(examples.weight @ examples.label / examples.weight.sum())
        metrics = measure(judged, threshold=share, measured_on="backtest", seed=seed)
        curves = draw(judged)
    segments = [each.to_json() for each in find_segments(examples, seed=seed)]
    return CardModel(told, metrics, curves, segments)


def card_model_store(
    model: CardModel, *, dataset: Dataset, window_days: int, started: datetime
) -> ModelVersion:
    """A version of it. To be called in a transaction."""
    first, last = training_span(dataset.examples)
    reason = JUDGED if model.metrics else NOT_JUDGED
    return card_version_create(
        model.told.card,
        model.told.corrected,
        report={
            "split": {"reason": reason, "by_time": True, "rows": {}},
            "outlook": model.told.outlook,
        },
        created_at=started,
        outcome_window_days=window_days,
        training_from=first,
        training_to=last,
        row_counts=row_counts(dataset),
        metrics=model.metrics,
        curves=model.curves,
        segments=model.segments,
    )


def scorecard_correct(
    *,
    why: str,
    promote: bool = True,
    seed: int = 0,
    today: date | None = None,
    registered: Callable[[list[ModelVersion]], None] | None = None,
) -> CardRetrained:
    """Let the outcomes so far correct the scorecard, where they are too few for anything else.

    why: that they are too few, in a sentence. `registered` gets the version within its
    transaction, which it takes back by raising.

    Raises RetrainRunning; NotEnoughData if there is no outcome at all, or if a model that learned
    everything from outcomes is the champion: the card would be a step back.
    """
    with retrain_lock():
        started, window_days = timezone.now(), window_in_use()
        champion = ModelVersion.objects.champion() or first_champion()
        if champion.model_type not in STAND_INS:
            raise NotEnoughData(why)
        dataset = training_examples(today or local_today(), window_days)
        if not len(dataset.examples):
            raise NotEnoughData(f"{why} Until then version {champion} answers.")
        card = card_of(scorecard_in_use())
        model = card_model(card=card, dataset=dataset, window_days=window_days, seed=seed)
        with transaction.atomic():
            version = card_model_store(
                model, dataset=dataset, window_days=window_days, started=started
            )
            learned = learned_of(version)
            transaction.on_commit(registry.forget_choices)
            promoted = None
            if promote:
                promoted = version_promote(number=version.number, reason=_reason(card, learned))
            if registered:
                registered([version])
    return CardRetrained(why, version, learned, promoted, dataset, window_days)


def _reason(card: Card, learned: LearnedShare) -> str:
    what = "The scorecard" if card.model_type == SCORECARD else "The expected conversion rate"
    return f"{what} was corrected by the outcomes so far. {learned.text}"
