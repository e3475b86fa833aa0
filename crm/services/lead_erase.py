"""Forget a lead: the person is gone, that predictions were made stays."""

from __future__ import annotations

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
    with transaction.atomic():
        lead = Lead.objects.select_for_update().filter(external_id=external_id).first()
        if lead is None:
            raise LeadNotFound("There is no lead with this id.")
        pk = lead.pk
        outcomes = list(Outcome.history.filter(lead_id=pk).values_list("id", flat=True).distinct())
        lead.delete()
        # After the lead: deleting it has just written the last rows of both histories.
        Lead.history.filter(id=pk).delete()
        Outcome.history.filter(lead_id=pk).delete()
        _anonymise_log(Lead, [pk])
        _anonymise_log(Outcome, outcomes)
    logger.info("lead_erased", lead=pk, actor=actor.label)


def _anonymise_log(model: type[Lead] | type[Outcome], pks: list[int]) -> None:
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=map(str, pks)
    ).update(object_repr="(erased)", change_message="")
