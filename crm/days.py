"""A day in the team's time zone, and the moments it begins and ends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def today() -> date:
    """Today where the sales team sits (`TIME_ZONE`)."""
    return timezone.localdate()


def day_start(day: date) -> datetime:
    """The first moment of `day`, aware."""
    return timezone.make_aware(datetime.combine(day, time.min))


def day_end(day: date) -> datetime:
    """The first moment that is no longer `day`, aware."""
    return day_start(day + timedelta(days=1))
