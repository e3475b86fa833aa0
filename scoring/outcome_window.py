"""The window in use: fixed by the first training, changed only by who confirms it."""

from __future__ import annotations

from django.conf import settings

from scoring.models import OutcomeWindow

MOST_DAYS = 3650
FIRST = "OUTCOME_WINDOW_DAYS when the first model was trained."
CONFIRMED = "Chosen with `retrain --window`."


def window_in_use() -> int:
    """Days within which a win counts; OUTCOME_WINDOW_DAYS until a training has fixed it."""
    newest = OutcomeWindow.objects.first()
    return settings.OUTCOME_WINDOW_DAYS if newest is None else newest.days


def keep_window(days: int) -> None:
    """Let it count from now on. To be called in the transaction of the training that used it."""
    newest = OutcomeWindow.objects.first()
    if newest is None or newest.days != days:
        initial = newest is None and days == settings.OUTCOME_WINDOW_DAYS
        OutcomeWindow.objects.create(days=days, reason=FIRST if initial else CONFIRMED)
