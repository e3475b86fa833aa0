"""Jobs: how far each is, calling one off, starting imports and exports, fetching their files."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from scoring.admin.import_page import ImportPage
from scoring.admin.reading import ReadOnlyAdmin
from scoring.errors import ScoringError
from scoring.jobs import job_cancel, job_start
from scoring.models import Job, JobChunk

STATE_COLOURS = {
    "Queued": "info",
    "Running": "info",
    "Succeeded": "success",
    "Failed": "danger",
    "Cancelled": "warning",
}
# Kinds whose chunks are the parts of one CSV file.
FILES = {Job.Kind.EXPORT: "leads.csv", Job.Kind.IMPORT: "rejected.csv"}


class SureForm(BaseDialogForm):  # type: ignore[misc]  # unfold has no types
    """Asks again before it is done."""


@admin.register(Job)
class JobAdmin(ImportPage, ReadOnlyAdmin):
    """What runs and what ran, newest first."""

    list_display = ["created_at", "kind", "state_column", "progress", "note", "asked_by", "worker"]
    list_display_links = ["created_at", "kind"]
    list_filter = ["kind", "state"]
    list_select_related = ["user"]
    search_fields = ["=public_id"]
    search_help_text = "The job's id, exactly."
    actions_list = ["import_file", "export"]
    actions_detail = ["cancel", "download"]
    fieldsets = [
        (None, {"fields": ["kind", "state_column", "progress", "message", "error", "result_text"]}),
        (
            "When and who",
            {"fields": ["asked_by", "created_at", "started_at", "finished_at", "public_id"]},
        ),
        (
            "For engineers",
            {"fields": ["worker", "heartbeat_at", "attempts", "payload_text"]},
        ),
    ]

    def has_cancel_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("scoring.change_job")

    def has_export_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perms(["scoring.add_job", "crm.export_lead"])

    @action(  # type: ignore[untyped-decorator]  # unfold has no types
        description="Cancel",
        permissions=["cancel"],
        dialog={
            "title": "Cancel this job",
            "description": "It ends after the chunk at hand; what it has done until then stays.",
            "form_class": SureForm,
            "form_submit_text": "Cancel the job",
        },
    )
    def cancel(self, request: HttpRequest, form: SureForm, object_id: str) -> HttpResponse:
        try:
            job = job_cancel(job=job_or_404(object_id))
        except ScoringError as error:
            messages.error(request, error.message)
        else:
            done = job.state == Job.State.CANCELLED
            messages.success(request, "It is cancelled." if done else "It will end in a moment.")
        return HttpResponse(
            headers={"HX-Redirect": reverse("admin:scoring_job_change", args=[object_id])}
        )

    @action(  # type: ignore[untyped-decorator]  # unfold has no types
        description="Export leads",
        permissions=["export"],
        dialog={
            "title": "Export all leads",
            "description": "A CSV file with every lead and its current score, made in the "
            "background. Fetch it here when it is done.",
            "form_class": SureForm,
            "form_submit_text": "Export",
        },
    )
    def export(self, request: HttpRequest, form: SureForm) -> HttpResponse:
        return started(request, Job.Kind.EXPORT)

    @action(description="Download", url_path="download", permissions=["view"])  # type: ignore[untyped-decorator]  # unfold has no types
    def download(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The leads of an export, the rejected rows of an import: for those who may export."""
        job = job_or_404(object_id)
        name = FILES.get(Job.Kind(job.kind))
        if name is None or not JobChunk.objects.filter(job=job).exists():
            raise Http404
        if not request.user.has_perm("crm.export_lead"):
            return HttpResponse("You may not export leads.", status=403)
        return StreamingHttpResponse(
            _parts(job),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Only what can be done with this job."""
        job = Job.objects.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        has_file = job is not None and job.finished and FILES.get(Job.Kind(job.kind))
        shown = {"cancel": job is not None and not job.finished, "download": bool(has_file)}
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if any(visible and each.action_name.endswith(name) for name, visible in shown.items())
        ]

    @display(description="State", ordering="state", label=STATE_COLOURS)  # type: ignore[untyped-decorator]  # unfold has no types
    def state_column(self, job: Job) -> str:
        return str(job.get_state_display())

    @admin.display(description="Progress")
    def progress(self, job: Job) -> SafeString | str:
        done = f"{job.done:,}" + (f" of {job.total:,}" if job.total else "")
        if job.share is None:
            return done if job.done else "–"
        return format_html(
            '<progress max="1" value="{}" style="width: 8rem" aria-label="{}"></progress> {}',
            f"{job.share:.3f}",
            f"{job.share:.0%} done",
            f"{job.share:.0%}",
        )

    @admin.display(description="Note")
    def note(self, job: Job) -> str:
        return job.error[:120] or job.message or "–"

    @admin.display(description="Asked by")
    def asked_by(self, job: Job) -> str:
        return job.user.get_username() if job.user else job.owner

    @admin.display(description="Result")
    def result_text(self, job: Job) -> SafeString:
        return _json(job.result)

    @admin.display(description="Asked for")
    def payload_text(self, job: Job) -> SafeString:
        return _json(job.payload)


def job_or_404(object_id: str) -> Job:
    """The job that an address names, also where it names none."""
    found = Job.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
    if found is None:
        raise Http404
    return found


def started(request: HttpRequest, kind: Job.Kind) -> HttpResponse:
    """Start a job that needs to know nothing, and show it."""
    user = cast("User", request.user)
    job = job_start(kind=kind, owner=f"user:{user.pk}", user=user, payload={})
    messages.success(request, "It runs in the background; this page tells how far it is.")
    return HttpResponse(headers={"HX-Redirect": reverse("admin:scoring_job_change", args=[job.pk])})


def _parts(job: Job) -> Iterator[bytes]:
    chunks = JobChunk.objects.filter(job=job).order_by("number")
    for data in chunks.values_list("data", flat=True).iterator(chunk_size=1):
        yield zlib.decompress(data)


def _json(value: Any) -> SafeString:
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))
