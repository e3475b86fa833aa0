"""API keys that this process has verified, each looked up again every few seconds."""

from __future__ import annotations

import hashlib
import re
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from rest_framework.exceptions import AuthenticationFailed

from leadscoring.access.models import ApiKey
from leadscoring.access.principals import Principal

_FORM = re.compile(r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}")
# More than a process meets, unless keys are made by the thousand.
KEPT_AT_MOST = 1_000


class Verified(NamedTuple):
    """A good key, and who comes with it."""

    key: ApiKey
    caller: Principal


# By the hash of the key's text, so that no key lies about in memory -> when it was looked up.
_verified: dict[bytes, tuple[float, Verified]] = {}


def key_verify(*, text: str) -> Verified:
    """The key with this text: revoked or changed, it is so in every process in `KEY_SECONDS`.

    Raises AuthenticationFailed. To a stranger, all that is wrong looks the same.
    """
    digest = hashlib.sha256(text.encode()).digest()
    now = monotonic()
    since, found = _verified.get(digest, (0.0, None))
    if found is None or now - since >= settings.KEY_SECONDS:
        _verified.pop(digest, None)
        found = _look_up(text)
        if len(_verified) >= KEPT_AT_MOST:
            _verified.clear()
        _verified[digest] = (now, found)
    if found.key.has_expired:
        raise AuthenticationFailed("The API key has expired.")
    return found


def _look_up(text: str) -> Verified:
    """From the database, by its indexed prefix."""
    key: ApiKey | None = None
    if _FORM.fullmatch(text):
        key = ApiKey.objects.filter(prefix=text[:8]).first()
    if key is None or not key.is_valid(text) or key.revoked:
        raise AuthenticationFailed("The API key is not valid.")
    return Verified(key, Principal.of_key(key))
