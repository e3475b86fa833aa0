"""What the models said: every prediction, never changed, and each lead's current score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connections, models
from django.db.models import Q
from django.db.models.deletion import Collector
from django.utils import timezone

from crm.models import Lead
from scoring.models.json_text import JsonText
from scoring.models.settled import settled_through
from scoring.models.versions import ModelVersion

# Seconds to wait for the transactions that write predictions at this moment.
SETTLED_WITHIN = 1.0


def score_of(probability: float) -> int:
    """The score, 0 to 100, of a probability."""
    return round(100 * probability)


def scores_of(probabilities: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """`score_of` each (n,)."""
    return np.rint(100 * probabilities).astype(np.int64)


def erase_with_lead(
    collector: Collector, field: Any, predictions: Sequence[Prediction], _using: str
) -> None:
    """`on_delete` of a prediction's lead: what it said about a person goes, that it was made stays.

    Like Django's SET_NULL, for the fields that could still tell who it was.
    """
    fields = {each.name: each for each in Prediction._meta.fields}
    collector.add_field_update(field, None, predictions)
    collector.add_field_update(fields["features"], None, predictions)
    collector.add_field_update(fields["history_id"], None, predictions)
    collector.add_field_update(fields["erased_on"], timezone.localdate(), predictions)


class PredictionQuerySet(models.QuerySet["Prediction"]):
    """Named questions about predictions."""

    def settled(self) -> PredictionQuerySet:
        """Those that no row of a still running transaction will precede, in order of their ids.

        None at all while a transaction that writes predictions takes longer than a second.
        """
        if connections[self.db].vendor != "postgresql":
            return self
        last = settled_through(Prediction, using=self.db, wait=SETTLED_WITHIN)
        return self.none() if last is None else self.filter(pk__lte=last)


class Prediction(models.Model):
    """What a model version said of a lead on a day, and what it saw. Never updated.

    Either `features` holds what the request sent, or `history_id` names the lead's history row
    that was scored. With `day` and `version` they give `probability` again to 1e-9.

    The database checks no foreign key: it does so row by row, which takes longer than to store the
    row. Whoever writes a row holds its lead until the commit, so that no lead is erased meanwhile,
    and Django refuses to delete a version that has predictions.
    """

    class Source(models.TextChoices):
        PREDICT = "predict", "Predict request"
        RESCORE = "rescore", "Rescoring"

    lead = models.ForeignKey(
        Lead,
        on_delete=erase_with_lead,
        null=True,
        related_name="predictions",
        db_constraint=False,
    )
    version = models.ForeignKey(
        ModelVersion,
        on_delete=models.PROTECT,
        related_name="predictions",
        db_constraint=False,
        db_index=False,
    )
    arm = models.CharField(max_length=40, blank=True)
    probability = models.FloatField()
    score = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10, choices=Source, default=Source.PREDICT)
    predicted_at = models.DateTimeField(default=timezone.now)
    day = models.DateField(help_text="The day that dates are measured from.")
    features = JsonText(null=True)
    history_id = models.BigIntegerField(null=True)
    erased_on = models.DateField(null=True)

    objects = PredictionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1),
                name="prediction_probability_in_range",
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100), name="prediction_score_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} by version {self.version_id}"


class LeadScore(models.Model):
    """A lead's current score, from its stored state. Stale when revision or version is behind."""

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="current_score")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    probability = models.FloatField()
    score = models.PositiveSmallIntegerField(db_index=True)
    revision = models.PositiveIntegerField()
    day = models.DateField()
    scored_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.score)
