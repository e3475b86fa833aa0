"""The leak radar: which columns know more of the outcome than they can before it happened.

Or nothing of the lead: those that tell the period only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from scoring.ml.encoding.drafts import Uninformative
from scoring.ml.encoding.features import EncodedField, LeadEncoder
from scoring.ml.encoding.fitting import kind_of
from scoring.ml.examples import Examples
from scoring.ml.leaks.leak import Leak
from scoring.ml.leaks.periods import tells_period
from scoring.ml.leaks.separation import Scores, Separation
from scoring.ml.leaks.signs import (
    Flags,
    Sign,
    dated_ahead,
    decides_both_ways,
    decisive_values,
    filled_for_one_class,
)
from scoring.ml.schema import DAY, display_names, frame_column
from scoring.ml.values import Placeholders, fold, read_filled

# Below this a column alone does not know too much.
SUSPICIOUS = 0.9
# Far better than all others: at most this part of their distance to perfection, and this far off.
PART_OF_ERROR, DISTANCE = 0.5, 0.05
# Or so close to perfection that the distance says nothing.
NEAR_PERFECT = 0.99
# Separation is as clear on this many rows as on more.
MOST_ROWS = 50_000


def find_leaks(
    examples: Examples,
    *,
    placeholders: frozenset[str] = frozenset({""}),
    keep: Collection[str] = (),
    drop: Collection[str] = (),
    seed: int = 0,
) -> list[Leak]:
    """Columns that give the outcome away, quarantined ones first, then mere warnings.

    keep: columns that are reported but not quarantined; drop: those not looked at. Both are frame
    columns, or names of attributes without their prefix.
    """
    kept, dropped = ({frame_column(name) for name in names} for names in (keep, drop))
    columns = [name for name in examples.features.columns.drop(DAY) if name not in dropped]
    if len(np.unique(examples.label)) < 2:
        return []
    folded = frozenset(fold(text) for text in placeholders) | {""}
    filled = {name: read_filled(examples.features[name], folded) for name in columns}
    signs = _signs(examples, filled, folded)
    sample = _sample(examples, seed)
    signs |= {
        column: sign
        for column in columns
        if column not in signs and (sign := tells_period(column, sample, folded, seed=seed))
    }
    signs |= _too_good(sample, placeholders, set(signs) | dropped, seed)
    names = dict(zip(columns, display_names(columns), strict=True))
    found = [
        Leak(column, names[column], *_reported(sign, column in kept), column not in kept)
        for column, sign in signs.items()
    ]
    warnings = [
        Leak(column, names[column], sign.reason, sign.evidence, quarantined=False)
        for column in columns
        if column not in signs
        and (
            sign := decisive_values(
                examples.features[column], filled[column], examples, looks=len(columns)
            )
        )
    ]
    return sorted(found, key=lambda leak: not leak.quarantined) + warnings


def _sample(examples: Examples, seed: int) -> Examples:
    """At most MOST_ROWS of the rows."""
    if len(examples) <= MOST_ROWS:
        return examples
    rows = np.random.default_rng(seed).choice(len(examples), MOST_ROWS, replace=False)
    return examples.take(np.sort(rows))


def _reported(sign: Sign, kept: bool) -> tuple[str, dict[str, Any]]:
    return (f"{sign.reason} (kept on request)" if kept else sign.reason), sign.evidence


def _signs(
    examples: Examples, filled: Mapping[str, Flags], placeholders: Placeholders
) -> dict[str, Sign]:
    """What single columns betray of when they were filled in."""
    looks = 3 * len(filled)
    found = {}
    for column, rows in filled.items():
        values = examples.features[column]
        sign = dated_ahead(values, examples, placeholders, looks)
        sign = sign or filled_for_one_class(rows, examples, looks)
        if sign is None and _holds_words(values, placeholders):
            sign = decides_both_ways(values, rows, examples, looks)
        if sign:
            found[column] = sign
    return found


def _holds_words(values: pd.Series, placeholders: Placeholders) -> bool:
    try:
        return kind_of(values, placeholders) == "category"
    except Uninformative:
        return False


def _too_good(
    examples: Examples, placeholders: frozenset[str], leave_out: Collection[str], seed: int
) -> dict[str, Sign]:
    """Columns that alone separate far better than all the others together."""
    encoder = LeadEncoder(placeholders=placeholders, drop=tuple(leave_out))
    separation = Separation(examples, encoder.fit_transform(examples), seed)
    suspects = {}
    for field in encoder.fields_:
        scores = separation.alone(field)
        if _is_suspicious(separation, scores):
            suspects[field.column] = scores
    if not suspects:
        return {}
    others = separation.together(_columns_beside(encoder.fields_, suspects))
    found: dict[str, Sign] = {}
    for column, scores in suspects.items():
        sign = _compared(separation, scores, others)
        twins = [twin for twin, original in encoder.twins_.items() if original == column]
        if sign:
            found |= dict.fromkeys([column, *twins], sign)
    return found


def _columns_beside(fields: tuple[EncodedField, ...], suspects: Collection[str]) -> list[int]:
    """Matrix columns of all fields that are no suspects."""
    return [
        at
        for field in fields
        if field.column not in suspects
        for at in range(field.columns.start, field.columns.stop)
    ]


def _is_suspicious(separation: Separation, scores: Scores) -> bool:
    """Above SUSPICIOUS over all rows and within most periods, so it is not just the calendar."""
    if separation.auc(scores) <= SUSPICIOUS:
        return False
    within = [auc > SUSPICIOUS for auc in separation.auc_by_period(scores)] or [True]
    return float(np.mean(within)) > 0.5


def _compared(separation: Separation, scores: Scores, others: Scores) -> Sign | None:
    """A sign if `scores` separate far better than `others`, within periods where there are any."""
    by_period = separation.auc_by_period(scores)
    alone = float(np.mean(by_period)) if by_period else separation.auc(scores)
    rest = float(np.mean(separation.auc_by_period(others) or [separation.auc(others)]))
    close = 1 - alone <= PART_OF_ERROR * (1 - rest)
    if not close or (alone - rest < DISTANCE and alone < NEAR_PERFECT):
        return None
    evidence = {"auc": separation.auc(scores), "auc_of_all_others": separation.auc(others)}
    return Sign(
        f"alone tells won from lost far better (AUC {evidence['auc']:.2f}) than everything else "
        f"together ({evidence['auc_of_all_others']:.2f})",
        {
            **{name: round(value, 4) for name, value in evidence.items()},
            "auc_by_period": [round(auc, 4) for auc in by_period],
        },
    )
