"""Rate limits, counted by django-ratelimit in the cache per verified caller."""

from __future__ import annotations

from typing import Any

import structlog
from django_ratelimit.core import get_usage
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from leadscoring.access.principals import Principal

logger = structlog.get_logger(__name__)


class PrincipalThrottle(BaseThrottle):
    """Counts all of a caller's requests together, against the rate of its key.

    If the cache is down, requests are answered uncounted: scoring matters more than counting.
    """

    _wait = 1

    def allow_request(self, request: Request, view: APIView) -> bool:
        principal = request.auth
        if not isinstance(principal, Principal) or not principal.rate:
            return True
        usage = _usage(request, principal)
        if usage is None or not usage["should_limit"]:
            return True
        self._wait = max(1, usage["time_left"])
        return False

    def wait(self) -> float:
        return self._wait


def _usage(request: Request, principal: Principal) -> dict[str, Any] | None:
    try:
        usage: dict[str, Any] | None = get_usage(
            request,
            group="api",
            key=lambda _group, _request: principal.id,
            rate=principal.rate,
            increment=True,
        )
    except Exception as error:  # noqa: BLE001 - whatever the cache's client raises when it is down
        logger.warning("rate_limit_not_counted", error=type(error).__name__)
        return None
    return usage
