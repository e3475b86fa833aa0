"""GET /api/health: the process answers. GET /api/ready: it can do its work."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Literal

import msgspec
import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from scoring import registry
from scoring.models import ModelVersion

logger = structlog.get_logger(__name__)


class Health(msgspec.Struct):
    """The process answers."""

    status: Literal["healthy"]
    version: str


class Readiness(msgspec.Struct):
    """What works. Without the cache, requests are answered but not counted."""

    status: Literal["ready", "not ready"]
    database: Literal["ok", "failing"]
    migrations: Literal["ok", "missing", "failing"]
    cache: Literal["ok", "failing"]
    model: Literal["ok", "untrained", "failing"]


class HealthView(ApiView):
    """For load balancers: no key, no database."""

    resource = "health"
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []

    @describe("health", "Whether the process answers", response=Health, public=True)
    def get(self, request: Request) -> Response:
        return Response(Health("healthy", settings.VERSION))


class ReadyView(ApiView):
    """For people who watch over it."""

    resource = "ready"

    @describe("ready", "What works and what does not", response=Readiness, status=[200, 503])
    def get(self, request: Request) -> Response:
        found = Readiness(
            "ready",
            database=_outcome(_database),
            migrations=_outcome(_migrations),
            cache=_outcome(_cache),
            model=_outcome(_model),
        )
        if found.database != "ok" or found.migrations != "ok" or found.model == "failing":
            found.status = "not ready"
        return Response(found, status=200 if found.status == "ready" else 503)


def _outcome(check: Callable[[], str]) -> Any:
    try:
        return check()
    except Exception:
        logger.exception("not_ready", check=check.__name__.removeprefix("_"))
        return "failing"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    return "missing" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def _cache() -> str:
    key = f"ready-{uuid.uuid4()}"
    cache.set(key, key, timeout=5)
    return "ok" if cache.get(key) == key else "failing"


def _model() -> str:
    if ModelVersion.objects.champion() is None:
        return "untrained"  # the first who asks for a score makes the scorecard the champion
    registry.champion()
    return "ok"
