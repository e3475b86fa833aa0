"""API keys in the admin: made, watched and revoked there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from rest_framework_api_key.models import APIKey
from unfold.admin import ModelAdmin

from leadscoring.access.models import ApiKey
from leadscoring.access.rules import SCOPES

# The package's own keys have no scopes and open nothing here.
admin.site.unregister(APIKey)


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """Scopes as boxes to tick."""

    scopes = forms.MultipleChoiceField(
        choices=[(scope, f"{scope}: {what}") for scope, what in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ApiKey
        fields = ["name", "scopes", "rate", "expiry_date", "revoked"]


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A key's text is shown once, in the message after it is saved for the first time."""

    form = ApiKeyForm
    list_display = [
        "name",
        "prefix",
        "scope_list",
        "rate",
        "last_used_at",
        "expiry_date",
        "revoked",
    ]
    list_filter = ["revoked"]
    search_fields = ["name", "prefix"]

    @admin.display(description="Scopes")
    def scope_list(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str]:
        if obj is None:
            return []
        facts = ["prefix", "created", "last_used_at"]
        # Revoking cannot be undone.
        return [*facts, *ApiKeyForm.Meta.fields] if obj.revoked else facts

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str]:
        fields = list(ApiKeyForm.Meta.fields)
        return [*fields, "prefix", "created", "last_used_at"] if obj else fields[:-1]

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            obj.save()
            return
        key = ApiKey.objects.assign_key(obj)
        obj.save(force_insert=True)
        messages.warning(
            request, f"The key of {obj.name} is {key} — copy it now, it is never shown again."
        )
