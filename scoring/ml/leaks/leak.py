"""What the leak radar says of one column."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Leak:
    """A column under suspicion. Quarantined: to be left out of training.

    `reason` completes the sentence "<name> ..."; `evidence` holds the numbers behind it.
    """

    column: str
    name: str
    reason: str
    evidence: dict[str, Any]
    quarantined: bool

    @property
    def tells_period(self) -> bool:
        """Whether it is about when a lead came, not about its outcome."""
        return "told_by_day" in self.evidence

    def to_json(self) -> dict[str, Any]:
        """For a JSON column."""
        return asdict(self)
