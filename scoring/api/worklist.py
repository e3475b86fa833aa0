"""GET /api/worklist: whom to call today."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.conf import settings
from msgspec import Meta, Struct
from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from leadscoring.api.wire import MAX_ITEMS
from scoring.api.wire import Grade
from scoring.services.worklist import Call, worklist_make


class WorklistQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """capacity: how many calls there is time for. owner: only leads of the user of this name."""

    capacity: Annotated[int, Meta(ge=1, le=MAX_ITEMS)] = 25
    owner: Annotated[str, Meta(min_length=1, max_length=150)] | None = None


class WorklistCall(Struct, rename="camel"):
    """A lead to call. `value` is its budget, or `standInValue` if that is not known."""

    id: str
    name: str | None
    company: str | None
    owner: str | None
    grade: Grade | None
    score: int
    conversion_probability: float
    value: float | None
    value_stands_in: bool
    expected_value: float | None
    last_contact: date | None
    model_version: int
    scored_on: date


class WorklistResponse(Struct, rename="camel"):
    """The best calls, the best first. Without any known budget the values are null and the
    probability alone decides. `unscored` open leads have no score yet and cannot be listed."""

    capacity: int
    expected_wins: float
    expected_value: float | None
    currency: str
    stand_in_value: float | None
    open_leads: int
    unscored: int
    calls: list[WorklistCall]


class WorklistView(ApiView):
    """Today's calls."""

    resource = "worklist"

    @describe(
        "readWorklist",
        "The open leads most worth a call: probability × value",
        query=WorklistQuery,
        response=WorklistResponse,
    )
    def get(self, request: Request) -> Response:
        query = self.query(request, WorklistQuery)
        worklist = worklist_make(capacity=query.capacity, owner=query.owner)
        stand_in = worklist.stand_in
        return Response(
            WorklistResponse(
                capacity=worklist.capacity,
                expected_wins=worklist.expected_wins,
                expected_value=worklist.expected_value,
                currency=settings.CURRENCY,
                stand_in_value=None if stand_in is None else float(stand_in),
                open_leads=worklist.open_leads,
                unscored=worklist.unscored,
                calls=[_call(call) for call in worklist.calls],
            )
        )


def _call(call: Call) -> WorklistCall:
    lead = call.lead
    return WorklistCall(
        id=lead.external_id,
        name=lead.name or None,
        company=lead.company or None,
        owner=lead.owner.get_username() if lead.owner else None,
        grade=call.grade,  # type: ignore[arg-type]  # one of the four
        score=call.score,
        conversion_probability=call.probability,
        value=None if call.value is None else float(call.value),
        value_stands_in=call.value_stands_in,
        expected_value=call.expected_value,
        last_contact=lead.last_contact,
        model_version=call.version,
        scored_on=call.scored_on,
    )
