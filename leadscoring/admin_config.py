"""The admin, whose pages are loaded with the routes that serve them and not at every start.

They pull in all that scores and draws: seconds, which a small command would pay for nothing.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core.checks import CheckMessage, Tags, register


class AdminConfig(SimpleAdminConfig):
    """leadscoring/urls.py loads the pages."""

    def ready(self) -> None:
        register(check_dependencies, Tags.admin)
        register(pages_are_sound, Tags.admin)


def pages_are_sound(**options: Any) -> list[CheckMessage]:
    """Django's check of every page, whether or not the routes have been checked before."""
    autodiscover()
    found: list[CheckMessage] = check_admin_app(**options)
    return found
