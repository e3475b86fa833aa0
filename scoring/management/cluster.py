"""What the two commands of the cluster share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from typing import Any

from django.core.checks import Tags
from django.core.management.base import CommandError

from scoring.cluster.connection import is_set
from scoring.management.base import ScoringCommand


class ClusterCommand(ABC, ScoringCommand):
    """Refuses, with what to do, without SCORING_CLUSTER or the extra."""

    # The web server's parts would only take memory and time here.
    requires_system_checks = [Tags.models]

    def handle(self, **options: Any) -> None:
        if not is_set():
            raise CommandError(
                "Set SCORING_CLUSTER to the scheduler's address, e.g. tls://scheduler.example:8786."
            )
        try:
            processes = import_module("scoring.cluster.processes")
        except ImportError as error:
            raise CommandError(
                "The cluster needs the extra: `pip install 'leadscoring[cluster]'`."
            ) from error
        self.serve(processes, **options)

    @abstractmethod
    def serve(self, processes: Any, **options: Any) -> None:
        """Run the process; `processes` is the module `scoring.cluster.processes`."""
