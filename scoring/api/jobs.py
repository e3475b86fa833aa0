"""GET and POST /api/jobs, GET and DELETE /api/jobs/{id}."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.access.principals import principal
from leadscoring.api.idempotency import idempotent
from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from scoring.api.job_output import job_output
from scoring.api.job_wire import JobAnswer, JobRequest, JobsQuery, JobsResponse
from scoring.jobs import job_cancel, job_find, job_start
from scoring.models import Job


def own_jobs(request: Request, query: JobsQuery, **criteria: Any) -> tuple[Sequence[Job], Any]:
    """A page of the caller's jobs, and the `next` of the following one."""
    jobs = Job.objects.filter(owner=principal(request).id, **criteria)
    if query.before is not None:
        jobs = jobs.filter(pk__lt=query.before)
    found = list(jobs[: query.limit + 1])
    page = found[: query.limit]
    return page, page[-1].pk if len(found) > len(page) else None


class JobsView(ApiView):
    """Work in the background."""

    resource = "jobs"

    @describe("listJobs", "Your own jobs, newest first", query=JobsQuery, response=JobsResponse)
    def get(self, request: Request) -> Response:
        query = self.query(request, JobsQuery)
        jobs, following = own_jobs(request, query, **({"kind": query.kind} if query.kind else {}))
        return Response(JobsResponse([job_output(job) for job in jobs], following))

    @describe(
        "startJob",
        "Start a job",
        request=JobRequest,
        response=JobAnswer,
        status=[202],
        idempotent=True,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        kind = self.read(request, JobRequest).kind
        caller = principal(request)
        job = job_start(kind=Job.Kind(kind), owner=caller.id, user=caller.actor.user, payload={})
        return Response(job_output(job), status=202)


class JobView(ApiView):
    """One job."""

    resource = "jobs"

    @describe("readJob", "How far a job is", response=JobAnswer, errors=[404])
    def get(self, request: Request, id: UUID) -> Response:
        return Response(job_output(job_find(public_id=id, owner=principal(request).id)))

    @describe("cancelJob", "Call a job off", response=JobAnswer, errors=[404, 409])
    def delete(self, request: Request, id: UUID) -> Response:
        job = job_find(public_id=id, owner=principal(request).id)
        return Response(job_output(job_cancel(job=job)))
