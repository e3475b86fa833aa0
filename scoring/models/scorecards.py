"""Scorecards as people write them. Each save is a new row: what was true yesterday stays there."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from scoring.ml.encoding.conditions import (
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    CONTAINS,
    KNOWN,
    NUMERIC,
    ONE_OF,
    UNKNOWN,
    WITHIN_DAYS,
    WORDY,
    Condition,
)
from scoring.ml.schema import ATTRIBUTE_PREFIX, FIELD_NAMES
from scoring.models.versions import ModelVersion

MOST_POINTS = 1_000
TEXTS = ("company", "industry", "size", "email_domain", "position")
NUMBERS = ("budget", "previous_purchases", "interactions")
DATES = ("last_contact",)


def _within(low: float, high: float) -> list[Any]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class Scorecard(models.Model):
    """A whole scorecard with its rules, never changed. The newest one counts."""

    enabled = models.BooleanField(
        "use the rules",
        default=True,
        help_text="Off: every lead gets the expected conversion rate, corrected by outcomes.",
    )
    expected_percent = models.FloatField(
        "expected conversion rate, %",
        default=10,
        validators=_within(0.1, 99),
        help_text="Of a hundred average leads, how many you expect to win.",
    )
    average_points = models.FloatField(
        "points of an average lead",
        default=20,
        validators=_within(-MOST_POINTS, MOST_POINTS),
        help_text="A lead with so many points converts at the expected rate.",
    )
    points_to_double = models.FloatField(
        "points that double the odds",
        default=20,
        validators=_within(1, MOST_POINTS),
        help_text="The more, the less a point says.",
    )
    certainty = models.FloatField(
        "how far off it may be, as a factor",
        default=3,
        validators=_within(1.05, 100),
        help_text="3: each rule's odds are hardly off by more than a factor of three. The smaller, "
        "the more outcomes it takes to overrule the card.",
    )
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    changes = models.JSONField(
        default=list, editable=False, help_text="What is other than before, in sentences."
    )
    version = models.OneToOneField(
        ModelVersion,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="scorecard",
        help_text="The model version that this card as it stood became.",
    )

    class Meta:
        ordering = ["-id"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"Scorecard {self.pk or 'to be saved'}"


class ScorecardRule(models.Model):
    """Points for what a field is."""

    class Kind(models.TextChoices):
        ONE_OF = ONE_OF, "is one of"
        CONTAINS = CONTAINS, "contains one of"
        KNOWN = KNOWN, "is known"
        UNKNOWN = UNKNOWN, "is not known"
        AT_LEAST = AT_LEAST, "is at least"
        AT_MOST = AT_MOST, "is at most"
        BETWEEN = BETWEEN, "is between"
        WITHIN_DAYS = WITHIN_DAYS, "is within so many days"

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="rules")
    column = models.CharField("field", max_length=200)
    kind = models.CharField("condition", max_length=20, choices=Kind)
    value = models.CharField(
        max_length=1_000,
        blank=True,
        help_text='Words, by commas; a number; "10 to 50"; a number of days. Or nothing.',
    )
    points = models.FloatField(validators=_within(-MOST_POINTS, MOST_POINTS))

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        name = FIELD_NAMES.get(self.column, self.column.removeprefix(ATTRIBUTE_PREFIX))
        words = [name, self.get_kind_display(), self.value]
        if self.kind == WITHIN_DAYS:
            words = [name, "is within", self.value, "days"]
        return f"{' '.join(word for word in words if word)}: {self.points or 0:+g}"

    def clean(self) -> None:
        """Refuses conditions that could never hold, in words for a sales lead."""
        self._check_field()
        self.value = self.value.strip()
        if self.kind:
            self.condition()

    def condition(self) -> Condition:
        """What the rule asks. Raises ValidationError by field."""
        if self.kind in WORDY:
            return Condition(self.kind, words=tuple(self._words()))
        if self.kind in (KNOWN, UNKNOWN):
            if self.value:
                raise ValidationError({"value": "Leave this empty: the condition needs no value."})
            return Condition(self.kind)
        if self.kind == BETWEEN:
            low, high = self._span()
            return Condition(self.kind, low=low, high=high)
        number = _number(self.value)
        if number is None:
            wanted = "a number of days, such as 14" if self.kind == WITHIN_DAYS else "a number"
            raise ValidationError({"value": f"Enter {wanted}."})
        if self.kind == WITHIN_DAYS and number < 0:
            raise ValidationError({"value": "Enter 0 days or more."})
        return (
            Condition(self.kind, low=number)
            if self.kind == AT_LEAST
            else Condition(self.kind, high=number)
        )

    def _check_field(self) -> None:
        name = FIELD_NAMES.get(self.column)
        if name is None and not self.column.removeprefix(ATTRIBUTE_PREFIX):
            raise ValidationError({"column": "Choose a field."})
        if self.column in TEXTS and self.kind in (*NUMERIC, WITHIN_DAYS):
            raise ValidationError(
                {"kind": f"{name} is text. Choose “is one of” or “contains one of”."}
            )
        if self.column in NUMBERS and self.kind in (CONTAINS, WITHIN_DAYS):
            raise ValidationError({"kind": f"{name} is a number. Choose “is at least”, say."})
        if self.column in DATES and self.kind in (*WORDY, *NUMERIC):
            raise ValidationError(
                {"kind": f"{name} is a date. Choose “is within so many days” or “is known”."}
            )

    def _words(self) -> list[str]:
        split = ";" if ";" in self.value else ","
        words = [word.strip() for word in self.value.split(split)]
        found = [word for word in words if word]
        if not found:
            raise ValidationError({"value": "Enter at least one word; several by commas."})
        return found

    def _span(self) -> tuple[float, float]:
        parts = [_number(part) for part in re.split(r"\bto\b|\band\b|–|;", self.value)]
        numbers = [number for number in parts if number is not None]
        if len(parts) != 2 or len(numbers) != 2:
            raise ValidationError({"value": "Enter two numbers, such as 10 to 50."})
        low, high = numbers
        if low > high:
            raise ValidationError({"value": "The first number must not be above the second."})
        return low, high


def _number(text: str) -> float | None:
    """ "50,000" and "2.5"; None for what is no finite number."""
    plain = text.strip().replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", plain):
        return None
    number = float(plain)
    return number if isfinite(number) else None
