"""Is there enough new to learn from to train again?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from django.utils import timezone

from crm.days import today as local_today
from crm.models import Lead, LeadQuerySet, Outcome
from leadscoring.plurals import count_of
from scoring.ml.model_types import STAND_INS
from scoring.models import ModelVersion
from scoring.outcome_window import window_in_use

LEAST_NEW = 20
LEAST_SHARE = 0.05


@dataclass(frozen=True)
class Due:
    """Whether to train again, and a sentence on why."""

    due: bool
    reason: str


def retrain_is_due(*, today: date | None = None) -> Due:
    """Whether enough new leads can be judged since the latest version was trained.

    Enough is 20, and 5 % of the leads that it learned from; one is enough while there is but a
    scorecard that outcomes correct. A lead can newly be judged when its outcome was recorded
    since, or when its window has closed since. A scorecard that learned nothing does not count.
    """
    taught = ModelVersion.objects.exclude(model_type__in=STAND_INS, row_counts={})
    latest = taught.order_by("-number").first()
    if latest is None:
        return Due(True, "No model has been trained yet.")
    window_days = window_in_use()
    if latest.outcome_window_days != window_days:
        return Due(
            True,
            f"The outcome window is {window_days} days now; version {latest.number} learned "
            f"with {latest.outcome_window_days}.",
        )
    outcomes = Outcome.objects.decided().filter(recorded_at__gt=latest.created_at).count()
    only_stand_ins = not ModelVersion.objects.exclude(model_type__in=STAND_INS).exists()
    leads = Lead.objects.exclude(outcome__result=Outcome.Result.DISQUALIFIED)
    closed = _closed_since(
        latest,
        leads if only_stand_ins else Lead.objects.open(),
        today or local_today(),
        timedelta(days=window_days),
    )
    share = LEAST_SHARE * latest.row_counts.get("leadsUsed", 0)
    needed = 1 if only_stand_ins else max(LEAST_NEW, ceil(share))
    return Due(
        outcomes + closed >= needed,
        f"New since version {latest.number}: {count_of(outcomes, 'outcome')}, and "
        f"{count_of(closed, 'lead')} whose window has passed. It takes {needed:,} of both to "
        "train again.",
    )


def _closed_since(latest: ModelVersion, leads: LeadQuerySet, today: date, window: timedelta) -> int:
    trained_on = timezone.localdate(latest.created_at)
    return (
        leads.confirmed()
        .filter(seen_on__gt=trained_on - window, seen_on__lte=today - window)
        .count()
    )
