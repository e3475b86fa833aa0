"""What the leads learned from tell of each one's true log-odds: a posterior, field by field.

A logistic regression on the cells of every field, on the numbers' normal scores and on the pairs of
fields that surely matter together. Its effects are random: normal around 0 with a variance of each
block's own, which the labels decide (McCullagh, Nelder 1989, section 14.5), and not one number but
all that the labels leave open (`posterior`). So a field that says nothing costs little, and of a
cell with few leads the variance of its field is believed. No model is asked: it is what models are
measured by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.certainty.effects import Block, field_blocks, slope_block
from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.pairs import sure_pairs
from scoring.ml.certainty.posterior import Draws, draw_posterior
from scoring.ml.certainty.sums import added
from scoring.ml.examples import Examples
from scoring.ml.serving.calibration import log_odds

Array = npt.NDArray[np.float64]

# The posterior learns from so many leads; so many tell how far off a model is.
MOST_LEADS, MOST_COMPARED = 100_000, 10_000
FEWEST_LEADS = 60


@dataclass(frozen=True)
class Reference:
    """Leads on their first day, with draws from the posterior of their true log-odds.

    frame: as `schema.to_frame` makes it, n rows. odds (n, s): s draws.
    """

    frame: pd.DataFrame
    odds: Array


def fit_reference(examples: Examples, familiarity: Familiarity) -> Reference | None:
    """The posterior for leads of the newest MOST_LEADS; None with too few to tell.

    One row of each lead counts, its first, as rows of a lead share their outcome.
    """
    rows = _first_rows(examples)
    label = examples.label[rows].astype(np.float64)
    if len(rows) < FEWEST_LEADS or len(np.unique(label)) < 2:
        return None
    frame = examples.features.iloc[rows].reset_index(drop=True)
    rng = np.random.default_rng(0)
    base = float(log_odds(np.array(label.mean())))
    blocks = [slope_block(np.ones(len(rows))), *field_blocks(frame, familiarity)]
    draws = draw_posterior(blocks, base, label, rng)
    odds = base + added(blocks, draws.effects.mean(axis=0))
    pairs = sure_pairs(frame, familiarity, odds, label)
    if pairs:
        blocks += pairs
        draws = draw_posterior(blocks, base, label, rng)
    compared = np.arange(0, len(rows), -(-len(rows) // MOST_COMPARED))
    blocks = [block.take(compared) for block in blocks]
    odds = base + added(blocks, draws.effects.T) + _open(blocks, draws, rng)
    return Reference(frame.iloc[compared].reset_index(drop=True), odds)


def _first_rows(examples: Examples) -> npt.NDArray[np.intp]:
    order = np.lexsort((examples.day, examples.lead))
    first = order[np.unique(examples.lead[order], return_index=True)[1]]
    return first[np.argsort(examples.day[first], kind="stable")][-MOST_LEADS:]


def _open(blocks: list[Block], draws: Draws, rng: np.random.Generator) -> Array:
    """Of a lead in no cell of a field: it has some effect of that field, nobody knows which."""
    total = np.zeros((len(blocks[0].place), len(draws.effects)))
    for block, deviation in zip(blocks, draws.deviations.T, strict=True):
        here = np.flatnonzero(block.open)
        total[here] += deviation * rng.standard_normal((len(here), len(deviation)))
    return total
