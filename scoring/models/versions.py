"""What the models are, and who chose them. Nothing here is changed after the fact."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from scoring.ml.model_types import describe


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    """Named questions about model versions."""

    def champion(self) -> ModelVersion | None:
        """The version that `auto` answers with."""
        return self.filter(is_champion=True).first()

    def active(self, model_type: str) -> ModelVersion | None:
        """The version that answers a request for this model type."""
        return self.filter(model_type=model_type, is_active=True).first()


class ModelVersion(models.Model):
    """One trained model: what it learned from, how good it was on later data, who chose it."""

    number = models.PositiveIntegerField(unique=True)
    model_type = models.CharField(max_length=40, db_index=True)
    is_champion = models.BooleanField(default=False)
    is_active = models.BooleanField(
        default=False, help_text="Answers requests that name this model type."
    )
    created_at = models.DateTimeField(default=timezone.now)
    outcome_window_days = models.PositiveIntegerField()
    training_from = models.DateField(null=True, blank=True)
    training_to = models.DateField(null=True, blank=True)
    row_counts = models.JSONField(default=dict, help_text="Rows used and left out, and why.")
    recipe = models.JSONField(default=dict, help_text="The settings that the search chose.")
    metrics = models.JSONField(default=dict)
    curves = models.JSONField(default=dict)
    feature_importance = models.JSONField(default=list)
    segments = models.JSONField(default=list)
    report = models.JSONField(default=dict, help_text="Splits, leaks, warnings and the gate.")
    library_versions = models.JSONField(default=dict)
    promoted_at = models.DateTimeField(null=True, blank=True)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    promotion_reason = models.TextField(blank=True)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_champion"], condition=Q(is_champion=True), name="one_champion"
            ),
            models.UniqueConstraint(
                fields=["model_type"], condition=Q(is_active=True), name="one_active_per_type"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.model_type})"

    @property
    def kind(self) -> str:
        """The type; of a blend also what it is made of."""
        return describe(self.model_type, self.recipe)


class ModelArtifact(models.Model):
    """The bytes of a trained model, apart from its row so that lists stay light."""

    version = models.OneToOneField(ModelVersion, on_delete=models.CASCADE, related_name="artifact")
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.sha256[:12]


class Promotion(models.Model):
    """That a version became the champion: who chose it, when and why. Never changed.

    Read in order, a promotion puts a version on top of a pile and a rollback takes the top
    away again: `version` is the champion from then on.
    """

    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="promotions")
    rolled_back = models.BooleanField(
        default=False, help_text="The version before it was taken back."
    )
    promoted_at = models.DateTimeField(default=timezone.now)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.reason}"
