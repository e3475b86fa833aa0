"""GET and POST /api/leads."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from crm.api import listing
from crm.api.changes import changes
from crm.api.input import leads_input
from crm.api.output import leads_output
from crm.api.wire import Changes, LeadsQuery, LeadsResponse, UpsertRequest
from crm.models import Lead
from crm.services import leads_upsert
from leadscoring.access.principals import principal
from leadscoring.api.decoding import refuse_same_ids
from leadscoring.api.idempotency import idempotent
from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView


class LeadsView(ApiView):
    """All leads."""

    resource = "leads"

    @describe(
        "listLeads", "Leads with their current score", query=LeadsQuery, response=LeadsResponse
    )
    def get(self, request: Request) -> Response:
        query = self.query(request, LeadsQuery)
        leads, cursor = listing.page(query)
        asked = query.included
        answer = LeadsResponse(
            leads_output(leads, trend="trend" in asked, reason="reason" in asked), cursor
        )
        if "total" in asked:
            answer.total = listing.matching(query).count()
        return Response(answer)

    @describe(
        "upsertLeads",
        "Create leads, or change those that are known",
        request=UpsertRequest,
        response=Changes,
        errors=[409],
        idempotent=True,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        leads = self.read(request, UpsertRequest).leads
        refuse_same_ids("leads", [lead.id for lead in leads])
        result = leads_upsert(
            leads=leads_input(leads), source=Lead.Source.API, actor=principal(request).actor
        )
        return Response(changes(result, [lead.id for lead in leads]))
