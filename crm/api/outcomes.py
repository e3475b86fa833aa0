"""POST /api/outcomes, DELETE /api/leads/{id}/outcome."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.changes import changes
from crm.api.input import outcome_input
from crm.api.wire import Changes, OutcomesRequest
from crm.models import Lead
from crm.services import outcome_withdraw, outcomes_record
from leadscoring.access.principals import principal
from leadscoring.api.decoding import refuse_same_ids
from leadscoring.api.idempotency import idempotent
from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView


class OutcomesView(ApiView):
    """What became of leads: it measures the model, and trains the next one."""

    resource = "outcomes"

    @describe(
        "recordOutcomes",
        "Record what became of leads",
        request=OutcomesRequest,
        response=Changes,
        errors=[404],
        idempotent=True,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        outcomes = self.read(request, OutcomesRequest).outcomes
        ids = [outcome.id for outcome in outcomes]
        refuse_same_ids("outcomes", ids)
        result = outcomes_record(
            outcomes=[outcome_input(outcome) for outcome in outcomes],
            source=Lead.Source.API,
            actor=principal(request).actor,
        )
        return Response(changes(result, ids))


class LeadOutcomeView(ApiView):
    """What became of one lead."""

    resource = "outcomes"

    @describe(
        "withdrawOutcome",
        "Take back an outcome that was recorded by mistake; the lead is open again",
        status=[204],
        errors=[404],
    )
    def delete(self, request: Request, id: str) -> Response:
        outcome_withdraw(external_id=id, actor=principal(request).actor)
        return Response(status=204)
