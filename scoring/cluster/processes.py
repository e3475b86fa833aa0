"""The two processes of a cluster, each with the installation's own settings and code."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import dask
from distributed import Scheduler, Worker
from django.conf import settings
from threadpoolctl import threadpool_limits

from scoring.cluster.connection import security
from scoring.errors import ClusterUnavailable

if TYPE_CHECKING:
    from distributed.node import ServerNode

# Metrics and health, without any key: for this machine alone.
HTTP = "127.0.0.1:0"
# So long work waits for a worker before it fails and says why.
NO_WORKERS = "60s"
FIND_SCHEDULER = "30s"


def scheduler_run(*, host: str | None = None) -> None:
    """Be the scheduler, on the port of SCORING_CLUSTER, until SIGTERM or Ctrl-C."""
    url = urlsplit(settings.SCORING_CLUSTER.address)
    with dask.config.set({"distributed.scheduler.no-workers-timeout": NO_WORKERS}):
        asyncio.run(
            _serve(
                Scheduler,
                # Without TLS on this machine alone, whatever was asked for.
                host=host if url.scheme == "tls" else url.hostname,
                port=url.port,
                protocol=url.scheme,
                dashboard_address=HTTP,
                dashboard=False,
            )
        )


def worker_run(*, host: str | None = None, port: int = 0, name: str | None = None) -> None:
    """Work for the scheduler, one call at a time, until SIGTERM or until it is gone.

    One thread, BLAS and OpenMP too: run one process a core. Raises ClusterUnavailable.
    """
    address = settings.SCORING_CLUSTER.address
    url = urlsplit(address)
    with threadpool_limits(limits=1):
        try:
            asyncio.run(
                _serve(
                    Worker,
                    address,
                    host=host if url.scheme == "tls" else url.hostname,
                    port=port,
                    name=name,
                    nthreads=1,
                    # Spilling to disk would write leads there; the service's limit is enough.
                    memory_limit=0,
                    dashboard_address=HTTP,
                    death_timeout=FIND_SCHEDULER,
                )
            )
        except (OSError, TimeoutError) as error:
            raise ClusterUnavailable(
                f"The scheduler at {address} does not answer ({type(error).__name__}): start "
                "`manage.py cluster_scheduler` there, and look whether its port is open."
            ) from error


async def _serve(kind: type[ServerNode], *arguments: Any, **options: Any) -> None:
    async with kind(*arguments, security=security(), **options) as server:
        loop = asyncio.get_running_loop()
        closing: set[asyncio.Task[Any]] = set()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, lambda: closing.add(loop.create_task(server.close())))
        with suppress(asyncio.CancelledError):
            await server.finished()
