"""Be the scheduler of the cluster that SCORING_CLUSTER names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from scoring.management.cluster import ClusterCommand


class Command(ClusterCommand):
    """Hand out work until told to stop."""

    help = "Hand out work to the cluster's workers, on the port of SCORING_CLUSTER."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", help="the address to listen on (default: all, with TLS)")

    def serve(self, processes: Any, **options: Any) -> None:
        """Until SIGTERM or Ctrl-C."""
        processes.scheduler_run(host=options["host"])
