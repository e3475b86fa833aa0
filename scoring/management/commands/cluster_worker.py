"""Work for the cluster that SCORING_CLUSTER names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from scoring.management.cluster import ClusterCommand


class Command(ClusterCommand):
    """Do what the scheduler hands out until told to stop."""

    help = (
        "Score and train for the scheduler of SCORING_CLUSTER, one thing at a time: run one a "
        "core. Ends with SIGTERM, and when the scheduler is gone: let a service start it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", help="this machine's address for the others")
        parser.add_argument("--port", type=int, default=0, help="(default: any that is free)")
        parser.add_argument("--name", help="in the scheduler's log (default: the address)")

    def serve(self, processes: Any, **options: Any) -> None:
        """Until SIGTERM, or until the scheduler is gone."""
        processes.worker_run(host=options["host"], port=options["port"], name=options["name"])
