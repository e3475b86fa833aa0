"""Several calibrated models as one: the weighted mean of their probabilities."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.engines import ENGINES, Engine

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

_ABOUT = "members"


@dataclass(frozen=True)
class Member:
    """One model of a blend with its own calibration; `weight` is its share of the mean."""

    model_type: str
    weight: float
    engine: Engine
    calibration: Calibration

    def probabilities(self, X: Matrix) -> Array:
        """Calibrated probabilities (n,) for X (n, k)."""
        return self.calibration.apply(self.engine.probabilities(X))


@dataclass(frozen=True)
class BlendEngine:
    """A linear opinion pool (Stone 1961) of models that read the same matrix.

    Such a mean of honest probabilities is not sure enough of itself (Ranjan, Gneiting 2010), so it
    needs a calibration in its turn: the scorer's.
    """

    kind: ClassVar[str] = "blend"
    members: tuple[Member, ...]

    def probabilities(self, X: Matrix) -> Array:
        """As Engine says."""
        said = np.zeros(len(X))
        for member in self.members:
            said += member.weight * member.probabilities(X)
        return said

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As Engine says: the members' arrays, numbered, and what else they are as JSON bytes."""
        about = [
            {
                "modelType": member.model_type,
                "weight": member.weight,
                "engine": member.engine.kind,
                "calibration": member.calibration.to_dict(),
            }
            for member in self.members
        ]
        text = json.dumps(about, allow_nan=False).encode()
        return {
            _ABOUT: np.frombuffer(text, dtype=np.uint8),
            **{
                f"{number}.{name}": array
                for number, member in enumerate(self.members)
                for name, array in member.engine.arrays().items()
            },
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """As Engine says."""
        members = []
        for number, about in enumerate(json.loads(arrays[_ABOUT].tobytes())):
            prefix = f"{number}."
            own = {
                name.removeprefix(prefix): array
                for name, array in arrays.items()
                if name.startswith(prefix)
            }
            members.append(
                Member(
                    model_type=about["modelType"],
                    weight=about["weight"],
                    engine=ENGINES[about["engine"]].from_arrays(own),
                    calibration=Calibration.from_dict(about["calibration"]),
                )
            )
        return cls(tuple(members))


ALL_ENGINES: Mapping[str, type[Engine]] = MappingProxyType(
    {**ENGINES, BlendEngine.kind: BlendEngine}
)
