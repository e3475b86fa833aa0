"""Model versions: how good each was on later rows, and which one answers."""

from __future__ import annotations

import json
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from scoring.admin.jobs import SureForm, started
from scoring.admin.pictures import bars, curves_row, figures_table, table
from scoring.admin.reading import ReadOnlyAdmin
from scoring.admin.report_page import ReportPage, version_or_404
from scoring.caution import caution_of
from scoring.errors import ScoringError
from scoring.learned import learned_of
from scoring.models import Job, ModelVersion
from scoring.services.promote import (
    SCORES_FOLLOW,
    Promoted,
    champion_roll_back,
    version_promote,
)
from scoring.services.report import interval_text

LONG = ["curves", "segments", "report", "recipe", "library_versions", "feature_importance"]


class ReasonForm(BaseDialogForm):  # type: ignore[misc]  # unfold has no types
    """Asks why, and so asks again before it is done."""

    reason = forms.CharField(
        widget=UnfoldAdminTextareaWidget,
        max_length=1000,
        help_text="Kept with your name, for whoever asks later.",
    )


@admin.register(ModelVersion)
class ModelVersionAdmin(ReportPage, ReadOnlyAdmin):
    """Every version that was ever trained, newest first."""

    list_display = ["number", "model_type", "standing", "log_loss", "auc", "rows", "created_at"]
    list_filter = ["model_type", "is_champion", "is_active"]
    actions_list = ["retrain", "roll_back"]
    actions_detail = ["report", "promote"]
    fieldsets = [
        (
            None,
            {"fields": ["number", "kind", "standing", "created_at", "learned", "decision"]},
        ),
        ("How good it is", {"fields": ["figures", "pictures"]}),
        ("What it uses", {"fields": ["matters", "leaks"]}),
        (
            "What it learned from",
            {
                "fields": [
                    "training_from",
                    "training_to",
                    "outcome_window_days",
                    "window_advice",
                    "split",
                    "row_counts_text",
                    "segments_table",
                ]
            },
        ),
        ("Who chose it", {"fields": ["promotions_table"]}),
        ("For engineers", {"fields": ["technical"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        return cast("QuerySet[ModelVersion]", super().get_queryset(request)).defer(*LONG)

    def has_promote_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the API asks for. By a method: unfold looks a permission's name up in the database
        as soon as the checks run, also before the first migration."""
        return request.user.has_perm("scoring.change_modelversion")

    @action(  # type: ignore[untyped-decorator]  # unfold has no types
        description="Make champion",
        permissions=["promote"],
        dialog={
            "title": "Make this version the champion",
            "description": "It answers every request that names no model type, at once.",
            "form_class": ReasonForm,
            "form_submit_text": "Make champion",
        },
    )
    def promote(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        version = version_or_404(object_id)
        return self._choose(
            request,
            reverse("admin:scoring_modelversion_change", args=[object_id]),
            lambda user: version_promote(
                number=version.number, reason=form.cleaned_data["reason"], user=user
            ),
        )

    def has_retrain_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As `POST /api/jobs` asks for."""
        return request.user.has_perms(["scoring.add_job", "scoring.change_modelversion"])

    @action(  # type: ignore[untyped-decorator]  # unfold has no types
        description="Retrain now",
        permissions=["retrain"],
        dialog={
            "title": "Train from all outcomes",
            "description": "A worker trains every model type in the background. A new version "
            "answers only if it passes the gate.",
            "form_class": SureForm,
            "form_submit_text": "Retrain",
        },
    )
    def retrain(self, request: HttpRequest, form: SureForm) -> HttpResponse:
        return started(request, Job.Kind.RETRAIN)

    @action(  # type: ignore[untyped-decorator]  # unfold has no types
        description="Roll back",
        permissions=["promote"],
        dialog={
            "title": "Go back to the champion before",
            "description": "The version that answered before this champion answers again, at once.",
            "form_class": ReasonForm,
            "form_submit_text": "Roll back",
        },
    )
    def roll_back(self, request: HttpRequest, form: ReasonForm) -> HttpResponse:
        return self._choose(
            request,
            reverse("admin:scoring_modelversion_changelist"),
            lambda user: champion_roll_back(reason=form.cleaned_data["reason"], user=user),
        )

    def _choose(self, request: HttpRequest, back: str, choose: Any) -> HttpResponse:
        try:
            promoted: Promoted = choose(cast("User", request.user))
        except ScoringError as error:
            messages.error(request, error.message)
        else:
            text = f"Version {promoted.version} is the champion."
            if promoted.changed:
                text += f" {SCORES_FOLLOW}"
            messages.success(request, text)
            if caution := caution_of(promoted.version):
                messages.warning(request, caution)
        return HttpResponse(headers={"HX-Redirect": back})

    @display(  # type: ignore[untyped-decorator]  # unfold has no types
        description="Standing", label={"Champion": "success", "Active": "info"}
    )
    def standing(self, version: ModelVersion) -> str:
        if version.is_champion:
            return "Champion"
        return "Active" if version.is_active else "Candidate"

    @admin.display(description="Log loss (95 %)")
    def log_loss(self, version: ModelVersion) -> str:
        return _interval(version, "logLoss")

    @admin.display(description="ROC AUC (95 %)")
    def auc(self, version: ModelVersion) -> str:
        return _interval(version, "rocAuc")

    @admin.display(description="Rows")
    def rows(self, version: ModelVersion) -> str:
        return f"{version.row_counts.get('rows', 0):,}"

    @admin.display(description="The gate's decision")
    def decision(self, version: ModelVersion) -> str:
        if not version.report.get("finalist", True):
            return "Not asked: it judges the best of a training, and another version was better."
        return str(version.report.get("gate", {}).get("reason", "–"))

    @admin.display(description="How much is learned")
    def learned(self, version: ModelVersion) -> str:
        return learned_of(version).text

    @admin.display(description="Type")
    def kind(self, version: ModelVersion) -> str:
        return version.kind

    @admin.display(description="Metrics")
    def figures(self, version: ModelVersion) -> SafeString:
        return figures_table(version.metrics)

    @admin.display(description="Curves")
    def pictures(self, version: ModelVersion) -> SafeString:
        return curves_row(version.curves)

    @admin.display(description="What matters")
    def matters(self, version: ModelVersion) -> SafeString:
        return bars(version.feature_importance)

    @admin.display(description="Columns that know too much")
    def leaks(self, version: ModelVersion) -> SafeString | str:
        leaks = version.report.get("leaks", [])
        rows = (
            (leak["name"], "left out" if leak["quarantined"] else "kept", leak["reason"])
            for leak in leaks
        )
        return table(("Column", "", "It"), rows) if leaks else "None found"

    @admin.display(description="How it was judged")
    def split(self, version: ModelVersion) -> str:
        return str(version.report.get("split", {}).get("reason", "–"))

    @admin.display(description="How long a win takes")
    def window_advice(self, version: ModelVersion) -> str:
        advice = version.report.get("window")
        if not advice:
            return "–"
        if advice["days"] in (None, version.outcome_window_days):
            return str(advice["reason"])
        return (
            f"{advice['reason']} A window of {advice['days']} days would fit: "
            f"manage.py retrain --window {advice['days']}"
        )

    @admin.display(description="Rows")
    def row_counts_text(self, version: ModelVersion) -> SafeString:
        counts = version.row_counts
        rows = [
            ("Leads used", f"{counts.get('leadsUsed', 0):,} of {counts.get('leads', 0):,}"),
            ("Won among them", f"{counts.get('won', 0):,}"),
            ("Rows", f"{counts.get('rows', 0):,}"),
            *((f"Left out: {why}", f"{n:,}") for why, n in counts.get("leftOut", {}).items()),
        ]
        return table(("", "Number"), rows)

    @admin.display(description="Segments")
    def segments_table(self, version: ModelVersion) -> SafeString:
        rows = (
            (each["name"], f"{each['leads']:,}", f"{each['conversion_rate']:.1%}")
            for each in version.segments
        )
        return table(("Segment", "Leads", "Won"), rows)

    @admin.display(description="Promotions")
    def promotions_table(self, version: ModelVersion) -> SafeString | str:
        rows = [
            (
                f"{timezone.localtime(each.promoted_at):%Y-%m-%d %H:%M}",
                each.promoted_by or "a command or the gate",
                f"{'Rollback: ' if each.rolled_back else ''}{each.reason}",
            )
            for each in version.promotions.select_related("promoted_by")
        ]
        return table(("When", "Who", "Why"), rows) if rows else "Never the champion"

    @admin.display(description="Settings and libraries")
    def technical(self, version: ModelVersion) -> SafeString:
        parts = (
            (json.dumps(part, indent=2),) for part in (version.recipe, version.library_versions)
        )
        return format_html("{}", format_html_join("", "<pre>{}</pre>", parts))


def _interval(version: ModelVersion, name: str) -> str:
    metric = version.metrics.get(name)
    return interval_text(metric) if metric else "–"
