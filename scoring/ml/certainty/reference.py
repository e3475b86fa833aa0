"""What the leads learned from tell of each one's true log-odds: a posterior, field by field.

A logistic regression on the cells of every field (each tenth, category and gap) and on the numbers'
normal scores. Its effects are random: normal around 0 with a variance of each field's own, which
the labels decide (McCullagh, Nelder 1989, section 14.5; Breslow, Clayton 1993), by MacKay's (1992)
fixed point and Laplace's approximation. So a field that says nothing costs little, and of a cell
with few leads the variance of its field is believed. No model is asked: it is what models are
measured by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.special import expit

from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.tables import NumberTable, row_days
from scoring.ml.examples import Examples
from scoring.ml.serving.calibration import log_odds

Array = npt.NDArray[np.float64]

MOST_LEADS = 40_000
FEWEST_LEADS = 60
# Fewer leads say nothing of their cell; so many cells of a field at most, the largest.
FEWEST_IN_CELL = 5
MOST_CELLS = 150
# What is believed beforehand: log-odds have a standard deviation of one half, all fields together.
# It is worth as much as one effect of each field.
PRIOR_VARIANCE = 0.25
PRIOR_EFFECTS = 1.0
STEPS = 30
CLOSE = 0.03
LONGEST_STEP = 1.0


@dataclass(frozen=True)
class Reference:
    """Leads on their first day, with mean and variance of the posterior of their true log-odds.

    frame: as `schema.to_frame` makes it, n rows. mean (n,), variance (n,).
    """

    frame: pd.DataFrame
    mean: Array
    variance: Array


def fit_reference(examples: Examples, familiarity: Familiarity) -> Reference | None:
    """The posterior for the newest MOST_LEADS leads; None with too few to tell.

    One row of each lead counts, its first, as rows of a lead share their outcome.
    """
    rows = _first_rows(examples)
    label = examples.label[rows].astype(np.float64)
    if len(rows) < FEWEST_LEADS or len(np.unique(label)) < 2:
        return None
    frame = examples.features.iloc[rows].reset_index(drop=True)
    base = float(log_odds(np.array(label.mean())))
    blocks = _blocks(frame, familiarity)
    effects, covariance, variances = fit_effects(blocks, base, label)
    design = sparse.hstack(blocks).tocsr()
    variance = np.asarray(design.multiply(design @ covariance).sum(axis=1)).ravel()
    for block, own in zip(blocks, variances, strict=True):
        # A lead in no cell of a field has some effect of that field, nobody knows which.
        variance = variance + own * (np.diff(block.indptr) == 0)
    return Reference(frame, base + design @ effects, variance)


def _first_rows(examples: Examples) -> npt.NDArray[np.intp]:
    order = np.lexsort((examples.day, examples.lead))
    first = order[np.unique(examples.lead[order], return_index=True)[1]]
    return first[np.argsort(examples.day[first], kind="stable")][-MOST_LEADS:]


def _blocks(frame: pd.DataFrame, familiarity: Familiarity) -> list[sparse.csr_matrix]:
    """A column of ones, then for each field its cells and, of numbers, the normal scores."""
    days, absent = row_days(frame), pd.Series(np.full(len(frame), None, dtype=object))
    blocks = [sparse.csr_matrix(np.ones((len(frame), 1)))]
    for table in familiarity.tables:
        values = frame.get(table.column, absent)
        cells = table.cells(values, days, familiarity.placeholders)
        sizes = np.bincount(cells)
        kept = np.argsort(-sizes, kind="stable")[:MOST_CELLS]
        kept = kept[(sizes[kept] >= FEWEST_IN_CELL) & (sizes[kept] < len(cells))]
        if not len(kept):
            continue
        place = np.full(len(sizes), -1, dtype=np.intp)
        place[kept] = np.arange(len(kept))
        rows = np.flatnonzero(place[cells] >= 0)
        ones = (np.ones(len(rows)), (rows, place[cells[rows]]))
        blocks.append(sparse.csr_matrix(ones, shape=(len(frame), len(kept))))
        if isinstance(table, NumberTable):
            scores = table.normal_scores(values, days, familiarity.placeholders)
            every = (np.arange(len(frame)), np.zeros(len(frame), dtype=np.intp))
            blocks.append(sparse.csr_matrix((scores, every), shape=(len(frame), 1)))
    return blocks


def fit_effects(
    blocks: Sequence[sparse.csr_matrix], base: float, label: Array
) -> tuple[Array, Array, Array]:
    """Effects (d,) of the blocks' columns on the log-odds beyond `base`, their covariance (d, d),
    and the variance of each block's effects."""
    sizes = np.array([block.shape[1] for block in blocks])
    block_of = np.repeat(np.arange(len(blocks)), sizes)
    design = sparse.hstack(blocks).tocsr()
    before = PRIOR_VARIANCE / len(blocks)
    variances = np.full(len(blocks), before)
    effects = np.zeros(len(block_of))
    for _ in range(STEPS):
        precision = 1.0 / variances[block_of]
        p = expit(base + design @ effects)
        weighted = design.multiply((p * (1 - p))[:, None])
        covariance = np.linalg.inv((design.T @ weighted).toarray() + np.diag(precision))
        step = covariance @ (design.T @ (label - p) - precision * effects)
        effects = effects + np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        unsure = np.bincount(block_of, np.diag(covariance)) / variances
        found = np.bincount(block_of, effects**2) + PRIOR_EFFECTS * before
        new = found / (np.maximum(sizes - unsure, 0.0) + PRIOR_EFFECTS)
        moved = float(np.abs(np.log(new / variances)).max())
        if max(moved, float(np.abs(step).max())) < CLOSE:
            break
        variances = new
    return effects, covariance, variances
