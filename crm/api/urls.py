"""Routes of leads and outcomes, below /api/."""

from django.urls import path, register_converter

from crm.api.lead import LeadView
from crm.api.leads import LeadsView
from crm.api.outcomes import OutcomesView


class ExternalIdInPath:
    """Any text without NUL, which no id has. Slashes in it arrive percent-decoded."""

    regex = "[^\\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ExternalIdInPath, "external_id")

urlpatterns = [
    path("leads", LeadsView.as_view()),
    path("leads/<external_id:id>", LeadView.as_view()),
    path("outcomes", OutcomesView.as_view()),
]
