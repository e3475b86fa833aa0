"""How much of what a version says comes from outcomes, and how much from people's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadscoring.plurals import count_of
from scoring.ml.model_types import BASE_RATE, SCORECARD
from scoring.ml.scorecard.correcting import Learned
from scoring.models import ModelVersion


@dataclass(frozen=True, slots=True)
class LearnedShare:
    """share: 0 (people's rules alone) to 1 (outcomes alone); leads: those learned from."""

    share: float
    leads: int
    text: str


def learned_json(learned: Learned) -> dict[str, Any]:
    """As it is kept in a version's report."""
    return {"share": learned.share, "leads": learned.leads, "won": learned.won}


def learned_of(version: ModelVersion) -> LearnedShare:
    """What a version learned. A version without a scorecard behind it learned all it says."""
    kept = version.report.get("learned")
    if kept is None:
        leads = int(version.row_counts.get("leadsUsed") or 0)
        return LearnedShare(1.0, leads, f"All of it is learned, from {count_of(leads, 'lead')}.")
    share, leads, won = float(kept["share"]), int(kept["leads"]), int(kept["won"])
    source = {SCORECARD: "the scorecard", BASE_RATE: "the expected conversion rate"}
    behind = source.get(version.model_type, "the scorecard")
    if not leads:
        return LearnedShare(0.0, 0, f"Nothing is learned yet: this is {behind} as it stands.")
    text = (
        f"{share:.0%} is learned from {count_of(leads, 'lead')}, {won:,} of them won; the rest is "
        f"{behind}."
    )
    return LearnedShare(share, leads, text)
