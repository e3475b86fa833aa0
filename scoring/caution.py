"""What speaks against choosing a version by hand."""

from __future__ import annotations

from scoring.ml.model_types import BASE_RATE
from scoring.models import ModelVersion


def caution_of(version: ModelVersion) -> str:
    """A sentence for whoever is about to choose it, or has; "" if nothing speaks against it.

    A retrain promotes no such version, and says of each whether it is one.
    """
    metrics = version.metrics
    if metrics.get("beatsBaseRate", True) or version.model_type == BASE_RATE:
        return ""
    return (
        f"Version {version.number} has not been shown to beat the base rate: on later leads its "
        f"log loss is {metrics['logLoss']['value']:.3f}, that of always naming the share won "
        f"{metrics['logLossBase']:.3f}."
    )
