"""POST /api/predict."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from msgspec import UNSET, UnsetType
from rest_framework.request import Request
from rest_framework.response import Response

from crm.services import LeadData
from leadscoring.access.principals import principal
from leadscoring.api.decoding import refuse_same_ids
from leadscoring.api.idempotency import idempotent
from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from scoring.api import versions
from scoring.api.outlook import FIELDS, told
from scoring.api.reasons import Explanation, listed
from scoring.api.wire import LeadPrediction, PredictLead, PredictRequest, PredictResponse
from scoring.models import score_of
from scoring.services.outlook import Outlooks
from scoring.services.predict import AUTO, Predicted, leads_predict

T = TypeVar("T")
# What the services take just as it came.
_AS_GIVEN = (
    *("name", "company", "industry", "size", "email", "position"),
    *("budget", "previous_purchases", "interactions", "attributes"),
)


class PredictView(ApiView):
    """How likely leads are to convert."""

    resource = "predict"

    @describe(
        "predict",
        "Score leads",
        request=PredictRequest,
        response=PredictResponse,
        errors=[409],
        idempotent=True,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        asked = self.read(request, PredictRequest)
        refuse_same_ids("leads", [lead.id for lead in asked.leads])
        predicted = leads_predict(
            leads=[to_lead(lead) for lead in asked.leads],
            model_type=asked.model_type or AUTO,
            store=asked.store,
            explain=asked.explain,
            parts=[part for part in asked.include if part in FIELDS],
            actor=principal(request).actor,
        )
        return Response(_answer(asked, predicted))


def to_lead(lead: PredictLead) -> LeadData:
    """What a request says of a lead, for the services."""
    given = {name: known(getattr(lead, name)) for name in _AS_GIVEN}
    last_contact = known(lead.last_contact)
    day = last_contact.day if last_contact else None
    return LeadData(external_id=str(lead.id), last_contact=day, **given)


def known(value: T | UnsetType | None) -> T | None:
    """To a prediction, not given and null are the same."""
    return None if value is UNSET else value


def _answer(asked: PredictRequest, predicted: Predicted) -> PredictResponse:
    version = predicted.version
    answer = PredictResponse(
        predictions=[
            _prediction(lead, probability)
            for lead, probability in zip(asked.leads, predicted.probabilities, strict=True)
        ],
        feature_importance=versions.importance(version),
        model_metrics=versions.metrics(version),
        cluster_analysis=versions.clusters(version, in_full="segments" in asked.include),
    )
    if asked.explain:
        for prediction, reasons in zip(answer.predictions, predicted.reasons, strict=True):
            prediction.reasons = listed(reasons)
            prediction.explanation = Explanation(reasons.base, reasons.rest)
    if "model" in asked.include:
        answer.model_version = version.number
        answer.model_type = version.model_type
    if "intervals" in asked.include:
        answer.metric_intervals = versions.intervals(version)
    if "learned" in asked.include:
        answer.learned = versions.learned(version)
    if predicted.outlooks is not None:
        _tell(answer, predicted.outlooks, asked.include)
    return answer


def _tell(answer: PredictResponse, outlooks: Outlooks, asked: Collection[str]) -> None:
    for prediction, outlook in zip(answer.predictions, outlooks.leads, strict=True):
        said = told(outlook)
        for part, field in FIELDS.items():
            if part in asked:
                setattr(prediction, field, said[field])
    if outlooks.unavailable:
        answer.unavailable = dict(outlooks.unavailable)


def _prediction(lead: PredictLead, probability: float) -> LeadPrediction:
    last_contact = known(lead.last_contact)
    return LeadPrediction(
        id=lead.id,
        name=known(lead.name),
        company=known(lead.company),
        industry=known(lead.industry),
        size=known(lead.size),
        conversion_probability=probability,
        score=score_of(probability),
        last_contact=last_contact.text if last_contact else None,
    )
