"""Routes of scoring, below /api/."""

from django.urls import path, register_converter

from leadscoring.api import paths  # noqa: F401 - registers external_id
from scoring.api.batches import BatchesView, BatchRejectedView, BatchResultsView, BatchView
from scoring.api.distribution import DistributionView
from scoring.api.events import EventsView, TicketView
from scoring.api.explanation import ExplanationView
from scoring.api.jobs import JobsView, JobView
from scoring.api.models import ModelsView, ModelView, PromotionView
from scoring.api.predict import PredictView
from scoring.api.predictions import PredictionsView
from scoring.api.scores import ScoresView
from scoring.api.what_if import WhatIfView
from scoring.api.worklist import WorklistView


class VersionNumber:
    """At most nine digits: more are no number of a version, and too much for the database."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(VersionNumber, "version")

urlpatterns = [
    path("predict", PredictView.as_view()),
    path("models", ModelsView.as_view()),
    path("models/<version:number>", ModelView.as_view()),
    path("models/<version:number>/promote", PromotionView.as_view()),
    path("predictions", PredictionsView.as_view()),
    path("events", EventsView.as_view()),
    path("ws-ticket", TicketView.as_view()),
    path("leads/<external_id:id>/explanation", ExplanationView.as_view()),
    path("leads/<external_id:id>/scores", ScoresView.as_view()),
    path("what-if", WhatIfView.as_view()),
    path("worklist", WorklistView.as_view()),
    path("score-distribution", DistributionView.as_view()),
    path("batches", BatchesView.as_view()),
    path("batches/<uuid:id>", BatchView.as_view()),
    path("batches/<uuid:id>/results", BatchResultsView.as_view()),
    path("batches/<uuid:id>/rejected", BatchRejectedView.as_view()),
    path("jobs", JobsView.as_view()),
    path("jobs/<uuid:id>", JobView.as_view()),
]
