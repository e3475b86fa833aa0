"""A form that sends a file of leads, which a worker then imports."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from crm.importing.mapping import plan_columns
from crm.importing.plan import read_options
from crm.importing.problems import ImportProblem
from crm.importing.table import named_columns
from crm.importing.tables import open_table
from scoring.jobs import job_start
from scoring.jobs.uploads import SentFile, file_not_readable, upload_store
from scoring.models import Job


def _text(label: str, help_text: str = "", initial: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        initial=initial,
        required=bool(initial),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
    )


def _lines(label: str, help_text: str) -> forms.CharField:
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


class ImportForm(forms.Form):
    """The file, and which column is what; as the flags of `import_leads`."""

    file = forms.FileField(
        label="File",
        help_text="CSV or NDJSON (also .gz), Parquet or Excel, with the names of its columns.",
        widget=UnfoldAdminFileFieldWidget,
    )
    id = _text("Id column", "The lead's id in your system.", "id")
    seen_on = _text("Known since", "The column with the day on which a lead was as its row says.")
    outcome = _text("Outcome column", "What became of the lead, if the file says it.")
    won = _text("Won means", "Values of that column, by commas; * is any that is not named.")
    lost = _text("Lost means", "Values of that column, by commas; all others leave a lead open.")
    outcome_on = _text("Outcome day", "The column with the day it was won or lost.")
    value = _text("Value", "The column with what a won lead was worth.")
    map = _lines("Other columns", "FIELD=COLUMN, one a line, such as industry=Branch.")
    date_format = _lines("Date formats", "COLUMN=FORMAT, one a line, such as Created=%d/%m/%Y.")
    attributes = _text(
        "Your own columns",
        "Kept with the lead, and learned from: rest (all others, as if empty), none, or their "
        "names, by commas.",
    )
    sheet = _text("Sheet", "Of an Excel workbook; else the first.")
    encoding = _text("Encoding", "Of a CSV file, such as cp1252, if letters come out wrong.")

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_MB * 1_000_000:
            raise forms.ValidationError(f"A file may have {settings.UPLOAD_MAX_MB} MB.")
        return file

    def options(self) -> dict[str, Any]:
        """As `add_mapping_arguments` has them."""
        given = self.cleaned_data
        plain = {name: given[name] for name in _PLAIN if given[name]}
        listed = {name: _split(given[name], ",") for name in ("won", "lost")}
        lines = {name: _split(given[name], "\n") for name in ("map", "date_format")}
        return plain | {name: values for name, values in (listed | lines).items() if values}


_PLAIN = (
    *("id", "seen_on", "outcome", "outcome_on", "value"),
    *("attributes", "sheet", "encoding"),
)


def _split(text: str, by: str) -> list[str]:
    return [each.strip() for each in text.split(by) if each.strip()]


class ImportPage:
    """An admin's action that is a page of its own."""

    admin_site: admin.AdminSite
    opts: Any

    def has_import_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perms(["scoring.add_job", "crm.import_lead"])

    @action(description="Import a file", url_path="import-file", permissions=["import"])  # type: ignore[untyped-decorator]  # unfold has no types
    def import_file(self, request: HttpRequest) -> HttpResponse:
        """The form; sent, it starts the job and shows it."""
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                job = _start(form, cast("User", request.user))
            except ImportProblem as problem:
                form.add_error(None, problem.message)
            except OSError as error:
                form.add_error(None, f"The file cannot be written here: {error.strerror}.")
            else:
                messages.success(request, "It runs in the background; this page tells how far.")
                return HttpResponseRedirect(reverse("admin:scoring_job_change", args=[job.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Import a file",
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "scoring/import_file.html", context)


def _start(form: ImportForm, user: User) -> Job:
    """Raises ImportProblem if the header does not fit, OSError if the disk is full."""
    options = form.options()
    with TemporaryDirectory(prefix="leadscoring-") as folder:
        file = _on_disk(form.cleaned_data["file"], Path(folder))
        try:
            table = open_table(file.path, read_options(options))
            plan_columns(options, list(named_columns(table.header)))
        except ImportProblem as problem:
            message = file_not_readable(problem, file.path).message
            raise ImportProblem(_by_labels(message)) from None
        with transaction.atomic():
            job = job_start(
                kind=Job.Kind.IMPORT,
                owner=f"user:{user.pk}",
                user=user,
                payload={"options": options, "file": file.name},
            )
            upload_store(job=job, file=file)
    return job


def _by_labels(message: str) -> str:
    """With the form's labels in place of the options' names."""
    for name, field in ImportForm.base_fields.items():
        first, *rest = name.split("_")
        option = first + "".join(word.capitalize() for word in rest)
        message = message.replace(f"`{option}`", f"“{field.label}”")
    return message


def _on_disk(sent: UploadedFile[bytes], folder: Path) -> SentFile:
    path = folder / "body"
    digest = hashlib.sha256()
    with path.open("wb") as target:
        for data in sent.chunks():
            digest.update(data)
            target.write(data)
    return SentFile(path, (sent.name or "upload")[-200:], sent.size or 0, digest.hexdigest())
