"""Routes of leads and outcomes, below /api/."""

from django.urls import path

from crm.api.lead import LeadView
from crm.api.leads import LeadsView
from crm.api.outcomes import LeadOutcomeView, OutcomesView
from leadscoring.api import paths  # noqa: F401 - registers external_id

urlpatterns = [
    path("leads", LeadsView.as_view()),
    path("leads/<external_id:id>/outcome", LeadOutcomeView.as_view()),
    path("leads/<external_id:id>", LeadView.as_view()),
    path("outcomes", OutcomesView.as_view()),
]
