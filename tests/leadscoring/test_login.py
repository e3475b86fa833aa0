"""Logging in and out of the dashboard."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db
WORDS = "a pass phrase of four"


@pytest.fixture
def seller() -> User:
    return User.objects.create_user("seller", password=WORDS)


def sent(password: str = WORDS) -> dict[str, str]:
    return {"username": "seller", "password": password}


def test_who_is_no_staff_logs_in_to_where_she_was_going(client: Client, seller: User) -> None:
    asked = client.get("/scoring")
    page = client.get(asked.headers["Location"])
    assert page.status_code == 200
    assert b'action="/login?next=/scoring"' in page.content
    answer = client.post("/login?next=/scoring", sent())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/scoring")
    assert client.get("/scoring").status_code != 302


def test_a_wrong_password_is_told_and_logs_nobody_in(client: Client, seller: User) -> None:
    answer = client.post("/login", sent("something else"))
    assert b"Please enter a correct username and password" in answer.content
    assert client.get("/").status_code == 302


def test_who_has_left_is_not_let_in(client: Client, seller: User) -> None:
    User.objects.update(is_active=False)
    assert client.post("/login", sent()).status_code == 200
    assert client.get("/").status_code == 302


def test_nobody_is_sent_to_another_site(client: Client, seller: User) -> None:
    answer = client.post("/login?next=https://elsewhere.example/", sent())
    assert answer.headers["Location"] == "/"


def test_logging_out_ends_the_session_and_asks_again(client: Client, seller: User) -> None:
    client.force_login(seller)
    assert client.get("/login").headers["Location"] == "/"
    assert client.post("/logout").headers["Location"] == "/login"
    assert client.get("/").headers["Location"] == "/login?next=/"
