"""What was said of leads: the log, and the current scores."""

from __future__ import annotations

import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from scoring.admin.reading import ReadOnlyAdmin
from scoring.admin.worklist import WorklistPage
from scoring.models import LeadScore, Prediction


@admin.register(Prediction)
class PredictionAdmin(ReadOnlyAdmin):
    """The log of predictions, newest first."""

    list_display = ["predicted_at", "lead", "score", "probability", "version", "source", "day"]
    list_filter = ["source", "version__model_type"]
    list_select_related = ["lead", "version"]
    search_fields = ["=lead__external_id"]
    search_help_text = "The lead's id, exactly."
    fields = [
        "lead",
        "version",
        "probability",
        "score",
        "source",
        "predicted_at",
        "day",
        "what_it_saw",
        "erased_on",
    ]

    @admin.display(description="What it saw")
    def what_it_saw(self, prediction: Prediction) -> SafeString | str:
        if prediction.features is not None:
            text = json.dumps(prediction.features, indent=2, ensure_ascii=False)
            return format_html("<pre>{}</pre>", text)
        if prediction.history_id is not None:
            return f"The lead as its history entry {prediction.history_id} has it"
        return "Erased with the lead"


@admin.register(LeadScore)
class LeadScoreAdmin(WorklistPage, ReadOnlyAdmin):
    """Current scores, best first."""

    actions_list = ["worklist"]
    list_display = ["lead", "score", "probability", "version", "day", "scored_at"]
    list_select_related = ["lead", "version"]
    search_fields = ["=lead__external_id"]
    search_help_text = "The lead's id, exactly."
    ordering = ["-score", "-id"]
    fields = ["lead", "score", "probability", "version", "day", "revision", "scored_at"]
