"""All routes. The API's have no trailing slash."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from leadscoring import errors
from leadscoring.docs import DocsView, SchemaView
from leadscoring.health import HealthView, ReadyView

urlpatterns = [
    # Who types only the host's name wants the pages for people.
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("api/health", HealthView.as_view()),
    path("api/ready", ReadyView.as_view()),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("api/docs", DocsView.as_view(), name="docs"),
    path("api/", include("scoring.api.urls")),
    path("api/", include("crm.api.urls")),
    re_path(r"^api(?:/|\Z)", errors.unknown_route),
]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
