"""What a model says on average when one field is set to this or that (Friedman 2001)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.encoding.columns import DERIVED
from scoring.ml.encoding.features import EncodedField, LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.schema import DAY
from scoring.ml.values import (
    days_since_1970,
    distinct,
    fold,
    read_days,
    read_numbers,
    read_words,
    word_of,
)

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

MOST_FIELDS = 6
MOST_POINTS = 10
# Averages over so many rows are steady; the density is counted on more, which costs little.
ROWS_ASKED, ROWS_COUNTED = 200, 20_000
# Ages do not depend on the day they are measured from; this one leaves room on both sides.
SOME_DAY = date(5000, 1, 1)
LONGEST_AGE = 1e6


@dataclass(frozen=True)
class Grid:
    """Values of one field to try: raw (g,), as numbers or None, as words, and the share of each."""

    raw: Sequence[Any]
    at: Sequence[float | None]
    label: Sequence[str]
    share: Sequence[float]


def partial_dependence(
    probabilities: Callable[[Matrix], Array],
    encoder: LeadEncoder,
    examples: Examples,
    names: Sequence[str],
    *,
    seed: int,
) -> list[dict[str, Any]]:
    """[{"name", "kind", "points"}] of the fields with these names, MOST_FIELDS at most.

    kind: "number", "age" (in days, of a date) or "word". A point is {"at", "label", "probability",
    "share"}: the number (None for a word or "not known"), the word, the mean probability of the
    leads in `examples` had they all that value, and the share of leads that have about it.
    """
    rng = np.random.default_rng(seed)
    counted = examples.take(_some(rng, len(examples), ROWS_COUNTED))
    X = encoder.transform(counted.features.iloc[_some(rng, len(counted), ROWS_ASKED)])
    known = {field.name: field for field in encoder.fields_}
    fields = [known[name] for name in names if name in known][:MOST_FIELDS]
    found = []
    for field in fields:
        grid = _grid(field, counted, frozenset(map(fold, encoder.placeholders)) | {""})
        frame = pd.DataFrame({field.column: grid.raw, DAY: SOME_DAY})
        values = encoder.transform(frame)[:, field.columns]
        asked = np.tile(X, (len(values), 1))
        asked[:, field.columns] = np.repeat(values, len(X), axis=0)
        means = probabilities(asked).reshape(len(values), len(X)).mean(axis=1)
        points = [
            {"at": at, "label": label, "probability": float(mean), "share": share}
            for at, label, mean, share in zip(grid.at, grid.label, means, grid.share, strict=True)
        ]
        kind = {"number": "number", "date": "age"}.get(field.kind, "word")
        kind = "word" if all(at is None for at in grid.at) else kind
        found.append({"name": field.name, "kind": kind, "points": points})
    return found


def _some(rng: np.random.Generator, rows: int, most: int) -> npt.NDArray[np.intp]:
    if rows <= most:
        return np.arange(rows)
    return rng.choice(rows, most, replace=False)


def _grid(field: EncodedField, rows: Examples, placeholders: frozenset[str]) -> Grid:
    values = rows.features[field.column]
    if field.kind == "number" and not _is_yes_or_no(values):
        numbers = read_numbers(values, placeholders)
        return _number_grid(numbers, rows.weight, lambda number: number)
    if field.kind == "date":
        days = days_since_1970(rows.day.astype("datetime64[D]"))
        ages = days - read_days(values, placeholders)
        ages = np.clip(ages, -LONGEST_AGE, LONGEST_AGE)
        return _number_grid(ages, rows.weight, lambda age: SOME_DAY - timedelta(days=age))
    return _word_grid(field, values, rows.weight, placeholders)


def _number_grid(numbers: Array, weight: Array, raw: Callable[[float], Any]) -> Grid:
    """Quantiles of the known numbers, and "not known" if some are not."""
    known = ~np.isnan(numbers)
    tried = np.unique(numbers[known])
    if len(tried) > MOST_POINTS:
        tried = _quantiles(numbers[known], MOST_POINTS)
        # Where most leads share one number, the others deserve the points that it left over.
        others = numbers[known][~np.isin(numbers[known], tried)]
        tried = np.union1d(tried, _quantiles(others, MOST_POINTS - len(tried)))
    nearest = np.searchsorted((tried[1:] + tried[:-1]) / 2, numbers[known])
    share = np.bincount(nearest, weight[known], len(tried)) / weight.sum()
    at: list[float | None] = tried.tolist()
    grid = Grid([raw(number) for number in tried], at, [""] * len(at), share.tolist())
    return _with_unknown(grid, float(weight[~known].sum() / weight.sum()))


def _quantiles(numbers: Array, most: int) -> Array:
    """At most so many different values of these, evenly by rank; none of the far ends."""
    wanted = np.linspace(0.02, 0.98, most)
    return np.unique(np.quantile(numbers, wanted, method="nearest")) if most else np.empty(0)


def _is_yes_or_no(values: pd.Series) -> bool:
    if isinstance(values.dtype, np.dtype) and values.dtype != object:
        return False
    return {type(value) for value in distinct(values)[1]} == {bool}


def _word_grid(
    field: EncodedField, values: pd.Series, weight: Array, placeholders: frozenset[str]
) -> Grid:
    """The most frequent words, and "not known" if that occurs."""
    derive = DERIVED.get(field.column)
    if field.kind == "known":
        derive = _known
    elif field.kind == "number":
        derive = _yes_or_no

    def read(value: object) -> str | None:
        word = word_of(value, placeholders)
        return derive(word) if derive and word is not None else word

    codes, words, written = read_words(values, read)
    share = np.bincount(codes + 1, weight, len(words) + 1) / weight.sum()
    often = np.argsort(-share[1:], kind="stable")[:MOST_POINTS]
    _, first = np.unique(codes, return_index=True)
    row_of = dict(zip(codes[first].tolist(), first.tolist(), strict=True))
    grid = Grid(
        [values.iloc[row_of[code]] for code in often.tolist()],
        [None] * len(often),
        [words[code] if derive else written[words[code]] for code in often],
        share[1:][often].tolist(),
    )
    return _with_unknown(grid, float(share[0]))


def _known(word: str) -> str:
    return "known"


def _yes_or_no(word: str) -> str:
    return "no" if word == "0" else "yes"


def _with_unknown(grid: Grid, share: float) -> Grid:
    if not share:
        return grid
    return Grid(
        [*grid.raw, None], [*grid.at, None], [*grid.label, "not known"], [*grid.share, share]
    )
