"""The description of the API, and the page that shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client
from jsonschema_rs import meta

from tests.http import ApiClient

pytestmark = pytest.mark.django_db

# What decides which model answers is for logged-in people, never for an API key.
FOR_PEOPLE = {("post", "/api/models/{number}/promote"), ("post", "/api/jobs")}


@pytest.fixture
def schema() -> dict[str, Any]:
    response = ApiClient("models").get("/api/schema")
    assert response.headers["Content-Type"] == "application/vnd.oai.openapi+json"
    found: dict[str, Any] = response.json()
    return found


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_openapi_3_1_with_the_routes_that_clients_build_on(schema: dict[str, Any]) -> None:
    assert schema["openapi"] == "3.1.0"
    described = {f"{method.upper()} {path}" for path, method, _ in operations(schema)}
    assert described >= {
        "POST /api/predict",
        "GET /api/leads",
        "POST /api/leads",
        *(f"{method} /api/leads/{{id}}" for method in ("GET", "PUT", "PATCH", "DELETE")),
        "POST /api/outcomes",
        "GET /api/predictions",
        "GET /api/models",
        "GET /api/models/{number}",
        "POST /api/models/{number}/promote",
        "GET /api/health",
        "GET /api/ready",
        "GET /api/schema",
    }


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    names = set(re.findall(r"#/components/schemas/(\w+)", str(schema)))
    assert names == schema["components"]["schemas"].keys()
    for name in names:
        meta.validate(schema["components"]["schemas"][name])


def test_every_route_but_health_says_how_it_can_fail(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        expected: set[str] = set() if path == "/api/health" else {"401", "403", "429", "500", "503"}
        if "requestBody" in operation:
            expected |= {"400", "411", "413", "415"}
            assert operation["requestBody"]["required"]
        if "{" in path and method != "put":
            expected |= {"404"}
        assert expected <= operation["responses"].keys(), path


def test_it_says_who_may(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        ways = [set(way) for way in operation["security"]] if "security" in operation else []
        by_key = {"apiKey"} in ways
        if path == "/api/health":
            assert not ways
        elif (method, path) in FOR_PEOPLE:
            assert ways == [{"session", "csrf"}]
        else:
            assert by_key, f"{method} {path}"
    assert {(method, path) for path, method, _ in operations(schema)} >= FOR_PEOPLE


def test_the_page_needs_no_inline_script_and_nothing_from_elsewhere(admin_client: Client) -> None:
    response = admin_client.get("/api/docs")
    page = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r"<script(?! src)", page) == []
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(addresses) >= 4
    for address in addresses:
        if not address.startswith("/api/docs"):
            assert find(address.removeprefix("/static/")), address
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert "script-src 'self'" in policy


def test_the_pages_script_is_a_script(admin_client: Client) -> None:
    response = admin_client.get("/api/docs?script=")
    assert response.headers["Content-Type"] == "application/javascript"
    assert "/api/schema" in response.content.decode()


def test_a_stranger_gets_json_not_a_page(client: Client) -> None:
    response = client.get("/api/docs", headers={"Accept": "text/html"})
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/json"
