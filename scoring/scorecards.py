"""From the scorecard that counts to a model version; the first one makes itself when first needed.

A fresh installation answers: whoever first asks for the champion where there is none gets the
scorecard, and if that is switched off the rate that the team expects.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from crm.placeholders import PLACEHOLDERS
from scoring.learned import learned_json
from scoring.ml.encoding.conditions import AT_LEAST, BETWEEN, NUMERIC, WITHIN_DAYS, WORDY, Condition
from scoring.ml.scorecard.card import Card, Rule, card_scorer
from scoring.ml.scorecard.correcting import Corrected, Learned
from scoring.ml.scorecard.default import DEFAULT_CARD
from scoring.ml.serving import artifact
from scoring.models import ModelArtifact, ModelVersion, Promotion, Scorecard, ScorecardRule
from scoring.outcome_window import window_in_use

NOT_GATED = (
    "Not put to the gate: it answers until a model that learned everything from outcomes passes it."
)
FIRST_REASON = "The scorecard answers from the first lead on."


def current_scorecard() -> Scorecard | None:
    """The newest scorecard; None before the first was needed."""
    return Scorecard.objects.order_by("pk").last()


def card_of(scorecard: Scorecard) -> Card:
    """What the scoring knows it by; without its rules where it is switched off."""
    return make_card(scorecard, list(scorecard.rules.all()))


def make_card(scorecard: Scorecard, rules: list[ScorecardRule]) -> Card:
    """The same for rules that are not stored. Raises ValidationError for what cannot hold."""
    used = rules if scorecard.enabled else []
    return Card(
        rules=tuple(Rule(each.column, each.condition(), each.points) for each in used),
        expected_rate=scorecard.expected_percent / 100,
        average_points=scorecard.average_points,
        points_to_double=scorecard.points_to_double,
        certainty=scorecard.certainty,
    )


def plain(card: Card) -> Corrected:
    """A card as it stands, before any outcome."""
    return Corrected(card_scorer(card, placeholders=PLACEHOLDERS), Learned(0.0, 0, 0))


def next_number() -> int:
    """The number of the next version, for whoever holds the transaction open until it is stored."""
    list(ModelVersion.objects.select_for_update(no_key=True).order_by("number").values("number"))
    return int(ModelVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def card_version_create(
    card: Card,
    corrected: Corrected,
    *,
    metrics: dict[str, Any] | None = None,
    report: dict[str, Any] | None = None,
    **fields: Any,
) -> ModelVersion:
    """A version that answers by this card. To be called in a transaction."""
    version = ModelVersion.objects.create(
        **{
            "number": next_number(),
            "model_type": card.model_type,
            "outcome_window_days": window_in_use(),
            "recipe": card.to_json(),
            "feature_importance": card.importance(),
            "library_versions": artifact.library_versions(),
            **fields,
            "metrics": {"expectedRate": card.expected_rate, **(metrics or {})},
            "report": {
                "learned": learned_json(corrected.learned),
                "gate": {"promote": False, "reason": NOT_GATED},
                **(report or {}),
            },
        }
    )
    data = artifact.dumps(corrected.scorer)
    ModelArtifact.objects.create(version=version, data=data, sha256=artifact.sha256(data))
    return version


def first_champion() -> ModelVersion:
    """The scorecard, made the champion; or whoever became it while we tried."""
    try:
        with transaction.atomic():
            return ModelVersion.objects.champion() or _first_champion()
    except IntegrityError:
        # Another process was faster. There can be only one champion, so it has made it.
        champion = ModelVersion.objects.champion()
        if champion is None:
            raise
        return champion


def scorecard_in_use() -> Scorecard:
    """The newest scorecard; that of a fresh installation is made here."""
    return current_scorecard() or _store_default()


def _first_champion() -> ModelVersion:
    scorecard = scorecard_in_use()
    card = card_of(scorecard)
    now = timezone.now()
    version = card_version_create(
        card, plain(card), is_champion=True, promoted_at=now, promotion_reason=FIRST_REASON
    )
    Promotion.objects.create(version=version, promoted_at=now, reason=FIRST_REASON)
    if scorecard.version_id is None:
        Scorecard.objects.filter(pk=scorecard.pk).update(version=version)
    return version


def default_scorecard() -> Scorecard:
    """The scorecard of a fresh installation, not stored."""
    return Scorecard(
        expected_percent=100 * DEFAULT_CARD.expected_rate,
        average_points=DEFAULT_CARD.average_points,
        points_to_double=DEFAULT_CARD.points_to_double,
        certainty=DEFAULT_CARD.certainty,
        changes=["The scorecard of a fresh installation."],
    )


def _store_default() -> Scorecard:
    scorecard = default_scorecard()
    scorecard.save()
    ScorecardRule.objects.bulk_create(default_rules(scorecard))
    return scorecard


def default_rules(scorecard: Scorecard) -> list[ScorecardRule]:
    """The rules of a fresh installation, not stored."""
    return [
        ScorecardRule(
            scorecard=scorecard,
            column=rule.column,
            kind=rule.condition.kind,
            value=_written(rule.condition),
            points=rule.points,
        )
        for rule in DEFAULT_CARD.rules
    ]


def _written(condition: Condition) -> str:
    """A condition's value as a person would type it."""
    if condition.kind in WORDY:
        return ", ".join(condition.words)
    if condition.kind == BETWEEN:
        return f"{condition.low:,.10g} to {condition.high:,.10g}"
    if condition.kind in (*NUMERIC, WITHIN_DAYS):
        return f"{condition.low if condition.kind == AT_LEAST else condition.high:,.10g}"
    return ""
