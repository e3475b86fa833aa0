"""The content security policy: strict, but for what the admin's theme cannot do without."""

from __future__ import annotations

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse


class ContentSecurityPolicy(CSPMiddleware):
    """Lets pages of the admin evaluate expressions: else its overlays lie over every button."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy of one response."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(reverse("admin:index")):
            parts.replace = {"script-src": settings.ADMIN_SCRIPT_SRC}
        return parts
