"""GET /api/leads/{id}/scores: what was said of a lead, and why it changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct
from rest_framework.request import Request
from rest_framework.response import Response

from crm.errors import LeadNotFound
from crm.models import Lead
from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from leadscoring.api.wire import RowNumber
from scoring.ml.explaining import receipt
from scoring.services.score_history import PastScore, score_history


class ScoresQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """Newest first; `before` is the `next` of the page before."""

    before: RowNumber | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class DataChange(Struct):
    """A field that was other than before, and what that did to the score."""

    name: str
    before: str
    after: str
    points: float
    text: str


class ModelChange(Struct):
    """A field that a newer model weighs otherwise."""

    name: str
    points: float
    text: str


class Receipt(Struct):
    """The points of `data` and `model` + `base` = `change`, 100 × the probabilities' difference.

    `base` is how the models differ in what they say of a lead of which nothing is known.
    """

    change: float
    data: list[DataChange]
    model: list[ModelChange]
    base: float


class PastScoreEntry(Struct, rename="camel"):
    """A prediction; `receipt` is the change from the one before it, null if there is none."""

    id: int
    conversion_probability: float
    score: int
    model_version: int
    model_type: str
    source: str
    day: date
    predicted_at: datetime
    receipt: Receipt | None


class ScoresResponse(Struct):
    """`next` is null on the last page."""

    scores: list[PastScoreEntry]
    next: int | None


class ScoresView(ApiView):
    """The score history of one lead."""

    resource = "scores"
    tag = "leads"

    @describe(
        "listScores",
        "A lead's scores, newest first, each with the reasons for its change",
        query=ScoresQuery,
        response=ScoresResponse,
        errors=[404],
    )
    def get(self, request: Request, id: str) -> Response:
        query = self.query(request, ScoresQuery)
        lead = Lead.objects.filter(external_id=id).first()
        if lead is None:
            raise LeadNotFound("There is no lead with this id.")
        page, following = score_history(lead=lead, limit=query.limit, before=query.before)
        return Response(ScoresResponse([_entry(each) for each in page], following))


def _entry(past: PastScore) -> PastScoreEntry:
    said = past.prediction
    return PastScoreEntry(
        id=said.pk,
        conversion_probability=said.probability,
        score=said.score,
        model_version=said.version.number,
        model_type=said.version.model_type,
        source=said.source,
        day=said.day,
        predicted_at=said.predicted_at,
        receipt=_receipt(past.receipt) if past.receipt else None,
    )


def _receipt(found: receipt.Receipt) -> Receipt:
    return Receipt(
        change=100 * (found.after - found.before),
        data=[
            DataChange(each.name, each.before, each.after, each.points, each.text)
            for each in found.data
        ],
        model=[ModelChange(each.name, each.points, each.text) for each in found.model],
        base=found.base,
    )
