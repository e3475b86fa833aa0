"""A prediction request names leads: the unknown ones are noted, the known ones left alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import connection

from crm.days import today
from crm.models import Lead
from crm.services.batches import clean_all, paths
from crm.services.cleaning import clean_lead
from crm.services.conflicts import in_transaction
from crm.services.lead_upsert import insert_leads, new_lead
from crm.values import Actor, LeadData

_BY_ARRAY = "SELECT external_id, id FROM crm_lead WHERE external_id = ANY(%s)"


def leads_mention(*, leads: Sequence[LeadData], actor: Actor) -> dict[str, int]:
    """The leads' keys by external id; unknown ones are created, unconfirmed, known since today.

    Known leads cost one query and are neither checked nor changed: what a request says of
    them is for its prediction alone.

    Raises:
        InvalidLead: with all errors of all new rows, by path ("leads.3.budget").
    """
    known = _known([lead.external_id for lead in leads])
    if all(lead.external_id in known for lead in leads):
        return known
    return in_transaction(partial(_create_unknown, leads, actor))


def _known(external_ids: Sequence[str]) -> dict[str, int]:
    if connection.vendor == "postgresql":
        # One array is one value: a thousand of them go through the client's parser one by one.
        with connection.cursor() as cursor:
            cursor.execute(_BY_ARRAY, [list(external_ids)])
            return dict(cursor.fetchall())
    found = Lead.objects.filter(external_id__in=external_ids).order_by()
    return dict(found.values_list("external_id", "pk"))


def _create_unknown(leads: Sequence[LeadData], actor: Actor) -> dict[str, int]:
    known = _known([lead.external_id for lead in leads])
    unknown = [
        (lead, path)
        for lead, path in zip(leads, paths("leads", leads), strict=True)
        if lead.external_id not in known
    ]
    cleaned = clean_all([lead for lead, _ in unknown], [path for _, path in unknown], clean_lead)
    seen_on = today()
    created = [new_lead(values, source=Lead.Source.API, seen_on=seen_on) for values in cleaned]
    for lead in created:
        lead.confirmed = False
    # In the order of their ids, like every insert of leads: no two wait for each other crosswise.
    created.sort(key=lambda lead: lead.external_id)
    insert_leads(created, actor)
    return known | {lead.external_id: lead.pk for lead in created}
