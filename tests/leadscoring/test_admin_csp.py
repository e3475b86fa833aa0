from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def script_src(path: str) -> str:
    policy = Client().get(path).headers["Content-Security-Policy"]
    return next(each for each in policy.split("; ") if each.startswith("script-src"))


@pytest.mark.parametrize("path", ["/admin/login/", "/login"])
def test_what_has_the_look_of_the_admin_may_evaluate_expressions(path: str):
    assert "'unsafe-eval'" in script_src(path)


@pytest.mark.parametrize("path", ["/api/health", "/leads"])
def test_nothing_else_may(path: str):
    assert "'unsafe-eval'" not in script_src(path)


def test_nowhere_may_a_script_be_inline():
    assert "'unsafe-inline'" not in script_src("/admin/login/")
