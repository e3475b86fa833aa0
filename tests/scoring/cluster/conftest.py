"""A real cluster: a scheduler and workers as processes, over mutual TLS, on the test database."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from leadscoring.cluster_settings import ClusterSettings
from tests.databases import given
from tests.leadscoring.test_tls import free_port
from tests.scoring.cluster.certificates import make_files

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Cluster:
    """Its settings, and the processes that were started for it."""

    settings: ClusterSettings
    environment: dict[str, str]
    processes: ExitStack = field(default_factory=ExitStack)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Run a management command beside the test, until the test's cluster ends."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.callback(process.wait, 30)
        self.processes.callback(process.kill)
        return process


def new_cluster(folder: Path) -> Cluster:
    files = make_files(folder, f"tls://127.0.0.1:{free_port()}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "leadscoring.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "MODEL_DIR": str(folder / "models"),
        "OMP_NUM_THREADS": "1",
        "SCORING_CLUSTER": files.address,
        "SCORING_CLUSTER_CA": files.ca,
        "SCORING_CLUSTER_CERT": files.cert,
        "SCORING_CLUSTER_KEY": files.key,
    }
    if given():
        name = connection.settings_dict["NAME"]
        environment["DATABASE_URL"] = f"{given().rpartition('/')[0]}/{name}"
    return Cluster(files, environment)


def start_scheduler(cluster: Cluster) -> None:
    """And wait until it listens: who comes too early tries again at longer and longer intervals."""
    process = cluster.start("cluster_scheduler")
    port = urlsplit(cluster.settings.address).port
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the scheduler ended with {process.returncode}")


@pytest.fixture(scope="module")
def shared_cluster(django_db_setup, tmp_path_factory) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    cluster = new_cluster(tmp_path_factory.mktemp("cluster"))
    with cluster.processes:
        start_scheduler(cluster)
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
