"""Old jobs go, with what they made."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from scoring.models import Job


def jobs_prune() -> int:
    """Delete the jobs that ended longer ago than `JOB_KEPT_DAYS`; how many they were."""
    end = timezone.now() - timedelta(days=settings.JOB_KEPT_DAYS)
    old = list(Job.objects.filter(finished_at__lt=end).values_list("pk", flat=True))
    Job.objects.filter(pk__in=old).delete()
    return len(old)
