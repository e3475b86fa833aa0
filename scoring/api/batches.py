"""POST /api/batches: many leads in. GET and DELETE /api/batches/{id}; its rows out."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.access.principals import principal
from leadscoring.access.rules import rule_for
from leadscoring.api.idempotency import idempotent
from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from scoring.api.job_output import batch_output
from scoring.api.job_wire import (
    Batch,
    BatchesResponse,
    BatchRequest,
    Format,
    JobsQuery,
    NoQuery,
    RowsQuery,
    UploadQuery,
)
from scoring.api.jobs import own_jobs
from scoring.api.uploading import MEDIA_TYPES, is_file, sent_file
from scoring.errors import JobRunning
from scoring.jobs import job_cancel, job_find
from scoring.jobs.batch.results import rejected_rows, scored_rows
from scoring.jobs.batch.start import batch_of_file, batch_of_leads
from scoring.jobs.uploads import SentFile
from scoring.models import Job
from scoring.services.predict import AUTO

ROW_TYPES: dict[Format, str] = {"csv": "text/csv", "ndjson": "application/x-ndjson"}


def _hash_of_file(_request: Request, *, file: SentFile, **_options: Any) -> bytes:
    return file.sha256.encode()


class BatchesView(ApiView):
    """Bulk scoring."""

    resource = "batches"

    @describe(
        "listBatches", "Your own batches, newest first", query=JobsQuery, response=BatchesResponse
    )
    def get(self, request: Request) -> Response:
        query = self.query(request, JobsQuery)
        jobs, following = own_jobs(request, query, kind=Job.Kind.BATCH)
        return Response(BatchesResponse([batch_output(job) for job in jobs], following))

    @describe(
        "startBatch",
        "Score a file (sent as the body) or stored leads, in the background",
        request=BatchRequest,
        files=list(MEDIA_TYPES),
        query=UploadQuery,
        response=Batch,
        status=[202],
        errors=[409],
        idempotent=True,
    )
    def post(self, request: Request) -> HttpResponseBase | Response:
        if not is_file(request._request):
            return self._of_leads(request)
        query = self.query(request, UploadQuery)
        with sent_file(request._request, query.name) as file:
            return self._of_file(request, file=file, query=query)

    @idempotent
    def _of_leads(self, request: Request) -> Response:
        self.query(request, NoQuery)
        asked = self.read(request, BatchRequest)
        caller = principal(request)
        rule = rule_for("leads", "GET")
        if rule is None or not caller.may(rule):
            raise PermissionDenied("Stored leads need the right to read them: the scope `leads`.")
        criteria = msgspec.to_builtins(
            {name: getattr(asked.leads, name) for name in asked.leads.__struct_fields__}
        )
        job = batch_of_leads(
            criteria={name: value for name, value in criteria.items() if value is not None},
            model_type=_type(asked.model_type),
            explain=asked.explain,
            owner=caller.id,
            user=caller.actor.user,
        )
        return Response(batch_output(job), status=202)

    @partial(idempotent, body=_hash_of_file)
    def _of_file(self, request: Request, *, file: SentFile, query: UploadQuery) -> Response:
        caller = principal(request)
        options = {
            name: value
            for name in ("id", "seen_on", "map", "attributes", "date_format", *_WRITTEN)
            if (value := getattr(query, name))
        }
        job = batch_of_file(
            file=file,
            options=options,
            model_type=_type(query.model_type),
            explain=query.explain,
            owner=caller.id,
            user=caller.actor.user,
        )
        return Response(batch_output(job), status=202)


_WRITTEN = ("delimiter", "encoding")


def _type(asked: str | None) -> str | None:
    return None if asked in (None, AUTO) else asked


class BatchView(ApiView):
    """One batch."""

    resource = "batches"

    @describe("readBatch", "How far a batch is", response=Batch, errors=[404])
    def get(self, request: Request, id: UUID) -> Response:
        return Response(batch_output(_batch(request, id)))

    @describe("cancelBatch", "Call a batch off", response=Batch, errors=[404, 409])
    def delete(self, request: Request, id: UUID) -> Response:
        return Response(batch_output(job_cancel(job=_batch(request, id))))


class BatchResultsView(ApiView):
    """What a batch gave."""

    resource = "batches"

    @describe(
        "readBatchResults",
        "The scores of a batch that is over",
        query=RowsQuery,
        media=list(ROW_TYPES.values()),
        errors=[404, 409],
    )
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        return _rows(self, request, id, scored_rows, "scores")


class BatchRejectedView(ApiView):
    """What a batch could not score."""

    resource = "batches"

    @describe(
        "readBatchRejected",
        "The rows that got no score, and why",
        query=RowsQuery,
        media=list(ROW_TYPES.values()),
        errors=[404, 409],
    )
    def get(self, request: Request, id: UUID) -> HttpResponseBase:
        return _rows(self, request, id, rejected_rows, "rejected")


def _batch(request: Request, id: UUID) -> Job:
    return job_find(public_id=id, owner=principal(request).id, kind=Job.Kind.BATCH)


def _rows(view: ApiView, request: Request, id: UUID, rows: Any, name: str) -> HttpResponseBase:
    kind = view.query(request, RowsQuery).format or _accepted(request)
    job = _batch(request, id)
    if not job.finished:
        raise JobRunning("The batch is not over yet: look at its `state` until it is.")
    return StreamingHttpResponse(
        rows(job, kind),
        content_type=ROW_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


def _accepted(request: Request) -> Format:
    accepted = request.headers.get("Accept", "")
    return "ndjson" if "ndjson" in accepted and "text/csv" not in accepted else "csv"
