"""A plot with what it says in words and its data as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from scoring.ml.model_types import BASE_RATE
from scoring.models import ModelVersion


@dataclass(frozen=True)
class Table:
    """Cells as text, under their heads."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Figure:
    """`claim` is how to read it; `plot` is None where a table alone says it best."""

    title: str
    claim: str
    table: Table
    plot: SafeString | None = None


@dataclass(frozen=True)
class Section:
    """A chapter of the report; `empty` says why there is nothing and what to do, if so."""

    title: str
    intro: str = ""
    figures: Sequence[Figure] = ()
    notes: Sequence[str] = ()
    empty: str = ""

    @property
    def has_plots(self) -> bool:
        """Tables need more room than plots."""
        return any(figure.plot for figure in self.figures)


def not_measured(version: ModelVersion) -> str:
    """Why there is nothing to say of a version's fields and groups, and what to do."""
    if version.model_type == BASE_RATE:
        return "The base rate says the same of every lead, whatever its fields."
    return "Not measured for this version: train again to see it."
