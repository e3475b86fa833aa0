"""A real cluster on the test database."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.databases import given
from tests.scoring.cluster.running import Cluster, new_cluster


def cluster_for_tests(folder: Path) -> Cluster:
    """One whose processes see the database of this test run."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "leadscoring.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "MODEL_DIR": str(folder / "models"),
        "DATABASE_URL": f"{given().rpartition('/')[0]}/{connection.settings_dict['NAME']}",
    }
    return new_cluster(folder, environment)


@pytest.fixture(scope="module")
def shared_cluster(django_db_setup, tmp_path_factory) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    cluster = cluster_for_tests(tmp_path_factory.mktemp("cluster"))
    with cluster.processes:
        cluster.start_scheduler()
        for _ in range(2):
            cluster.start("cluster_worker")
        yield cluster


@pytest.fixture
def cluster(shared_cluster: Cluster, settings, monkeypatch, transactional_db) -> Cluster:
    """The shared one, used by this process."""
    # Processes take long to start where cores are few.
    monkeypatch.setattr("scoring.cluster.connection.WORKER_SECONDS", 60.0)
    settings.SCORING_CLUSTER = shared_cluster.settings
    return shared_cluster
