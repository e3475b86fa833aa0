"""A real cluster on this machine: its processes as management commands, over mutual TLS."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from leadscoring.cluster_settings import ClusterSettings
from tests.ports import free_port
from tests.scoring.cluster.certificates import make_files

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Cluster:
    """Its settings, and the processes that were started for it, which end with `processes`."""

    settings: ClusterSettings
    environment: Mapping[str, str]
    processes: ExitStack = field(default_factory=ExitStack)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Run a management command beside this process."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.callback(process.wait, 30)
        self.processes.callback(process.kill)
        return process

    def start_scheduler(self) -> None:
        """And wait until it listens: who comes too early tries again at longer intervals."""
        process = self.start("cluster_scheduler")
        port = urlsplit(self.settings.address).port
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"the scheduler ended with {process.returncode}")


def new_cluster(folder: Path, environment: Mapping[str, str]) -> Cluster:
    """A cluster of the installation that `environment` leads to; nothing of it runs yet."""
    files = make_files(folder, f"tls://127.0.0.1:{free_port()}")
    return Cluster(
        files,
        {
            **environment,
            "OMP_NUM_THREADS": "1",
            "SCORING_CLUSTER": files.address,
            "SCORING_CLUSTER_CA": files.ca,
            "SCORING_CLUSTER_CERT": files.cert,
            "SCORING_CLUSTER_KEY": files.key,
        },
    )
