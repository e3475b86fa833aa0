"""Forget leads: the person is gone, that predictions were made stays."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from crm.errors import LeadNotFound
from crm.models import Lead, Outcome
from crm.values import Actor

logger = structlog.get_logger(__name__)


def lead_erase(*, external_id: str, actor: Actor) -> None:
    """Delete a lead, its outcome and the histories of both. What predictions saw goes with it.

    The admin's log keeps who did what when, without the lead's name.

    Raises:
        LeadNotFound: if there is no such lead.
    """
    if not leads_erase(external_ids=[external_id], actor=actor):
        raise LeadNotFound("There is no lead with this id.")


def leads_erase(*, external_ids: Sequence[str], actor: Actor) -> int:
    """`lead_erase` for many, all or none; the number erased. Unknown ids are passed over."""
    with transaction.atomic():
        leads = list(
            Lead.objects.select_for_update()
            .filter(external_id__in=external_ids)
            .order_by("external_id")
            .values_list("pk", flat=True)
        )
        outcomes = Outcome.history.filter(lead_id__in=leads).values_list("id", flat=True)
        logged = {Lead: leads, Outcome: list(outcomes.distinct())}
        Lead.objects.filter(pk__in=leads).delete()
        # After the leads: deleting them has just written the last rows of both histories.
        Lead.history.filter(id__in=leads).delete()
        Outcome.history.filter(lead_id__in=leads).delete()
        for model, pks in logged.items():
            LogEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(model),
                object_id__in=[str(pk) for pk in pks],
            ).update(object_repr="(erased)", change_message="")
    # Never whom: a log is kept where nobody can erase.
    logger.info("leads_erased", count=len(leads), actor=actor.label)
    return len(leads)
