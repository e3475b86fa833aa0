"""Make a saved scorecard a model version, and show beforehand what it would say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from crm.days import today
from crm.models import Lead
from crm.placeholders import PLACEHOLDERS
from scoring import registry
from scoring.dataset import features_of, training_examples
from scoring.learned import LearnedShare, learned_of
from scoring.ml.model_types import STAND_INS
from scoring.ml.schema import LeadFeatures
from scoring.ml.scorecard.card import Card, card_scorer
from scoring.models import ModelVersion, Scorecard, ScorecardRule
from scoring.outcome_window import window_in_use
from scoring.scorecards import card_of, card_version_create, make_card, plain
from scoring.services.promote import version_promote
from scoring.services.retrained import row_counts, training_span

# Up to so many leads their histories are read at once, while somebody waits for the page.
CORRECTED_AT_ONCE = 2_000
SHOWN_LEADS = 8
SETTINGS = {
    "enabled": "Use the rules",
    "expected_percent": "Expected conversion rate in %",
    "average_points": "Points of an average lead",
    "points_to_double": "Points that double the odds",
    "certainty": "How far off it may be, as a factor",
}
# So many of the newest leads tell how many points an average lead has.
AVERAGED_LEADS = 500


@dataclass(frozen=True)
class Published:
    """The version that a saved card became; `answers`: whether it is the champion now."""

    version: ModelVersion
    answers: bool
    learned: LearnedShare


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A lead, the card's points for it, and probabilities by the card and by the champion."""

    name: str
    points: float
    probability: float
    now: float


@dataclass(frozen=True)
class Preview:
    """What a card would say, before outcomes correct it.

    average: points of the `averaged` newest open leads on average; None without leads.
    """

    examples: Sequence[PreviewRow]
    leads: Sequence[PreviewRow]
    average: float | None
    averaged: int


@transaction.atomic
def scorecard_publish(*, scorecard: Scorecard, user: User | None) -> Published:
    """Make a stored card a version of its own, and the champion unless a learned model is.

    With up to 2,000 leads the outcomes so far correct it at once; with more the next retrain does.
    Raises ModelUnavailable.
    """
    before = Scorecard.objects.filter(pk__lt=scorecard.pk).order_by("pk").last()
    scorecard.changes = list(_changes(before, scorecard))
    scorecard.saved_by = user
    champion = ModelVersion.objects.champion()
    answers = champion is None or champion.model_type in STAND_INS
    version = _version(card_of(scorecard), correct=answers)
    scorecard.version = version
    scorecard.save()
    if answers:
        what = " ".join(scorecard.changes) or "Nothing was changed."
        version_promote(number=version.number, reason=f"Scorecard saved: {what}", user=user)
    return Published(version, answers, learned_of(version))


def scorecard_preview(*, scorecard: Scorecard, rules: list[ScorecardRule]) -> Preview:
    """What a card that is not saved would say of made-up and of the newest open leads.

    Raises ValidationError for a rule that cannot hold.
    """
    card = make_card(scorecard, rules)
    leads = list(Lead.objects.open().order_by("-pk")[:AVERAGED_LEADS])
    features = [features_of(lead) for lead in leads]
    points = _points(card, features)
    shown = [lead.name or lead.external_id for lead in leads[:SHOWN_LEADS]]
    return Preview(
        examples=_rows(card, list(EXAMPLES), list(EXAMPLES.values())),
        leads=_rows(card, shown, features[:SHOWN_LEADS]),
        average=sum(points) / len(points) if points else None,
        averaged=len(points),
    )


def _rows(card: Card, names: list[str], leads: list[LeadFeatures]) -> list[PreviewRow]:
    if not leads:
        return []
    days = [today()] * len(leads)
    said = card_scorer(card, placeholders=PLACEHOLDERS).probabilities(leads, days)
    now = registry.champion().scorer.probabilities(leads, days)
    return [
        PreviewRow(name, points, float(probability), float(present))
        for name, points, probability, present in zip(
            names, _points(card, leads), said, now, strict=True
        )
    ]


def _points(card: Card, leads: list[LeadFeatures]) -> list[float]:
    if not leads:
        return []
    held = card.encoder(PLACEHOLDERS).encode(leads, [today()] * len(leads))
    points: list[float] = (held @ (card.weights() / card.per_point)).tolist()
    return points


def _version(card: Card, *, correct: bool) -> ModelVersion:
    if not correct or Lead.objects.all()[CORRECTED_AT_ONCE : CORRECTED_AT_ONCE + 1].exists():
        return card_version_create(card, plain(card))
    window_days = window_in_use()
    dataset = training_examples(today(), window_days)
    if not len(dataset.examples):
        return card_version_create(card, plain(card))
    # scikit-learn comes with it, which takes a second to load and a server needs for nothing else.
    from scoring.services.corrected_card import card_tell  # noqa: PLC0415

    told = card_tell(card=card, dataset=dataset, window_days=window_days)
    first, last = training_span(dataset.examples)
    return card_version_create(
        card,
        told.corrected,
        report={"outlook": told.outlook},
        row_counts=row_counts(dataset),
        training_from=first,
        training_to=last,
    )


def _changes(before: Scorecard | None, after: Scorecard) -> list[str]:
    """What is other than before, in sentences."""
    if before is None:
        return ["The first scorecard."]
    told = []
    for name, title in SETTINGS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            told.append(f"{title}: {_said(new)}, was {_said(old)}.")
    had = [str(rule) for rule in before.rules.all()]
    has = [str(rule) for rule in after.rules.all()]
    told += [f"Added: {rule}." for rule in has if rule not in had]
    told += [f"Removed: {rule}." for rule in had if rule not in has]
    return told


def _said(value: bool | float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}"


EXAMPLES = {
    "A lead of which nothing is known": LeadFeatures(),
    "Director, 60,000 budget, 10 interactions, 1 earlier purchase": LeadFeatures(
        position="Director of Purchasing",
        email_domain="acme.example",
        budget=60_000,
        interactions=10,
        previous_purchases=1,
        industry="Technology",
        size="large",
    ),
    "Analyst, 15,000 budget, 4 interactions": LeadFeatures(
        position="Analyst",
        email_domain="acme.example",
        budget=15_000,
        interactions=4,
        previous_purchases=0,
        industry="Retail",
        size="medium",
    ),
    "Free e-mail address, no interactions": LeadFeatures(
        email_domain="gmail.com", interactions=0, previous_purchases=0, budget=500, size="small"
    ),
}
