"""Learn how common the values of a field are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.certainty.tables import NumberTable, WordTable, numbers_of
from scoring.ml.values import Placeholders, read_words, word_of

Array = npt.NDArray[np.float64]

# So that a stored model stays small.
MOST_STEPS = 200
MOST_WORDS = 300


def number_table(
    column: str,
    kind: str,
    values: pd.Series,
    days: Array,
    weight: Array,
    placeholders: Placeholders,
) -> NumberTable:
    """The table of a column (n,), at most MOST_STEPS values of it."""
    numbers = numbers_of(kind, values, days, placeholders)
    known = ~np.isnan(numbers)
    total, there = float(weight.sum()), float(weight[known].sum())
    if not there:
        return NumberTable(column, kind, (), (), 1.0)
    distinct, place = np.unique(numbers[known], return_inverse=True)
    up_to = np.cumsum(np.bincount(place, weight[known])) / there
    if len(distinct) > MOST_STEPS:
        # The ends as they are: it is there that leads are unlike.
        steps = np.unique(
            np.searchsorted(up_to, np.linspace(0, 1, MOST_STEPS)).clip(0, len(up_to) - 1)
        )
        distinct, up_to = distinct[steps], up_to[steps]
    up_to[-1] = 1.0
    return NumberTable(
        column, kind, tuple(distinct.tolist()), tuple(up_to.tolist()), 1.0 - there / total
    )


def word_table(
    column: str, kind: str, values: pd.Series, weight: Array, placeholders: Placeholders
) -> WordTable:
    """The table of a column (n,), at most MOST_WORDS words that more than one lead has."""
    codes, words, _ = read_words(values, lambda value: word_of(value, placeholders))
    leads = np.bincount(codes + 1, weight, len(words) + 1)
    missing, by_word = float(leads[0]), leads[1:]
    order = sorted(np.flatnonzero(by_word > 1 + 1e-9), key=lambda at: (-by_word[at], words[at]))
    kept = order[:MOST_WORDS]
    others = float(by_word.sum() - by_word[kept].sum())
    sizes = np.sort(np.array([*(by_word[at] for at in kept), others, missing]))
    up_to = np.cumsum(sizes) / float(weight.sum())

    def as_rare(size: float) -> float:
        return float(up_to[np.searchsorted(sizes, size + 1e-9, side="right") - 1]) if size else 0.0

    table = {words[at]: as_rare(float(by_word[at])) for at in kept}
    return WordTable(column, kind, table, as_rare(others), as_rare(missing))
