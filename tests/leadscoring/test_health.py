"""Health for machines, readiness for people."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from leadscoring.settings import VERSION
from scoring.models import ModelArtifact
from tests.http import ApiClient
from tests.scoring.versions import make_version


def test_health_needs_no_key_and_no_database() -> None:
    response = Client().get("/api/health", headers={"X-API-Key": "not a key"})
    assert response.status_code == 200
    assert response.json() == {"status": "healthy", "version": VERSION}


@pytest.mark.django_db
def test_it_is_ready_when_all_works() -> None:
    make_version(is_champion=True)
    response = ApiClient("models").get("/api/ready")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": "ok",
        "migrations": "ok",
        "cache": "ok",
        "model": "ok",
    }


@pytest.mark.django_db
def test_before_the_first_training_it_is_ready_for_leads() -> None:
    response = ApiClient("models").get("/api/ready")
    assert (response.status_code, response.json()["model"]) == (200, "untrained")


@pytest.mark.django_db
def test_without_the_cache_it_goes_on(monkeypatch) -> None:
    monkeypatch.setattr(cache, "set", lambda *_args, **_options: None)
    response = ApiClient("models").get("/api/ready")
    assert (response.status_code, response.json()["cache"]) == (200, "failing")


@pytest.mark.django_db
def test_it_is_not_ready_with_a_damaged_model() -> None:
    make_version(is_champion=True)
    ModelArtifact.objects.update(sha256="0" * 64)
    response = ApiClient("models").get("/api/ready")
    assert response.status_code == 503
    assert (response.json()["status"], response.json()["model"]) == ("not ready", "failing")


@pytest.mark.django_db
def test_it_is_not_ready_with_missing_migrations(monkeypatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_args: ["one"])
    response = ApiClient("models").get("/api/ready")
    assert (response.status_code, response.json()["migrations"]) == (503, "missing")
