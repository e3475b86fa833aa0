"""The report of a model version as a page, and as a file to take away."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action

from scoring.models import ModelVersion
from scoring.services.model_report import model_report, model_report_html


def version_or_404(object_id: str) -> ModelVersion:
    """The version that an address names, also where it names none."""
    found = ModelVersion.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
    if found is None:
        raise Http404
    return found


class ReportPage:
    """An admin's action that is a page of its own."""

    admin_site: admin.AdminSite
    opts: Any

    @action(description="Report", url_path="report", permissions=["view"])  # type: ignore[untyped-decorator]  # unfold has no types
    def report(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The report, or with `format=html` the file."""
        version = version_or_404(object_id)
        if request.GET.get("format") == "html":
            name = f"model-version-{version.number}.html"
            return HttpResponse(
                model_report_html(version),
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
        context = {
            **self.admin_site.each_context(request),
            "title": f"Model version {version.number}: report",
            "opts": self.opts,
            "report": model_report(version),
        }
        return TemplateResponse(request, "scoring/report/page.html", context)
