"""What the numbers of leads are counted in."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings


def units() -> Mapping[str, str]:
    """Frame column -> unit."""
    return {"budget": settings.CURRENCY}
