"""The page that holds the dashboard; what is on it is in frontend/."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from leadscoring.access.principals import Principal
from leadscoring.access.rules import RULES
from scoring.outcome_window import window_in_use


@method_decorator([never_cache, ensure_csrf_cookie], name="dispatch")
class DashboardView(LoginRequiredMixin, View):
    """One page for every address of the dashboard: which of them it is, its script reads."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not settings.DASHBOARD_MANIFEST.exists():
            return render(request, "dashboard/not_built.html", status=503)
        user = request.user
        assert isinstance(user, User)  # noqa: S101  # nosec B101 - logged in, as required
        return render(request, "dashboard/page.html", {"session": session(user)})


def session(user: User) -> dict[str, Any]:
    """What the page's script has to know before it asks the API anything. No secrets.

    may: resource -> the methods that the permission matrix allows this user.
    """
    principal = Principal.of_user(user)
    return {
        "user": user.get_username(),
        "may": {
            resource: [method for method, rule in rules.items() if principal.may(rule)]
            for resource, rules in RULES.items()
        },
        "staff": user.is_staff,
        "language": get_language() or settings.LANGUAGE_CODE,
        "currency": settings.CURRENCY,
        "windowDays": window_in_use(),
        "adminUrl": reverse("admin:index"),
        "importUrl": _admin_page(
            user, "scoring_job_import_file", "scoring.add_job", "crm.import_lead"
        ),
        "scorecardUrl": _admin_page(user, "scoring_scorecard_add", "scoring.add_scorecard"),
        "logoutUrl": reverse("logout"),
    }


def _admin_page(user: User, name: str, *permissions: str) -> str | None:
    """The address of a page of the admin; None for who may not use it."""
    may_use = user.is_staff and user.has_perms(permissions)
    return reverse(f"admin:{name}") if may_use else None
