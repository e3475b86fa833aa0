"""The setting ACTIONABLE_FIELDS: what salespeople can do about a lead."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from scoring.ml.explaining.actions import Action, actions_from

# Get in touch today, and up to twenty times more.
DEFAULT = {"lastContact": "today", "interactions": {"add": [1, 20]}}


def read_actions(setting: Any) -> tuple[Action, ...]:
    """The actions that the setting names. Raises ImproperlyConfigured."""
    if not isinstance(setting, dict):
        raise ImproperlyConfigured("ACTIONABLE_FIELDS must be a JSON object of fields.")
    try:
        return actions_from(setting)
    except ValueError as error:
        raise ImproperlyConfigured(f"ACTIONABLE_FIELDS: {error}") from None
