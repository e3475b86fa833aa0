"""What came of a retrain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from leadscoring.plurals import count_of
from scoring.dataset import Dataset
from scoring.ml.examples import Examples
from scoring.ml.hazard.incidence import WindowAdvice
from scoring.ml.training.results import TrainingResult
from scoring.models import ModelVersion
from scoring.services.promote import Promoted


@dataclass(frozen=True)
class RetrainReport:
    """What was learned from, what came of it, and who answers for `auto` now.

    advice: the outcome window that the data suggest.
    versions: one for each model of `result`, in the same order, then the base rate if it had to
    stand in, then the corrected scorecard if one is in use. promoted: the finalist, what stands in
    while no model ever passed the gate (the scorecard or the base rate), or None.
    """

    today: date
    window_days: int
    dataset: Dataset
    result: TrainingResult
    advice: WindowAdvice
    versions: list[ModelVersion]
    promoted: Promoted | None
    promotion_wanted: bool
    champion: ModelVersion | None

    @property
    def finalist(self) -> ModelVersion:
        """The version that `auto` would use of these."""
        return self.versions[self.result.models.index(self.result.finalist)]


def training_span(examples: Examples) -> tuple[date | None, date | None]:
    """The first and the last day among the rows; None where nobody knows."""
    days = examples.day[~np.isnat(examples.day)]
    return (days.min().item(), days.max().item()) if len(days) else (None, None)


def young_rows_text(counts: Mapping[str, Any], window_days: int) -> str | None:
    """What of `row_counts` waits to be learned from, as a sentence; None if nothing does."""
    if not counts["youngRows"]:
        return None
    return (
        f"Waiting for their window of {window_days} days to pass: "
        f"{count_of(counts['youngRows'], 'row')}; "
        f"the first can be judged on {counts['matures']}."
    )


def row_counts(dataset: Dataset) -> dict[str, Any]:
    """Rows and leads used and left out, as JSON; `won` counts leads with a converted row."""
    examples = dataset.examples
    return {
        "leads": dataset.leads,
        "leadsUsed": len(np.unique(examples.lead)),
        "rows": len(examples),
        "won": len(np.unique(examples.lead[examples.label == 1])),
        "leftOut": dataset.left_out,
        "youngRows": dataset.young_rows,
        "matures": dataset.matures and dataset.matures.isoformat(),
    }
