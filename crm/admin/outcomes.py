"""The list of outcomes and the page of one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from crm.admin.actor import RefusalsAsMessages, actor_of
from crm.admin.forms import OutcomeForm
from crm.admin.history import HistoryAdmin
from crm.admin.tables import Downloadable, OutcomeResource
from crm.models import Lead, Outcome
from crm.services import outcome_record, outcome_withdraw

RESULT_COLOURS = {"won": "success", "lost": "danger", "disqualified": "warning"}


@admin.register(Outcome)
class OutcomeAdmin(RefusalsAsMessages, Downloadable, HistoryAdmin, ModelAdmin):  # type: ignore[misc]  # without types
    """What became of leads; each change is kept with who made it."""

    form = OutcomeForm
    resource_classes = (OutcomeResource,)
    list_display = ("lead", "result_column", "occurred_on", "value_column", "source", "recorded_by")
    list_select_related = ("lead", "recorded_by")
    list_filter = (
        ("result", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
        ("occurred_on", RangeDateFilter),
    )
    list_filter_submit = True
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-recorded_at",)
    search_fields = ("lead__external_id", "lead__name", "lead__company")
    search_help_text = "The lead's id, name or company"
    autocomplete_fields = ("lead",)
    fields = (
        "lead",
        ("result", "occurred_on", "value"),
        ("source", "recorded_by"),
        ("recorded_at", "updated_at"),
    )
    readonly_fields = ("source", "recorded_by", "recorded_at", "updated_at")

    @display(description="result", ordering="result", label=RESULT_COLOURS)  # type: ignore[untyped-decorator]  # unfold has no types
    def result_column(self, outcome: Outcome) -> tuple[str, str]:
        """Won, lost or disqualified."""
        return outcome.result, outcome.result

    @admin.display(description="value", ordering="value")
    def value_column(self, outcome: Outcome) -> str | None:
        """In whole units of the installation's currency."""
        if outcome.value is None:
            return None
        amount = formats.number_format(outcome.value, decimal_pos=0, force_grouping=True)
        return f"{amount} {settings.CURRENCY}"

    def get_readonly_fields(self, request: HttpRequest, obj: Outcome | None = None) -> Any:
        """An outcome stays with its lead."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, "lead")

    def save_model(
        self, request: HttpRequest, obj: Outcome, form: OutcomeForm, change: bool
    ) -> None:
        """Record what was typed."""
        outcome = outcome_record(
            outcome=form.outcome_data(obj.lead.external_id),
            source=Lead.Source.ADMIN,
            actor=actor_of(request),
        )
        obj.pk = outcome.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Outcome) -> None:
        """Take it back: the lead is open again."""
        outcome_withdraw(external_id=obj.lead.external_id, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Outcome]) -> None:
        """Take the chosen ones back."""
        for outcome in queryset.select_related("lead"):
            self.delete_model(request, outcome)
