"""How long a search may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

# About a minute for 50,000 rows, in proportion for more.
LEAST_SECONDS = 60.0
SECONDS_A_ROW = LEAST_SECONDS / 50_000
# The rest goes to a first try of the types that are left, and to fitting again on all rows.
SEARCH_SHARE = 0.7


def default_budget(rows: int) -> float:
    """Seconds for a training of so many rows, where nobody says otherwise."""
    return max(LEAST_SECONDS, rows * SECONDS_A_ROW)


@dataclass(frozen=True)
class Budget:
    """`seconds` from now; None: as long as it takes.

    A search that ends in time is the same on every machine. One that runs out leaves out what
    would have come last, the costliest types, and says so.
    """

    seconds: float | None = None
    clock: Callable[[], float] = monotonic
    start: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.clock())

    @property
    def is_spent(self) -> bool:
        """Whether further settings of a type are a luxury."""
        return self._used >= SEARCH_SHARE

    @property
    def is_over(self) -> bool:
        """Whether further types have to be left out."""
        return self._used >= 1

    @property
    def _used(self) -> float:
        if self.seconds is None:
            return 0.0
        return (self.clock() - self.start) / max(self.seconds, 1e-9)
