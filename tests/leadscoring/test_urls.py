"""The addresses that people type."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from leadscoring.dashboard import session

pytestmark = pytest.mark.django_db
PAGES = ["/", "/leads", "/scoring", "/bulk"]


@pytest.mark.parametrize("path", PAGES)
def test_the_dashboard_is_for_people_who_are_logged_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/login?next={path}",
    )


@pytest.mark.parametrize("path", ["/lead", "/leads/", "/scoring/x", "/static/dashboard/none.js"])
def test_no_other_address_is_the_dashboard(client: Client, path: str) -> None:
    client.force_login(User.objects.create_superuser("boss"))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_it_says_how_to_build_a_dashboard_that_is_not(client: Client, settings, path: str) -> None:
    settings.DASHBOARD_MANIFEST = Path("/none")
    client.force_login(User.objects.create_superuser("boss"))
    response = client.get(path)
    assert response.status_code == 503
    assert b"make setup" in response.content


def test_the_page_knows_what_its_user_may_do_and_no_secret() -> None:
    user = User.objects.create_user("sue", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_lead"))
    known = session(user)
    assert known["may"]["leads"] == ["GET"]
    assert known["may"]["predict"] == []
    assert known["user"] == "sue"


def test_the_page_runs_no_script_but_our_own(client: Client, settings) -> None:
    settings.DASHBOARD_MANIFEST = Path("/none")
    client.force_login(User.objects.create_superuser("boss"))
    policy = client.get("/leads").headers["Content-Security-Policy"]
    scripts = next(each for each in policy.split("; ") if each.startswith("script-src"))
    assert "unsafe" not in scripts
