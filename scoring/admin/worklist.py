"""Whom to call today, as a page and as a file."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from crm.days import today
from crm.spreadsheets import escape_formula
from scoring.models import ModelVersion
from scoring.services.worklist import Call, Worklist, worklist_make
from scoring.wording import money, number

MAY_SEE = ("scoring.view_leadscore", "crm.view_lead")
MAY_EXPORT = "crm.export_lead"
MOST_CALLS = 1_000
COLUMNS = (
    "id",
    "name",
    "company",
    "email",
    "owner",
    "last_contact",
    "grade",
    "score",
    "probability",
    "value",
    "value_stands_in",
    "expected_value",
    "scored_on",
)


class WorklistForm(forms.Form):
    """How many calls, and whose."""

    capacity = forms.IntegerField(
        min_value=1,
        max_value=MOST_CALLS,
        initial=25,
        label="Calls",
        widget=UnfoldAdminIntegerFieldWidget,
    )
    owner = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = User.objects.exclude(leads=None).order_by("username").distinct()
        self.fields["owner"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", "Everybody's leads"),
            *((name, name) for name in names.values_list("username", flat=True)),
        ]


class WorklistPage:
    """An admin's action that is a page of its own."""

    admin_site: admin.AdminSite

    @action(description="Worklist", url_path="worklist", permissions=["see_worklist"])  # type: ignore[untyped-decorator]  # unfold has no types
    def worklist(self, request: HttpRequest) -> HttpResponse:
        """The list, or with `format=csv` the file."""
        form = WorklistForm(request.GET if "capacity" in request.GET else {"capacity": 25})
        worklist = None
        if form.is_valid():
            worklist = worklist_make(
                capacity=form.cleaned_data["capacity"], owner=form.cleaned_data["owner"] or None
            )
            if request.GET.get("format") == "csv":
                if not request.user.has_perm(MAY_EXPORT):
                    raise PermissionDenied
                return _file(worklist)
        context = {
            **self.admin_site.each_context(request),
            "title": "Worklist",
            "form": form,
            "worklist": worklist,
            "headline": worklist and headline(worklist),
            "any_model": ModelVersion.objects.exists(),
            "may_export": request.user.has_perm(MAY_EXPORT),
            "may_change": request.user.has_perm("crm.change_lead"),
            "currency": settings.CURRENCY,
        }
        return TemplateResponse(request, "scoring/worklist.html", context)

    def has_see_worklist_permission(self, request: HttpRequest) -> bool:
        """It shows leads with their scores: whoever may see both."""
        return request.user.has_perms(MAY_SEE)


def headline(worklist: Worklist) -> str:
    """ "25 calls: expected 4.1 wins, 118,000 EUR in value"."""
    calls = len(worklist.calls)
    text = f"{number(calls)} {'call' if calls == 1 else 'calls'} today: "
    text += f"expected {number(worklist.expected_wins, 1)} wins"
    if worklist.expected_value is not None:
        text += f", {money(worklist.expected_value)} in value"
    return text


def _file(worklist: Worklist) -> HttpResponse:
    name = f"worklist-{today().isoformat()}.csv"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    # So that spreadsheets read it as UTF-8.
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(call) for call in worklist.calls)
    return response


def _cells(call: Call) -> list[object]:
    lead = call.lead
    owner = lead.owner.get_username() if lead.owner else ""
    texts = (lead.external_id, lead.name, lead.company, lead.email, owner)
    return [
        *(escape_formula(text) for text in texts),
        lead.last_contact or "",
        call.grade or "",
        call.score,
        round(call.probability, 6),
        "" if call.value is None else call.value,
        "yes" if call.value_stands_in else "no",
        "" if call.expected_value is None else round(call.expected_value, 2),
        call.scored_on,
    ]
