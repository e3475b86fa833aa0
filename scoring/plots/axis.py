"""An axis: which numbers it shows, where its ticks are, and how far along each number lies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

TICKS = 5
STEPS = (1, 2, 2.5, 5, 10)
# So skewed that most of the data would lie on the first tenth of the axis.
SKEWED = 20.0


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` with `ticks`, written by `text`; logged if it says so (of 1 + x)."""

    title: str
    low: float
    high: float
    ticks: Sequence[float]
    text: Callable[[float], str]
    logged: bool = False

    @classmethod
    def nice(
        cls,
        title: str,
        values: Iterable[float],
        text: Callable[[float], str],
        *,
        from_zero: bool = False,
    ) -> Self:
        """An axis with round ticks around `values`."""
        numbers = list(values) or [0.0, 1.0]
        low = min(0.0, *numbers) if from_zero else min(numbers)
        step = _round_step((max(numbers) - low) / TICKS or abs(low) / TICKS or 1.0)
        first, last = math.floor(low / step + 1e-9), math.ceil(max(numbers) / step - 1e-9)
        last = max(last, first + 1)
        ticks = [number * step for number in range(first, last + 1)]
        return cls(title, ticks[0], ticks[-1], ticks, text)

    @classmethod
    def for_numbers(cls, title: str, values: Sequence[float], text: Callable[[float], str]) -> Self:
        """An axis for data as it comes: logged if it is never negative and very skewed."""
        middle = sorted(values)[len(values) // 2]
        if min(values) < 0 or max(values) <= SKEWED * max(middle - min(values), 1.0):
            return cls.nice(title, values, text)
        powers = range(math.ceil(math.log10(1 + max(values))) + 1)
        ticks = [0.0, *(10.0**power for power in powers)]
        within = [each for each in ticks if min(values) <= each <= max(values)]
        return cls(title, min(values), max(values), within, text, logged=True)

    def along(self, value: float) -> float:
        """0 at `low`, 1 at `high`."""
        low, high, at = (self._scaled(each) for each in (self.low, self.high, value))
        return (at - low) / (high - low)

    def _scaled(self, value: float) -> float:
        return math.log1p(value) if self.logged else value


def _round_step(raw: float) -> float:
    power: float = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in STEPS if step * power >= raw * (1 - 1e-9))
