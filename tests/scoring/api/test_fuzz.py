"""Requests that schemathesis makes up from the API's own description: none ends in a 5xx.

FUZZ_REQUESTS says about how many in all (default: some hundred).
"""

from __future__ import annotations

import os

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.http import new_key
from tests.scoring.versions import make_version

OPERATIONS = 13
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "260"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def described(db: None):
    _, key = new_key()
    make_version(is_champion=True, is_active=True)
    headers = {"X-API-Key": key}
    schema = schemathesis.openapi.from_wsgi("/api/schema", get_wsgi_application(), headers=headers)
    schema.config.update(headers=headers)
    return schema


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=max(1, REQUESTS // OPERATIONS),
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_ends_in_a_server_error(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS)
