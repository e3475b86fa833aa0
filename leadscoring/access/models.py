"""Keys that programs come with, and what was answered to requests that may come twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from rest_framework_api_key.models import AbstractAPIKey

from leadscoring.access.rules import SCOPES

DEFAULT_RATE = "600/m"
# To know that a key is in use, a minute is near enough; each write would cost a request's time.
LAST_USE_STEP = timedelta(minutes=1)


def known_scopes(scopes: Any) -> None:
    """Refuse a scope that does not exist: it would silently grant nothing."""
    if not isinstance(scopes, list) or not set(scopes) <= SCOPES.keys():
        raise ValidationError(f"Scopes are: {', '.join(SCOPES)}.", code="unknown_scope")


class ApiKey(AbstractAPIKey):
    """A program's key. Only its hash is kept; the key itself is shown once, when it is made."""

    scopes = models.JSONField(default=list, validators=[known_scopes])
    rate = models.CharField(
        max_length=12,
        blank=True,
        default=DEFAULT_RATE,
        validators=[
            RegexValidator(r"^[1-9]\d{0,8}/[smhd]\Z", "Like 600/m: a number, / and s, m, h or d.")
        ],
        help_text="Requests per second, minute, hour or day, such as 600/m. Empty: no limit.",
    )
    last_used_at = models.DateTimeField("last used", null=True, blank=True, editable=False)

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"
        verbose_name_plural = "API keys"

    def note_use(self) -> None:
        """Remember that the key is in use, at most once a minute, without a race or a lock."""
        now = timezone.now()
        if self.last_used_at is None or self.last_used_at <= now - LAST_USE_STEP:
            stale = Q(last_used_at=None) | Q(last_used_at__lte=now - LAST_USE_STEP)
            ApiKey.objects.filter(stale, pk=self.pk).update(last_used_at=now)
            self.last_used_at = now


class IdempotentRequest(models.Model):
    """A request that named an Idempotency-Key: claimed, then answered.

    While `status` is null somebody works on it, until `leased_until` at the latest; `token` is
    theirs, so that whoever lost the claim cannot store an effect any more.
    """

    principal = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    token = models.UUIDField()
    leased_until = models.DateTimeField()
    created_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principal", "key"], name="one_request_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.created_at:%Y-%m-%d %H:%M}"


class WsTicket(models.Model):
    """Lets one socket in, for whoever asked for it. Only its hash is kept; deleted when used."""

    digest = models.CharField(max_length=64, unique=True)
    principal = models.CharField(max_length=100)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.principal} {self.expires_at:%Y-%m-%d %H:%M}"
