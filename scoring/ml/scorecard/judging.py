"""How good a corrected card would have been so far: each lead judged by what was known before it.

Predict first, learn afterwards, lead by lead in order of time (Dawid 1984, Present position and
potential developments: the prequential approach). No outcome has a say in its own prediction.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scoring.ml.examples import Examples
from scoring.ml.judging.judged import Judged, together
from scoring.ml.judging.judged_rows import JudgedRows
from scoring.ml.scorecard.card import Card
from scoring.ml.scorecard.correcting import correct_card
from scoring.ml.serving.calibration import inside

Rows = npt.NDArray[np.intp]
# Days at which the card learns what has come out since the last; parts, where there are no days.
TURNS = 20
# Of each kind, won and not; below it a figure says nothing.
FEWEST_TO_JUDGE = 5


def judge_card(
    card: Card, examples: Examples, *, placeholders: frozenset[str], seed: int
) -> JudgedRows | None:
    """What the corrected card would have said of each lead; None where there are too few."""
    won = len(np.unique(examples.lead[examples.label == 1]))
    if min(won, len(np.unique(examples.lead)) - won) < FEWEST_TO_JUDGE:
        return None
    parts, order = [], []
    for taught, asked in _turns(examples, seed):
        before, now = examples.take(taught), examples.take(asked)
        said = correct_card(card, before, placeholders=placeholders).scorer
        probability = said.probabilities_of_frame(now.features)
        base = _share_won(card, before)
        order.append(asked)
        parts.append(
            Judged(
                probability=probability,
                base=np.full(len(now), base),
                chosen=probability >= base,
                label=now.label,
                weight=now.weight,
                lead=now.lead,
            )
        )
    return JudgedRows(examples.take(np.concatenate(order)).features, together(parts))


def _share_won(card: Card, before: Examples) -> float:
    """The share won so far, with one lead's weight of what the card expects."""
    total = float(before.weight.sum()) + 1.0
    share = (float(before.weight @ before.label) + card.expected_rate) / total
    return float(inside(np.asarray(share)))


def _turns(examples: Examples, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """Rows that taught, and the rows that they are judged by; no lead is in both."""
    dated = ~np.isnat(examples.day)
    if dated.all():
        edges = np.unique(
            np.quantile(
                examples.day.astype("datetime64[D]").astype(np.int64),
                np.linspace(0, 1, TURNS + 1)[:-1],
                method="lower",
            )
        ).astype("datetime64[D]")
        for start, end in zip(edges, [*edges[1:], np.datetime64("9999-12-31")], strict=True):
            asked = np.flatnonzero((examples.day >= start) & (examples.day < end))
            known = (examples.known_on <= start) & (examples.day < start)
            known &= ~np.isin(examples.lead, examples.lead[asked])
            yield np.flatnonzero(known), asked
        return
    leads = np.unique(examples.lead)
    part = np.random.default_rng(seed).permutation(len(leads)) % TURNS
    of_row = part[np.searchsorted(leads, examples.lead)]
    for number in range(min(TURNS, len(leads))):
        yield np.flatnonzero(of_row != number), np.flatnonzero(of_row == number)
