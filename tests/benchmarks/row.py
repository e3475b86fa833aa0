"""One line of the table of speeds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`ratio` is the larger the better; `target` is None where none is set."""

    name: str
    ours: float
    other: float
    unit: str
    ratio: float
    target: float | None = None


def rate_row(name: str, ours: float, other: float, unit: str, target: float | None = None) -> Row:
    """A row of two rates: the ratio is ours over the other's."""
    return Row(name, round(ours, 2), round(other, 2), unit, round(ours / other, 3), target)
