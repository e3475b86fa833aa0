"""POST /api/predict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from msgspec import UNSET, Raw
from rest_framework.request import Request
from rest_framework.response import Response

from crm.services import LeadColumns, LeadData
from leadscoring.access.principals import principal
from leadscoring.api.decoding import refuse_same_ids
from leadscoring.api.idempotency import idempotent
from leadscoring.api.openapi import describe
from leadscoring.api.quick import Columns, columns_of
from leadscoring.api.rendering import render
from leadscoring.api.views import ApiView
from scoring.api import versions
from scoring.api.outlook import FIELDS, told
from scoring.api.reasons import Explanation, listed
from scoring.api.wire import LeadPrediction, PredictLead, PredictRequest, PredictResponse
from scoring.services.outlook import Outlooks
from scoring.services.predict import AUTO, Predicted, leads_predict

# What a request can say of a lead, by the services' names.
_SAID = [name for name in LeadData.__struct_fields__ if name in PredictLead.__struct_fields__]
# What is said of it again in the answer.
_ECHOED = ("name", "company", "industry", "size")


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
        asked, rows = self.read_rows(request, PredictRequest, "leads")
        given = _known(rows)
        leads = _for_services(given)
        refuse_same_ids("leads", leads.external_ids)
        with leads_predict(
            leads=leads,
            model_type=asked.model_type or AUTO,
            store=asked.store,
            explain=asked.explain,
            parts=[part for part in asked.include if part in FIELDS],
            actor=principal(request).actor,
        ) as predicted:
            # Written while the predictions are stored.
            answer = Raw(render(_answer(asked, given, predicted)))
        return Response(answer)


def to_leads(leads: Sequence[PredictLead]) -> list[LeadData]:
    """What a request says of each lead, for the services."""
    return _for_services(_known(columns_of(leads))).leads()


def _for_services(given: Columns) -> LeadColumns:
    said = {name: given[name] for name in _SAID}
    said["last_contact"] = [each and each.day for each in given["last_contact"]]
    return LeadColumns(list(map(str, given["id"])), said)


def _known(rows: Columns) -> Columns:
    """The fields that count, where not given is null: to a prediction they are the same."""
    return {name: _nulls_for_unset(rows[name]) for name in ("id", *_SAID)}


def _nulls_for_unset(values: Sequence[Any]) -> Sequence[Any]:
    missing = values.count(UNSET)
    if not missing:
        return values
    if missing == len(values):
        return [None] * missing
    return [None if each is UNSET else each for each in values]


def _answer(asked: PredictRequest, given: Columns, predicted: Predicted) -> PredictResponse:
    version = predicted.version
    answer = PredictResponse(
        predictions=_predictions(given, predicted),
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


def _predictions(given: Columns, predicted: Predicted) -> list[LeadPrediction]:
    contacts = [each and each.text for each in given["last_contact"]]
    echoed = (given[name] for name in _ECHOED)
    said = (predicted.probabilities, predicted.scores)
    return list(map(LeadPrediction, given["id"], *echoed, *said, contacts))
