"""Tickets: let a socket in, once and soon, where a browser can send no API key."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from leadscoring.access.models import WsTicket

LIFETIME = timedelta(seconds=30)


def ticket_create(*, principal: str) -> tuple[str, datetime]:
    """A new ticket for a caller (`Principal.id`), and when it expires."""
    now = timezone.now()
    WsTicket.objects.filter(expires_at__lte=now).delete()
    text, expires_at = secrets.token_urlsafe(32), now + LIFETIME
    WsTicket.objects.create(digest=_digest(text), principal=principal, expires_at=expires_at)
    return text, expires_at


def ticket_redeem(*, text: str) -> str | None:
    """Whose ticket it is; None if it is no good, or not any more. It works once."""
    valid = WsTicket.objects.filter(digest=_digest(text), expires_at__gt=timezone.now())
    principal = valid.values_list("principal", flat=True).first()
    # Of two at the same time, one deletes it.
    return principal if principal is not None and valid.delete()[0] else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
