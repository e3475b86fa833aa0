"""The admin's sidebar: what is done every day first, then every list, for those who may see it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

ICONS = {
    "ApiKey": "key",
    "Group": "group",
    "Job": "pending_actions",
    "Lead": "person_search",
    "LeadScore": "speed",
    "ModelVersion": "model_training",
    "Outcome": "flag",
    "Prediction": "history",
    "Scorecard": "scoreboard",
    "User": "person",
}
MAY_SEE_WORKLIST = ("scoring.view_leadscore", "crm.view_lead")


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links, as the theme wants them."""
    worklist = reverse("admin:scoring_leadscore_worklist")
    groups = [
        {
            "title": app["name"],
            "items": [
                {
                    "title": model["name"],
                    "icon": ICONS.get(model["object_name"], "list"),
                    "link": model["admin_url"],
                    "active": request.path.startswith(model["admin_url"])
                    and request.path != worklist,
                }
                for model in app["models"]
                if model["admin_url"]
            ],
        }
        for app in admin.site.get_app_list(request)
    ]
    if request.user.has_perms(MAY_SEE_WORKLIST):
        today = {"title": "Worklist", "icon": "checklist", "link": worklist}
        groups.insert(0, {"title": "Today", "items": [today]})
    return groups
