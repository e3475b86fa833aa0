"""The content security policy: strict, but for what the admin's theme cannot do without."""

from __future__ import annotations

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse


class ContentSecurityPolicy(CSPMiddleware):
    """Lets what looks like the admin evaluate expressions: else overlays lie over its buttons."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy of one response."""
        parts = super().get_policy_parts(request, response, report_only)
        path = request.path_info
        if path.startswith(reverse("admin:index")) or path == reverse("login"):
            parts.replace = {"script-src": settings.ADMIN_SCRIPT_SRC}
        return parts
