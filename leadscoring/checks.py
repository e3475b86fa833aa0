"""What `manage.py check` finds wrong with an installation. The ids are stable."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.module_loading import import_string

from scoring.cluster.connection import is_set as cluster_is_set
from scoring.cluster.connection import needs_postgresql
from scoring.models import ModelVersion
from scoring.outcome_window import window_in_use


@register
def processes_share_a_cache(**_options: Any) -> list[CheckMessage]:
    if settings.WEB_PROCESSES > 1 and not settings.REDIS_URL:
        return [
            Error(
                "Several processes without Redis: each would count requests for itself.",
                hint="Set REDIS_URL, or GRANIAN_WORKERS=1.",
                id="leadscoring.E001",
            )
        ]
    return []


@register
def cluster_has_a_database_for_all(**_options: Any) -> list[CheckMessage]:
    refused = needs_postgresql() if cluster_is_set() else None
    return [] if refused is None else [Error(refused, id="leadscoring.E004")]


@register(Tags.security, deploy=True)
def people_are_protected(**_options: Any) -> list[CheckMessage]:
    """Django's own checks ask for these two by name and would not know our subclasses of them."""
    used = [import_string(name) for name in settings.MIDDLEWARE]
    missing = [
        needed.__name__
        for needed in (CsrfViewMiddleware, XFrameOptionsMiddleware)
        if not any(isinstance(each, type) and issubclass(each, needed) for each in used)
    ]
    return [
        Error(
            f"No {name} in MIDDLEWARE: pages are open to other sites.",
            hint="Put the class of leadscoring/people.py back.",
            id="leadscoring.E005",
        )
        for name in missing
    ]


@register
def model_cache_is_writable(**_options: Any) -> list[CheckMessage]:
    directory = Path(settings.MODEL_DIR)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            return []
    except OSError:
        return [
            Warning(
                "MODEL_DIR cannot be written: every start loads its models from the database.",
                hint="Let it be a directory that the server's user may write.",
                id="leadscoring.W002",
            )
        ]


@register(Tags.database)
def champion_fits_the_window(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Runs with `check --database default` and before `migrate`."""
    try:
        champion = ModelVersion.objects.champion() if databases else None
    except DatabaseError:
        return []  # before the first migration
    if champion is None:
        return []
    window = window_in_use()
    if champion.outcome_window_days == window == settings.OUTCOME_WINDOW_DAYS:
        return []
    hint = "Run `manage.py retrain`."
    if window != settings.OUTCOME_WINDOW_DAYS:
        hint = (
            f"Set OUTCOME_WINDOW_DAYS={window}, or change the window with "
            f"`manage.py retrain --window {settings.OUTCOME_WINDOW_DAYS}`."
        )
    return [
        Warning(
            f"The champion was trained for a window of {champion.outcome_window_days} days, the "
            f"window in use is {window} and OUTCOME_WINDOW_DAYS says "
            f"{settings.OUTCOME_WINDOW_DAYS}.",
            hint=hint,
            id="leadscoring.W003",
        )
    ]
