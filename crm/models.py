"""What happened in the business: leads, and what became of them. Every change is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from crm.days import day_end, today

MAX_BUDGET = Decimal(10) ** 12
MAX_COUNT = 10**6
EXTERNAL_ID_LENGTH = 200
TEXT_LENGTH = 200


def not_after_tomorrow(day: date) -> None:
    """A day may lie ahead by one at most: somewhere it is tomorrow already."""
    # No time zone is a whole day behind UTC, so that most days need no slower look at ours.
    if day > datetime.now(UTC).date() and day > today() + timedelta(days=1):
        raise ValidationError("%(day)s lies in the future.", code="future", params={"day": day})


class LeadQuerySet(models.QuerySet["Lead"]):
    """Named questions about leads."""

    def open(self) -> LeadQuerySet:
        """Leads without an outcome: those that a score can still help."""
        return self.filter(outcome=None)

    def confirmed(self) -> LeadQuerySet:
        """Leads that somebody entered or edited; not those known from a prediction alone."""
        return self.filter(confirmed=True)


class Lead(models.Model):
    """Somebody who may buy. An empty text or a null is "not known"."""

    class Source(models.TextChoices):
        ADMIN = "admin", "Admin"
        API = "api", "API"
        IMPORT = "import", "Import"
        DEMO = "demo", "Demo data"

    external_id = models.CharField("id", max_length=EXTERNAL_ID_LENGTH, unique=True)
    name = models.CharField(max_length=TEXT_LENGTH, blank=True)
    company = models.CharField(max_length=TEXT_LENGTH, blank=True)
    industry = models.CharField(max_length=TEXT_LENGTH, blank=True)
    size = models.CharField("company size", max_length=TEXT_LENGTH, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    position = models.CharField(max_length=TEXT_LENGTH, blank=True)
    last_contact = models.DateField(null=True, blank=True, validators=[not_after_tomorrow])
    budget = models.DecimalField(
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MAX_BUDGET)],
    )
    previous_purchases = models.PositiveIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MAX_COUNT)]
    )
    interactions = models.PositiveIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MAX_COUNT)]
    )
    attributes = models.JSONField(
        default=dict,
        blank=True,
        help_text="Your own columns, as a JSON object: they become features without code.",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
    )
    seen_on = models.DateField(
        "known since", null=True, blank=True, validators=[not_after_tomorrow], db_index=True
    )
    source = models.CharField(max_length=10, choices=Source, default=Source.ADMIN, editable=False)
    confirmed = models.BooleanField(
        default=True,
        editable=False,
        help_text="Off while only a prediction request has mentioned this lead.",
    )
    revision = models.PositiveIntegerField(
        default=1, editable=False, help_text="Grows with every change."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    history = HistoricalRecords(excluded_fields=["created_at", "updated_at"])
    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("import_lead", "Can import leads from a file"),
            ("export_lead", "Can export leads to a file"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget=None) | Q(budget__gte=0, budget__lte=MAX_BUDGET),
                name="lead_budget_in_range",
            ),
            models.CheckConstraint(
                condition=Q(previous_purchases=None) | Q(previous_purchases__lte=MAX_COUNT),
                name="lead_previous_purchases_in_range",
            ),
            models.CheckConstraint(
                condition=Q(interactions=None) | Q(interactions__lte=MAX_COUNT),
                name="lead_interactions_in_range",
            ),
            models.CheckConstraint(condition=~Q(external_id=""), name="lead_has_id"),
        ]

    def __str__(self) -> str:
        return self.name or self.external_id

    def as_of(self, day: date) -> Any:
        """The history row that was current at the end of `day`; None if there was none yet."""
        return self.history.filter(history_date__lt=day_end(day)).first()


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    """Named questions about outcomes."""

    def decided(self) -> OutcomeQuerySet:
        """Won or lost: those that teach. A disqualified lead never really was one."""
        return self.filter(result__in=[Outcome.Result.WON, Outcome.Result.LOST])


class Outcome(models.Model):
    """What became of a lead. One is current; every earlier one is in the history."""

    class Result(models.TextChoices):
        WON = "won", "Won"
        LOST = "lost", "Lost"
        DISQUALIFIED = "disqualified", "Disqualified (never a lead)"

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="outcome")
    result = models.CharField(max_length=12, choices=Result)
    occurred_on = models.DateField(
        null=True,
        blank=True,
        validators=[not_after_tomorrow],
        help_text="The day it was won or lost. Leave empty if nobody knows.",
    )
    value = models.DecimalField(
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MAX_BUDGET)],
    )
    source = models.CharField(
        max_length=10, choices=Lead.Source, default=Lead.Source.ADMIN, editable=False
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    recorded_at = models.DateTimeField(auto_now_add=True, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords(excluded_fields=["recorded_at", "updated_at"])
    objects = OutcomeQuerySet.as_manager()

    class Meta:
        permissions = [("export_outcome", "Can export outcomes to a file")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["won", "lost", "disqualified"]), name="outcome_known_result"
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0, value__lte=MAX_BUDGET),
                name="outcome_value_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.get_result_display()

    def clean(self) -> None:
        """An outcome cannot come before its lead."""
        seen_on = self.lead.seen_on if self.lead_id else None
        if self.occurred_on and seen_on and self.occurred_on < seen_on:
            raise ValidationError(
                {"occurred_on": f"The lead is known only since {seen_on.isoformat()}."}
            )
