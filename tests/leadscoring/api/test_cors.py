"""Pages of other origins: those of CORS_ORIGINS may call the API by a key, no others, no pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

OURS = "https://crm.example"
ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture(autouse=True)
def configured(settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [OURS]


def preflight(path: str = "/api/predict", origin: str = OURS) -> Any:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    }
    return Client().options(path, headers=headers)


def listed(response: Any, name: str) -> set[str]:
    return {each.strip().lower() for each in response.headers[name].split(",")}


def test_no_origin_is_allowed_unless_it_is_configured(settings) -> None:
    assert preflight().headers[ALLOWED] == OURS
    settings.CORS_ALLOWED_ORIGINS = []
    assert ALLOWED not in preflight().headers


def test_a_preflight_allows_what_a_client_sends() -> None:
    response = preflight()
    assert response.status_code == 200
    assert response.headers[ALLOWED] == OURS
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    sent = {"authorization", "content-type", "idempotency-key", "x-api-key", "x-request-id"}
    assert sent <= listed(response, "Access-Control-Allow-Headers")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://crm.example", "https://crm.example:444", "null"]
)
def test_another_origin_is_allowed_nothing(origin: str) -> None:
    assert ALLOWED not in preflight(origin=origin).headers


@pytest.mark.parametrize("path", ["/api/predict", "/api/nothing"])
def test_a_refusal_can_be_read_too(path: str) -> None:
    """Without these headers a page would only know that something failed."""
    response = Client().post(path, headers={"Origin": OURS})
    assert response.status_code in (401, 404)
    assert response.headers[ALLOWED] == OURS
    exposed = listed(response, "Access-Control-Expose-Headers")
    assert {"retry-after", "x-request-id", "idempotency-replayed"} <= exposed


def test_the_refusal_of_plain_http_can_be_read_too(settings) -> None:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    response = Client().post("/api/predict", headers={"Origin": OURS})
    assert response.json()["error"]["code"] == "https_required"
    assert response.headers[ALLOWED] == OURS


def test_no_answer_is_given_to_a_cookie() -> None:
    for response in (preflight(), Client().get("/api/health", headers={"Origin": OURS})):
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert response.headers[ALLOWED] != "*"


def test_a_cache_keeps_the_answers_of_two_origins_apart() -> None:
    assert "origin" in listed(Client().get("/api/health"), "Vary")


@pytest.mark.parametrize("path", ["/admin/login/", "/ws/scores"])
@pytest.mark.django_db
def test_pages_are_for_our_own_origin(path: str) -> None:
    response = Client().get(path, headers={"Origin": OURS})
    assert ALLOWED not in response.headers
