"""Every failure under /api is JSON of one form, and tells no more than it should."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.test import Client, RequestFactory

from crm.errors import InvalidLead
from leadscoring import errors
from tests.http import ApiClient

SECRET = "postgres://user:hunter2@db"


@pytest.fixture
def broken(monkeypatch):
    """A route that fails with the exception that it is given."""

    def breaking(exception: Exception) -> None:
        def fail(*_args: object, **_options: object) -> None:
            raise exception

        monkeypatch.setattr("scoring.api.models._version", fail)

    return breaking


@pytest.mark.django_db
def test_a_bug_is_a_json_500_without_a_traceback(broken, caplog) -> None:
    broken(RuntimeError(SECRET))
    response = ApiClient().get("/api/models/1")
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "internal_error"
    assert "hunter2" not in response.content.decode()
    assert "hunter2" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("exception", "status", "code"),
    [
        (OperationalError(SECRET), 503, "busy"),
        (UnreadablePostError(SECRET), 400, "invalid"),
        (PermissionError(SECRET), 500, "internal_error"),
    ],
)
def test_what_a_machine_says_is_for_the_log(
    broken, exception: Exception, status: int, code: str
) -> None:
    broken(exception)
    response = ApiClient().get("/api/models/1")
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert "hunter2" not in response.content.decode()


@pytest.mark.django_db
def test_fields_go_by_their_names_on_the_wire(broken) -> None:
    told = {
        "leads.0.external_id": "a",
        "leads.1.last_contact": "b",
        "leads.2.attributes.last_contact": "c",
    }
    broken(InvalidLead("No.", told))
    answer = ApiClient().get("/api/models/1").json()["error"]
    assert answer["fields"] == {
        "leads.0.id": "a",
        "leads.1.lastContact": "b",
        "leads.2.attributes.last_contact": "c",
    }


def test_a_wrong_host_is_json_too() -> None:
    response = Client().get("/api/health", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid"


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (lambda request: errors.bad_request(request, ValueError()), 400),
        (lambda request: errors.permission_denied(request, ValueError()), 403),
        (lambda request: errors.page_not_found(request, ValueError()), 404),
        (errors.server_error, 500),
    ],
)
def test_outside_the_api_people_get_pages(handler, status: int) -> None:
    page: HttpResponse = handler(RequestFactory().get("/admin/nothing"))
    answer: HttpResponse = handler(RequestFactory().get("/api/nothing"))
    assert (page.status_code, answer.status_code) == (status, status)
    assert page.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Content-Type"] == "application/json"


def test_a_slash_too_many_is_named() -> None:
    def said(path: str) -> str:
        message: str = Client().get(path).json()["error"]["message"]
        return message

    assert "Leave out the slash" in said("/api/predict/")
    assert "slash" not in said("/api/nothing")


def test_a_page_that_does_not_exist_leads_back() -> None:
    response = Client().get("/nothing")
    assert response.status_code == 404
    assert 'href="/">the leads' in response.content.decode()
