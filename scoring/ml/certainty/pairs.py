"""Two fields that surely matter together: what one says depends on the other.

For each two fields the effects of their cells together (or a slope in each cell, or the product of
two numbers) are tested beyond what both say alone, by Rao's (1948) score: what is left of the
labels when the fields alone are fitted. Only pairs that are no chance become blocks, as all would
be more effects than leads can tell of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit
from scipy.stats import chi2

from scoring.ml.certainty.effects import Block, cell_block, slope_block
from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.sums import moments, products
from scoring.ml.certainty.tables import NumberTable, row_days

Array = npt.NDArray[np.float64]

# A field's most common words; of the cells of two fields, those with so many expected wins.
MOST_WORDS = 8
FEWEST_WINS = 2.0
# Chance of one pair or more where none matters (Bonferroni), and how many pairs at most.
CHANCE = 0.01
MOST_PAIRS = 12
# Of more fields, those that say most alone are tried with each other.
MOST_FIELDS = 40


@dataclass(frozen=True)
class _Field:
    """alone: what it says, coarsely. score (n,) of a number, None of words."""

    alone: Block
    score: Array | None


def sure_pairs(
    frame: pd.DataFrame, familiarity: Familiarity, odds: Array, label: Array
) -> list[Block]:
    """The blocks of the pairs that matter beyond `odds` (n,), fitted to the fields alone; the
    surest first."""
    p = expit(odds)
    weight, left = p * (1 - p), label - p
    level = slope_block(np.ones(len(label)))
    fields = _fields(frame, familiarity)
    if len(fields) > MOST_FIELDS:
        apart, same = label - label.mean(), np.full(len(label), label.var())
        fields.sort(key=lambda field: _chance([level], field.alone, same, apart))
    found: list[tuple[float, Block]] = []
    for one, two in combinations(fields[:MOST_FIELDS], 2):
        block = _together(one, two, weight)
        if block.size:
            found.append((_chance([level, one.alone, two.alone], block, weight, left), block))
    sure = [pair for pair in found if pair[0] < CHANCE / len(found)]
    return [block for _, block in sorted(sure, key=lambda pair: pair[0])[:MOST_PAIRS]]


def _fields(frame: pd.DataFrame, familiarity: Familiarity) -> list[_Field]:
    days, absent = row_days(frame), pd.Series(np.full(len(frame), None, dtype=object))
    fields = []
    for table in familiarity.tables:
        values = frame.get(table.column, absent)
        if isinstance(table, NumberTable):
            score = table.normal_scores(values, days, familiarity.placeholders)
            fields.append(_Field(slope_block(score), score))
            continue
        cells = table.cells(values, days, familiarity.placeholders)
        sizes = np.bincount(cells)
        kept = np.argsort(-sizes, kind="stable")[:MOST_WORDS]
        kept = kept[(sizes[kept] > 0) & (sizes[kept] < len(cells))]
        fields.append(_Field(cell_block(cells, kept), None))
    return fields


def _together(one: _Field, two: _Field, weight: Array) -> Block:
    """Effects of both fields; of the cells with FEWEST_WINS, as `weight` (n,) expects them."""
    if one.score is not None and two.score is not None:
        return slope_block(one.score * two.score)
    width = two.alone.size + 1
    cells = one.alone.place * width + two.alone.place
    none = (one.alone.place == one.alone.size) | (two.alone.place == two.alone.size)
    cells = np.where(none, (one.alone.size + 1) * width, cells)
    wins = np.bincount(cells, weight, (one.alone.size + 1) * width + 1)[:-1]
    block = cell_block(cells, np.flatnonzero(wins >= FEWEST_WINS))
    score = one.score if two.score is None else two.score
    if score is None:
        return block
    return Block(block.size, block.place, score, np.zeros(len(score), dtype=np.bool_))


def _chance(alone: Sequence[Block], together: Block, weight: Array, left: Array) -> float:
    """The p-value of the score test of `together` beside the blocks `alone`."""
    blocks = [*alone, together]
    matrix, vector = products(blocks, weight), moments(blocks, left)
    size = len(vector) - together.size
    most, degrees = _score(matrix, vector)
    least, fewer = _score(matrix[:size, :size], vector[:size])
    return float(chi2.sf(most - least, degrees - fewer)) if degrees > fewer else 1.0


def _score(matrix: Array, vector: Array) -> tuple[float, int]:
    values, directions = np.linalg.eigh(matrix)
    kept = values > values[-1] * 1e-9
    along = vector @ directions[:, kept]
    return float((along**2 / values[kept]).sum()), int(kept.sum())
