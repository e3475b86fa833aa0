"""What holds for all routes under /api, those that do not exist too."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from tests.http import ApiClient

HEALTH = "/api/health"


@pytest.fixture
def https(settings) -> None:
    settings.HTTPS = True
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.parametrize(
    "path", [HEALTH, "/api/predict", "/api/leads/1", "/api/docs", "/api/nothing", "/api/"]
)
def test_production_refuses_plain_http(https: None, path: str) -> None:
    response = Client().post(path)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "https_required"


def test_production_answers_https(https: None) -> None:
    assert Client().get(HEALTH, secure=True).status_code == 200


def test_every_answer_has_a_request_id_that_the_error_repeats() -> None:
    response = Client().get("/api/nothing")
    assert UUID(response.headers["X-Request-ID"])
    assert response.json()["error"]["requestId"] == response.headers["X-Request-ID"]


def test_a_plain_request_id_is_kept() -> None:
    response = Client().get(HEALTH, headers={"X-Request-ID": "run-5.a_B"})
    assert response.headers["X-Request-ID"] == "run-5.a_B"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\tb", "é"])
def test_an_odd_request_id_is_replaced(given: str) -> None:
    response = Client().get(HEALTH, headers={"X-Request-ID": given})
    assert UUID(response.headers["X-Request-ID"])


def test_no_answer_is_kept_in_a_cache() -> None:
    assert Client().get(HEALTH).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/predict/", "/api/v1/leads", "/api/models/x"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_a_route_that_does_not_exist_is_a_json_404(path: str, method: str) -> None:
    response = Client(enforce_csrf_checks=True).generic(method, path)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


@pytest.mark.django_db
def test_whatever_a_client_accepts_it_gets_json() -> None:
    for accept in ("text/html", "application/xml", "image/png;q=0.1", "nonsense", ""):
        response = ApiClient().get("/api/models?", headers={"Accept": accept})
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_the_log_tells_the_route_but_nobodys_name(caplog) -> None:
    with caplog.at_level("INFO"):
        ApiClient().get("/api/leads/ada@engine.example?search=ada@engine.example")
        ApiClient().get("/api/ada@engine.example")
    assert "GET /api/leads/<external_id:id>" in caplog.text
    assert "ada@engine" not in caplog.text
