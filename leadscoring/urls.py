"""All routes. The API's have no trailing slash."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path, re_path

from leadscoring import errors
from leadscoring.dashboard import DashboardView
from leadscoring.docs import DocsView, SchemaView
from leadscoring.health import HealthView, ReadyView
from leadscoring.login import LoginView

admin.autodiscover()
urlpatterns = [
    # First: each is compared with the address in turn, and what programs ask for comes most often.
    path("api/", include("scoring.api.urls")),
    path("api/", include("crm.api.urls")),
    path("api/health", HealthView.as_view()),
    path("api/ready", ReadyView.as_view()),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("api/docs", DocsView.as_view(), name="docs"),
    re_path(r"^api(?:/|\Z)", errors.unknown_route),
    # The dashboard's own addresses, as its router in frontend/src/app knows them.
    path("", DashboardView.as_view(), name="dashboard"),
    *(path(page, DashboardView.as_view()) for page in ("leads", "scoring", "bulk")),
    path("login", LoginView.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
