"""Where a cluster cannot be used, a sentence says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection

from crm.models import Lead
from leadscoring.cluster_settings import ClusterSettings
from tests.databases import needs_postgresql
from tests.ports import free_port
from tests.scoring.cluster.conftest import cluster_for_tests
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobody(settings, monkeypatch) -> None:
    """A cluster of which nothing runs."""
    monkeypatch.setattr("scoring.cluster.connection.CONNECT_SECONDS", 1.0)
    settings.SCORING_CLUSTER = ClusterSettings(f"tcp://127.0.0.1:{free_port()}")
    make_version(1, is_champion=True)


def ids() -> list[str | None]:
    return [message.id for message in run_checks() if not message.is_silenced()]


def test_a_database_in_a_file_is_refused_by_the_checks_and_at_work(nobody, settings):
    if connection.vendor == "postgresql":
        assert ids() == []
        return
    assert ids() == ["leadscoring.E004"]
    with pytest.raises(CommandError, match="needs PostgreSQL"):
        call_command("retrain", skip_checks=True)
    settings.SCORING_CLUSTER = ClusterSettings()
    assert ids() == []


@needs_postgresql
@pytest.mark.parametrize("command", ["score", "retrain"])
def test_a_cluster_that_is_down_is_named_with_what_to_do(nobody, command):
    Lead.objects.create(external_id="1", name="a")
    with pytest.raises(CommandError, match=r"manage\.py cluster_scheduler"):
        call_command(command)


@needs_postgresql
def test_a_cluster_without_workers_is_named_with_what_to_do(
    django_db_setup, settings, monkeypatch, tmp_path
):
    monkeypatch.setattr("scoring.cluster.connection.WORKER_SECONDS", 1.0)
    cluster = cluster_for_tests(tmp_path)
    settings.SCORING_CLUSTER = cluster.settings
    make_version(1, is_champion=True)
    with cluster.processes:
        cluster.start_scheduler()
        with pytest.raises(CommandError, match=r"manage\.py cluster_worker"):
            call_command("retrain")


@pytest.mark.parametrize("command", ["cluster_scheduler", "cluster_worker"])
def test_its_processes_need_to_know_which_cluster(command: str) -> None:
    with pytest.raises(CommandError, match="Set SCORING_CLUSTER"):
        call_command(command)


def test_a_worker_without_its_scheduler_ends_and_says_so(nobody, monkeypatch: Any) -> None:
    monkeypatch.setattr("scoring.cluster.processes.FIND_SCHEDULER", "1s")
    with pytest.raises(CommandError, match=r"manage\.py cluster_scheduler"):
        call_command("cluster_worker", skip_checks=True)
