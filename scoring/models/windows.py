"""Within how many days a win counts, as the team has agreed."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone


class OutcomeWindow(models.Model):
    """The window that trainings use from then on; the last row counts. Never changed.

    A version keeps the window that it was trained with, whatever comes later.
    """

    days = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(3650)])
    since = models.DateTimeField(default=timezone.now)
    reason = models.TextField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.days} days"
