"""Logging in to the dashboard, which needs no staff status: that is for the admin alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from unfold.widgets import BASE_INPUT_CLASSES


class LoginForm(AuthenticationForm):
    """In the look of the admin's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = " ".join(BASE_INPUT_CLASSES)


class LoginView(views.LoginView):
    """The admin's page, for everybody with an account."""

    template_name = "admin/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **admin.site.each_context(self.request),
            "app_path": self.request.get_full_path(),
            "site_url": None,  # a link to the dashboard would lead back here
            **super().get_context_data(**kwargs),
        }
