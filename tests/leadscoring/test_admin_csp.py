from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def script_src(path: str) -> str:
    policy = Client().get(path).headers["Content-Security-Policy"]
    return next(each for each in policy.split("; ") if each.startswith("script-src"))


def test_the_admin_may_evaluate_expressions():
    assert "'unsafe-eval'" in script_src("/admin/login/")


def test_nothing_else_may():
    assert "'unsafe-eval'" not in script_src("/api/health")


def test_nowhere_may_a_script_be_inline():
    assert "'unsafe-inline'" not in script_src("/admin/login/")
