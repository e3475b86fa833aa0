"""Learn what is usual among the leads that a model learns from."""

from __future__ import annotations

import numpy as np

from scoring.ml.certainty.familiarity import Familiarity, folded
from scoring.ml.certainty.table_fitting import number_table, word_table
from scoring.ml.certainty.tables import NUMBER_KINDS, FieldTable, row_days
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples

# More rows tell no better what is usual.
MOST_ROWS = 100_000
FEWEST_LEADS = 30
# Of the leads learned from, so many lie farther out; dense where leads are called unlike.
SHARES = (1.0, *np.linspace(0.99, 0.02, 98).tolist(), 0.015, 0.01, 0.0075, 0.005, 0.002, 0.001, 0.0)


def fit_familiarity(examples: Examples, encoder: LeadEncoder) -> Familiarity | None:
    """What is usual in the fields that `encoder` encodes; None with too few leads to tell."""
    every = max(1, -(-len(examples) // MOST_ROWS))
    if every > 1:
        examples = examples.take(np.flatnonzero(examples.lead % every == 0))
    leads = round(float(examples.weight.sum()))
    if leads < FEWEST_LEADS:
        return None
    placeholders, days = folded(encoder.placeholders), row_days(examples.features)
    tables: list[FieldTable] = []
    for field in encoder.fields_:
        if field.column not in examples.features:
            continue
        values = examples.features[field.column]
        if field.kind in NUMBER_KINDS:
            tables.append(
                number_table(field.column, field.kind, values, days, examples.weight, placeholders)
            )
        else:
            tables.append(
                word_table(field.column, field.kind, values, examples.weight, placeholders)
            )
    empty = Familiarity(placeholders, leads, tuple(tables), (0.0,), (0.0,))
    distances = empty.distances_of(examples.features)
    order = np.argsort(distances)
    up_to = np.cumsum(examples.weight[order]) / examples.weight.sum()
    levels = 1.0 - np.array(SHARES)
    places = np.searchsorted(up_to, levels - 1e-9).clip(0, len(order) - 1)
    return Familiarity(
        placeholders=placeholders,
        leads=leads,
        tables=tuple(tables),
        distances=tuple(np.maximum.accumulate(distances[order][places]).tolist()),
        shares=SHARES,
    )
