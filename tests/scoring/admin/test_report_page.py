"""The report of a version in the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from scoring.models import ModelVersion
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def path(version: ModelVersion) -> str:
    return f"/admin/scoring/modelversion/{version.pk}/report/"


def test_the_page_of_a_version_leads_to_its_report(admin_client: Client) -> None:
    version = make_version(4)
    page = admin_client.get(f"/admin/scoring/modelversion/{version.pk}/change/")
    assert path(version) in page.content.decode()
    report = admin_client.get(path(version)).content.decode()
    assert "Model version 4: report" in report
    assert "Nothing was measured of this version. Train a new one." in report


def test_it_can_be_taken_away_as_a_file(admin_client: Client) -> None:
    response = admin_client.get(path(make_version(4)) + "?format=html")
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="model-version-4.html"'
    )
    assert response.content.decode().startswith("<!doctype html>")


def test_it_reads_no_artifact_and_few_rows(
    admin_client: Client, django_assert_max_num_queries
) -> None:
    version = make_version(4)
    with django_assert_max_num_queries(6) as queries:
        admin_client.get(path(version))
    assert "modelartifact" not in str(queries.captured_queries)


def test_a_version_that_is_not_there_is_404(admin_client: Client) -> None:
    assert admin_client.get("/admin/scoring/modelversion/99/report/").status_code == 404


def test_only_who_may_see_versions_sees_it() -> None:
    version = make_version(4)
    user = User.objects.create_user("ada", is_staff=True)
    client = Client()
    client.force_login(user)
    assert client.get(path(version)).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_modelversion"))
    assert client.get(path(version)).status_code == 200


@pytest.mark.parametrize("key", ["zz", "1.5", "999", "9" * 30])
@pytest.mark.parametrize("page", ["report", "promote"])
def test_a_version_that_is_none_is_not_found(admin_client: Client, page: str, key: str) -> None:
    filled_in = {"_form_submitted": "on", "reason": "why not"}
    response = admin_client.post(f"/admin/scoring/modelversion/{key}/{page}/", filled_in)
    assert response.status_code == 404
