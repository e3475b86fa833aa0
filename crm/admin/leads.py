"""The list of leads and the page of one."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import formats
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from crm.admin.actor import RefusalsAsMessages, actor_of
from crm.admin.filters import IndustryFilter, OutcomeFilter, SizeFilter
from crm.admin.forms import LeadForm
from crm.admin.history import HistoryAdmin
from crm.admin.outcome_inline import OutcomeFormSet, OutcomeInline, save_outcomes
from crm.admin.outlook import outlook_html
from crm.admin.scores import score_history_html
from crm.admin.tables import Exchangeable, LeadResource
from crm.days import today
from crm.models import Lead, LeadQuerySet
from crm.services import lead_erase, lead_upsert, leads_erase

# Leads without a score sort below every score, on every database.
SCORE = Coalesce(F("current_score__score"), Value(-1))
OUTCOME_COLOURS = {"won": "success", "lost": "danger", "disqualified": "warning", "open": "info"}


@admin.register(Lead)
class LeadAdmin(RefusalsAsMessages, Exchangeable, HistoryAdmin, ModelAdmin):  # type: ignore[misc]  # without types
    """Search, filter, edit, record what became of them, see what they were before."""

    form = LeadForm
    inlines = (OutcomeInline,)
    resource_classes = (LeadResource,)
    list_display = (
        "id_column",
        "name",
        "company",
        "industry",
        "size",
        "budget_column",
        "last_contact",
        "score_column",
        "outcome_column",
    )
    list_display_links = ("id_column", "name")
    list_select_related = ("outcome", "current_score")
    list_filter = (
        OutcomeFilter,
        IndustryFilter,
        SizeFilter,
        ("source", ChoicesDropdownFilter),
        ("owner", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_before_template = "crm/no_leads_yet.html"
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("external_id", "name", "company", "email")
    search_help_text = "Id, name, company or e-mail address"
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": (("external_id", "owner"), ("name", "position"), "email")}),
        ("Company", {"fields": ("company", ("industry", "size"))}),
        (
            "Interest",
            {
                "fields": (
                    ("budget", "last_contact"),
                    ("previous_purchases", "interactions"),
                    "attributes",
                )
            },
        ),
        ("Scores", {"fields": ("outlook", "score_history")}),
        ("Record", {"fields": ("seen_on", ("source", "confirmed"), ("created_at", "updated_at"))}),
    )
    readonly_fields = (
        "outlook",
        "score_history",
        "source",
        "confirmed",
        "created_at",
        "updated_at",
    )

    @admin.display(description="id", ordering="external_id")
    def id_column(self, lead: Lead) -> str:
        """The id as everybody else knows it, not the database's."""
        return lead.external_id

    @admin.display(description="budget", ordering="budget")
    def budget_column(self, lead: Lead) -> str | None:
        """In whole units of the installation's currency."""
        if lead.budget is None:
            return None
        amount = formats.number_format(lead.budget, decimal_pos=0, force_grouping=True)
        return f"{amount} {settings.CURRENCY}"

    @admin.display(description="score", ordering=SCORE)
    def score_column(self, lead: Lead) -> int | None:
        """The current score, 0 to 100."""
        current = getattr(lead, "current_score", None)
        return current and current.score

    @display(description="outcome", ordering="outcome__result", label=OUTCOME_COLOURS)  # type: ignore[untyped-decorator]  # unfold has no types
    def outcome_column(self, lead: Lead) -> tuple[str, str]:
        """What became of it."""
        outcome = getattr(lead, "outcome", None)
        return (outcome.result, outcome.result) if outcome else ("open", "open")

    @admin.display(description="outlook")
    def outlook(self, lead: Lead) -> str:
        """How sure its probability is, by when it may be won, whether it is like the others."""
        # As stored: a form that was refused has written into this one.
        return outlook_html(Lead.objects.get(pk=lead.pk)) if lead.pk else "Not scored yet."

    @admin.display(description="score history")
    def score_history(self, lead: Lead) -> str:
        """What models said of it, and why that changed."""
        return score_history_html(lead) if lead.pk else "Not scored yet."

    def get_readonly_fields(self, request: HttpRequest, obj: Lead | None = None) -> Any:
        """The id is what others know the lead by: given once."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, "external_id")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever meets a lead at a fair has no id for it."""
        given = super().get_changeform_initial_data(request)
        return {"external_id": f"lead-{token_hex(4)}", "seen_on": today(), **given}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, or how to get leads into it."""
        context = {"no_leads_yet": not Lead.objects.exists(), **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    def save_model(self, request: HttpRequest, obj: Lead, form: LeadForm, change: bool) -> None:
        """Store what was typed, as a whole."""
        lead = lead_upsert(
            lead=form.lead_data(), source=Lead.Source.ADMIN, actor=actor_of(request), replace=True
        )
        obj.pk = lead.pk
        obj.refresh_from_db()

    def save_formset(
        self,
        request: HttpRequest,
        form: LeadForm,
        formset: OutcomeFormSet,
        change: bool,
    ) -> None:
        """Record the outcome."""
        save_outcomes(request, formset, form.instance)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """Scores and outcomes go with their lead, also where nobody may delete one alone."""
        found, counts, _forbidden, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Lead) -> None:
        """Erase the lead, history included."""
        lead_erase(external_id=obj.external_id, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: LeadQuerySet) -> None:
        """Erase the chosen leads, history included."""
        external_ids = list(queryset.values_list("external_id", flat=True))
        leads_erase(external_ids=external_ids, actor=actor_of(request))

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Imported rows bear the name of who uploads them."""
        return {"actor": actor_of(request)}
