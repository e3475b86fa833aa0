"""What browsers need and programs do not: a request that brings a key goes past it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from tests.http import ApiClient, send

pytestmark = pytest.mark.django_db
ROUTE = "/api/models"


def test_a_key_alone_says_who_it_is_whatever_cookies_come_along(admin_client: Client) -> None:
    key = ApiClient("predict").key_text
    assert admin_client.get(ROUTE).status_code == 200
    assert admin_client.get(ROUTE, headers={"X-API-Key": key}).status_code == 403


@pytest.mark.parametrize("given", ["Basic eDp5", "Bearer x", "Api-Keys x", "Api-Key.x"])
def test_other_credentials_leave_a_session_what_it_is(admin_client: Client, given: str) -> None:
    assert admin_client.get(ROUTE, headers={"Authorization": given}).status_code == 200


def test_a_session_needs_its_csrf_token_where_a_key_needs_none() -> None:
    strict = Client(enforce_csrf_checks=True)
    leads = {"leads": [{"id": 1}]}
    key = {"X-API-Key": ApiClient().key_text}
    assert send(strict, "POST", "/api/leads", leads, key).status_code == 200
    assert send(strict, "POST", "/api/leads", leads).status_code == 401


def test_a_session_without_its_csrf_token_is_refused(admin_user) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert send(strict, "POST", "/api/leads", {"leads": [{"id": 1}]}).status_code == 403


def test_a_foreign_host_is_refused() -> None:
    answer = ApiClient().get(ROUTE, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid"


@pytest.mark.parametrize("path", [ROUTE, "/api/nothing", "/api/docs", "/api/health"])
def test_answers_to_programs_are_as_closed_to_browsers_as_pages_are(path: str) -> None:
    headers = ApiClient().get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Length"].isdigit()


def test_a_page_leaves_no_language_behind(admin_client: Client) -> None:
    admin_client.get("/admin/", headers={"Accept-Language": "de"})
    assert translation.get_language() == "en"
