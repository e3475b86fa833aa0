"""The way to the Dask cluster that SCORING_CLUSTER names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from scoring.errors import ClusterUnavailable

if TYPE_CHECKING:
    from distributed import Client, Security

CONNECT_SECONDS = 10.0
WORKER_SECONDS = 30.0


def is_set() -> bool:
    """Whether work goes to a cluster."""
    return bool(settings.SCORING_CLUSTER.address)


def needs_postgresql() -> str | None:
    """Why there can be no cluster beside this database; None if there can."""
    if connection.vendor == "postgresql":
        return None
    return (
        "SCORING_CLUSTER needs PostgreSQL: the workers of other machines cannot reach a database "
        "in a file. Set DATABASE_URL (`manage.py migrate_database` carries everything over), or "
        "leave SCORING_CLUSTER empty."
    )


def security() -> Security:
    """Mutual TLS by the settings' files; nothing else is spoken where they are set."""
    from distributed import Security  # noqa: PLC0415 - an extra

    cluster = settings.SCORING_CLUSTER
    if not cluster.key:
        return Security()
    return Security(
        require_encryption=True,
        tls_ca_file=cluster.ca,
        **{
            f"tls_{role}_{part}": getattr(cluster, part)
            for role in ("client", "scheduler", "worker")
            for part in ("cert", "key")
        },
    )


@contextmanager
def connected() -> Iterator[Client]:
    """A client of the cluster with at least one worker.

    Raises ClusterUnavailable, with what to do, if there is none or if it breaks down meanwhile.
    """
    if (refused := needs_postgresql()) is not None:
        raise ClusterUnavailable(refused)
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and a second to load
        from distributed.client import FutureCancelledError  # noqa: PLC0415
        from distributed.comm import CommClosedError  # noqa: PLC0415
        from distributed.scheduler import KilledWorker, NoWorkerError  # noqa: PLC0415
    except ImportError as error:
        raise ClusterUnavailable(
            "SCORING_CLUSTER needs the extra: `pip install 'leadscoring[cluster]'`."
        ) from error
    address = settings.SCORING_CLUSTER.address
    try:
        client = Client(address, security=security(), timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise ClusterUnavailable(
            f"The cluster at {address} does not answer ({type(error).__name__}). Start "
            "`manage.py cluster_scheduler` there, or empty SCORING_CLUSTER to work on this "
            "machine alone."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
            yield client
        except (CommClosedError, FutureCancelledError) as error:
            raise ClusterUnavailable(
                f"The scheduler at {address} went away. What was done stays; look at its log, "
                "start it and run this again."
            ) from error
        except (TimeoutError, NoWorkerError) as error:
            raise ClusterUnavailable(
                f"The cluster at {address} has no worker. Start `manage.py cluster_worker` on its "
                "machines and run this again."
            ) from error
        except KilledWorker as error:
            raise ClusterUnavailable(
                "The same part of the work ended one worker after the other, most likely for lack "
                "of memory. Look at the workers' logs; what was done stays."
            ) from error
