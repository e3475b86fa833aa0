"""GET, PUT, PATCH and DELETE /api/leads/{id}."""

from __future__ import annotations

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api import wire
from crm.api.input import change_input
from crm.api.output import for_output, lead_output
from crm.errors import LeadNotFound
from crm.models import Lead
from crm.services import lead_erase, lead_upsert
from leadscoring.access.principals import principal
from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView


class LeadView(ApiView):
    """One lead, by its id."""

    resource = "leads"

    @describe("readLead", "A lead with its current score", response=wire.Lead, errors=[404])
    def get(self, request: Request, id: str) -> Response:
        return Response(_stored(id))

    @describe(
        "replaceLead",
        "Create a lead, or replace all that is known of it",
        request=wire.ChangeLead,
        response=wire.Lead,
        status=[200, 201],
    )
    def put(self, request: Request, id: str) -> Response:
        lead = change_input(self.read(request, wire.ChangeLead), id)
        with transaction.atomic():
            is_new = not Lead.objects.filter(external_id=id).exists()
            lead_upsert(
                lead=lead, source=Lead.Source.API, actor=principal(request).actor, replace=True
            )
        return Response(_stored(id), status=201 if is_new else 200)

    @describe(
        "changeLead",
        "Change what is given, leave the rest",
        request=wire.ChangeLead,
        response=wire.Lead,
        errors=[404],
    )
    def patch(self, request: Request, id: str) -> Response:
        lead = change_input(self.read(request, wire.ChangeLead), id)
        with transaction.atomic():
            if not Lead.objects.select_for_update().filter(external_id=id).exists():
                raise LeadNotFound("There is no lead with this id.")
            lead_upsert(lead=lead, source=Lead.Source.API, actor=principal(request).actor)
        return Response(_stored(id))

    @describe("eraseLead", "Erase a lead and its history", status=[204], errors=[404])
    def delete(self, request: Request, id: str) -> Response:
        lead_erase(external_id=id, actor=principal(request).actor)
        return Response(status=204)


def _stored(external_id: str) -> wire.Lead:
    lead = for_output().filter(external_id=external_id).first()
    if lead is None:
        raise LeadNotFound("There is no lead with this id.")
    return lead_output(lead)
