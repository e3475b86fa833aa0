"""Who may call what: every route and method, by every kind of caller."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from crm.models import Lead
from leadscoring.access.rules import RULES, SCOPES, Rule
from tests.http import new_key, send
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

# resource -> (path, body); what a good request answers.
REQUESTS: dict[tuple[str, str], tuple[str, Any, int]] = {
    ("predict", "POST"): ("/api/predict", {"leads": [{"id": 1}]}, 200),
    ("leads", "GET"): ("/api/leads", None, 200),
    ("leads", "POST"): ("/api/leads", {"leads": [{"id": 1}]}, 200),
    ("leads", "PUT"): ("/api/leads/1", {}, 200),
    ("leads", "PATCH"): ("/api/leads/1", {}, 200),
    ("leads", "DELETE"): ("/api/leads/1", None, 204),
    ("outcomes", "POST"): ("/api/outcomes", {"outcomes": [{"id": 1, "result": "won"}]}, 200),
    ("outcomes", "DELETE"): ("/api/leads/1/outcome", None, 204),
    ("predictions", "GET"): ("/api/predictions", None, 200),
    ("explanation", "GET"): ("/api/leads/1/explanation", None, 200),
    ("scores", "GET"): ("/api/leads/1/scores", None, 200),
    ("events", "GET"): ("/api/events", None, 200),
    ("ws-ticket", "POST"): ("/api/ws-ticket", None, 201),
    ("what-if", "POST"): ("/api/what-if", {"lead": {"id": 1}, "targetScore": 90}, 200),
    ("worklist", "GET"): ("/api/worklist?capacity=5", None, 200),
    ("models", "GET"): ("/api/models/1", None, 200),
    ("promotion", "POST"): ("/api/models/1/promote", {"reason": "a test"}, 200),
    ("batches", "GET"): ("/api/batches", None, 200),
    ("batches", "POST"): ("/api/batches", "id\n1\n", 202),
    ("batches", "DELETE"): (f"/api/batches/{UUID(int=1)}", None, 404),
    ("jobs", "GET"): ("/api/jobs", None, 200),
    ("jobs", "POST"): ("/api/jobs", {"kind": "retrain"}, 202),
    ("jobs", "DELETE"): (f"/api/jobs/{UUID(int=1)}", None, 404),
    ("ready", "GET"): ("/api/ready", None, 200),
    ("schema", "GET"): ("/api/schema", None, 200),
    ("docs", "GET"): ("/api/docs", None, 200),
}
ROWS = [
    (method, *REQUESTS[resource, method], rule)
    for resource, methods in RULES.items()
    for method, rule in methods.items()
]
every_route = pytest.mark.parametrize(
    ("method", "path", "body", "good", "rule"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS]
)


@pytest.fixture(autouse=True)
def something_to_work_on() -> None:
    make_version(is_champion=True, is_active=True)
    Lead.objects.create(external_id="1")


def call(method: str, path: str, body: Any, key: str | None = None) -> Any:
    headers = {"X-API-Key": key} if key else {}
    return send(Client(), method, path, body, headers)


def assert_error(response: Any, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert response.json()["error"]["requestId"] == response.headers["X-Request-ID"]


def all_views(patterns: Any) -> list[Any]:
    """The view classes of all routes under /api."""
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += all_views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "cls"):
            found.append(pattern.callback.cls)
    return found


def test_the_matrix_has_every_route_and_method() -> None:
    methods = {
        (view.resource, method.upper())
        for view in all_views(get_resolver().url_patterns)
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(view, method) and view.resource != "health"
    }
    assert methods == {(resource, method) for resource in RULES for method in RULES[resource]}
    assert methods == REQUESTS.keys()


@every_route
def test_without_a_key_it_is_401(method: str, path: str, body: Any, good: int, rule: Rule) -> None:
    response = call(method, path, body)
    assert_error(response, 401, "not_authenticated")
    assert response.headers["WWW-Authenticate"] == 'Api-Key realm="api"'


@every_route
def test_with_a_key_that_is_not_good_it_is_401(
    method: str, path: str, body: Any, good: int, rule: Rule
) -> None:
    revoked, revoked_key = new_key()
    revoked.revoked = True
    revoked.save()
    _, expired_key = new_key(expires=timezone.now() - timedelta(seconds=1))
    wrong = revoked_key[:-1] + ("a" if revoked_key[-1] != "a" else "b")
    for key in ("x", "ÿ", "a" * 8 + "." + "b" * 32, wrong, revoked_key, expired_key):
        response = call(method, path, body, key)
        assert_error(response, 401, "not_authenticated")
        assert "WWW-Authenticate" in response.headers


@every_route
def test_a_key_needs_the_scope(method: str, path: str, body: Any, good: int, rule: Rule) -> None:
    others = [scope for scope in SCOPES if scope != rule.scope]
    _, key = new_key(*others)
    response = call(method, path, body, key)
    if rule.scope == "":
        assert response.status_code == good
    else:
        assert_error(response, 403, "forbidden")


@every_route
def test_a_key_with_just_the_scope_may(
    method: str, path: str, body: Any, good: int, rule: Rule
) -> None:
    _, key = new_key(rule.scope or "models", *rule.also)
    response = call(method, path, body, key)
    assert response.status_code == (403 if rule.scope is None else good)


def test_a_key_needs_every_scope_of_a_route_with_two() -> None:
    for given, lacks in [("leads", "predict"), ("predict", "leads")]:
        _, key = new_key(given)
        response = call("GET", "/api/worklist", None, key)
        assert_error(response, 403, "forbidden")
        assert f"`{lacks}`" in response.json()["error"]["message"]


@every_route
def test_a_user_needs_the_permissions(
    method: str, path: str, body: Any, good: int, rule: Rule
) -> None:
    user = User.objects.create_user("ada", is_staff=not rule.staff)
    every = Permission.objects.all()
    names = [name.split(".")[1] for name in rule.permissions]
    user.user_permissions.set(every.exclude(codename__in=names))
    client = Client()
    client.force_login(user)
    assert_error(send(client, method, path, body), 403, "forbidden")
    user.is_staff = True
    user.save()
    user.user_permissions.set(every.filter(codename__in=names))
    assert send(client, method, path, body).status_code == good


@every_route
def test_a_session_needs_the_csrf_token(
    method: str, path: str, body: Any, good: int, rule: Rule
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    response = send(client, method, path, body)
    if method == "GET":
        assert response.status_code == good
    else:
        assert_error(response, 403, "forbidden")


@every_route
def test_another_method_is_405(method: str, path: str, body: Any, good: int, rule: Rule) -> None:
    _, key = new_key()
    for other in ("TRACE", "OPTIONS", "BREW"):
        assert_error(call(other, path, None, key), 405, "method_not_allowed")


def test_a_session_with_the_csrf_token_may_write() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    client.get("/admin/password_change/")
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    body = {"leads": [{"id": 1}]}
    assert send(client, "POST", "/api/predict", body, headers).status_code == 200


def test_a_head_request_needs_what_its_get_needs() -> None:
    _, key = new_key("leads")
    assert call("HEAD", "/api/leads", None, key).status_code == 200
    assert call("HEAD", "/api/models", None, key).status_code == 403
    assert call("HEAD", "/api/models", None).status_code == 401
