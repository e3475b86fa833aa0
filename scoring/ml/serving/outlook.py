"""What a scorer can say beside the probability: how sure it is, how usual the lead, by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.spread import Spread
from scoring.ml.hazard.curve import ConversionCurve

INTERVAL, FAMILIARITY, CONVERSION_BY_DAY = "interval", "familiarity", "conversionByDay"
UNTOLD = "this version learned from no leads, or is too old to tell it: the next retrain makes one"


@dataclass(frozen=True)
class Outlook:
    """Each part is None where it cannot be told; `absent` says why, by the part's wire name."""

    spread: Spread | None = None
    familiarity: Familiarity | None = None
    curve: ConversionCurve | None = None
    absent: Mapping[str, str] = field(default_factory=dict)

    def why_absent(self, part: str) -> str:
        """Why a part cannot be told."""
        return self.absent.get(part, UNTOLD)

    def to_dict(self) -> dict[str, Any]:
        """JSON; numbers survive exactly."""
        parts = {"spread": self.spread, "familiarity": self.familiarity, "curve": self.curve}
        stored = {name: part.to_dict() for name, part in parts.items() if part is not None}
        return {**stored, "absent": dict(self.absent)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Outlook:
        """What `to_dict` wrote; an artifact from before has none of it: {}."""
        spread, familiarity = stored.get("spread"), stored.get("familiarity")
        curve = stored.get("curve")
        return cls(
            spread=spread and Spread.from_dict(spread),
            familiarity=familiarity and Familiarity.from_dict(familiarity),
            curve=curve and ConversionCurve.from_dict(curve),
            absent=stored.get("absent", {}),
        )
