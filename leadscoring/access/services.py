"""Make and revoke API keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadscoring.access.models import DEFAULT_RATE, ApiKey


def api_key_create(
    *,
    name: str,
    scopes: Sequence[str],
    rate: str = DEFAULT_RATE,
    expires: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key, and its text, which nobody can read again.

    rate: such as "600/m"; "" for no limit. Raises ValidationError for what cannot be.
    """
    key = ApiKey(name=name, scopes=sorted(set(scopes)), rate=rate, expiry_date=expires)
    text: str = ApiKey.objects.assign_key(key)
    key.full_clean()
    key.save(force_insert=True)
    return key, text
