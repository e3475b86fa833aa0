"""The scorecard, corrected by outcomes: Bayes' rule with the card as what was believed before.

A logistic regression on the card's own rules. Before any outcome each weight is normal around the
card's (Gelman, Jakulin, Pittau, Su 2008, on informative priors for such models), with the standard
deviation that the card's certainty says. What serves are the weights of the posterior's mode; its
covariance is Laplace's (Bishop 2006, Pattern Recognition and Machine Learning, section 4.5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from scoring.ml.examples import Examples
from scoring.ml.scorecard.card import Card, card_scorer
from scoring.ml.serving.runtime import Scorer

Array = npt.NDArray[np.float64]
STEPS = 50
CLOSE = 1e-10


@dataclass(frozen=True)
class Learned:
    """How much outcomes have taught.

    share: 1 - (variance of the log-odds now) / (variance before any outcome), the mean over the
    leads learned from: 0 nothing, 1 all. leads, won: how many there were.
    """

    share: float
    leads: int
    won: int


@dataclass(frozen=True)
class Corrected:
    """A corrected card: its scorer, and how much of it is learned."""

    scorer: Scorer
    learned: Learned


def correct_card(card: Card, examples: Examples, *, placeholders: frozenset[str]) -> Corrected:
    """The card after the outcomes in `examples`; without any it is the card itself."""
    rows = card.encoder(placeholders).transform(examples.features).astype(np.float64)
    rows = np.column_stack([rows, np.ones(len(examples))])
    before = np.append(card.weights(), card.bias)
    precision = 1 / card.prior_deviation**2
    weights, hessian = _mode(rows, examples, before, precision)
    scorer = card_scorer(
        card, placeholders=placeholders, weights=weights[:-1], bias=float(weights[-1])
    )
    return Corrected(scorer, _learned(rows, examples, hessian, precision))


def _mode(rows: Array, examples: Examples, before: Array, precision: float) -> tuple[Array, Array]:
    """Where the posterior is highest (k + 1,), and its curvature there: Newton, never overshooting.

    The posterior is log-concave, so there is one such place whatever the outcomes.
    """
    label, weight = examples.label.astype(np.float64), examples.weight

    def height(at: Array) -> float:
        odds = rows @ at
        likelihood = weight @ (label * odds - np.logaddexp(0.0, odds))
        return float(likelihood - precision / 2 * np.sum((at - before) ** 2))

    now, best = before, height(before)
    for _ in range(STEPS):
        p = expit(rows @ now)
        slope = rows.T @ (weight * (label - p)) - precision * (now - before)
        step = np.linalg.solve(_hessian(rows, weight, p, precision), slope)
        while (there := height(now + step)) < best and np.abs(step).max() > CLOSE:
            step = step / 2
        now, best = now + step, max(best, there)
        if np.abs(step).max() <= CLOSE:
            break
    return now, _hessian(rows, weight, expit(rows @ now), precision)


def _hessian(rows: Array, weight: Array, p: Array, precision: float) -> Array:
    information = rows.T @ (rows * (weight * p * (1 - p))[:, None])
    return np.asarray(information + precision * np.eye(rows.shape[1]))


def _learned(rows: Array, examples: Examples, hessian: Array, precision: float) -> Learned:
    leads = np.unique(examples.lead)
    won = np.unique(examples.lead[examples.label == 1])
    if not len(leads):
        return Learned(0.0, 0, 0)
    after = np.einsum("ij,ij->i", rows, np.linalg.solve(hessian, rows.T).T)
    before = (rows**2).sum(axis=1) / precision
    share = float(np.average(1 - after / before, weights=examples.weight))
    return Learned(min(max(share, 0.0), 1.0), len(leads), len(won))
