"""Requests that schemathesis makes up from the API's own description: none ends in a 5xx.

A few hundred by default; FUZZ_REQUESTS=10000 makes about so many, and those that schemathesis
derives from the description itself (every limit of every field, every other method).
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.http import new_key
from tests.scoring.versions import make_version

OPERATIONS = 14
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "0"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def one_connection(db: None):
    """A real WSGI application closes the connection after a request; the test's must stay."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def described(one_connection: None):
    _, key = new_key()
    make_version(is_champion=True, is_active=True)
    headers = {"X-API-Key": key}
    schema = schemathesis.openapi.from_wsgi("/api/schema", get_wsgi_application(), headers=headers)
    schema.config.update(headers=headers)
    schema.config.phases.coverage.enabled = bool(REQUESTS)
    return schema


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=max(20, REQUESTS // OPERATIONS),
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_ends_in_a_server_error(case: Any) -> None:
    case.call_and_validate(checks=CHECKS)
