"""Fields that say something are told from those that do not."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from scoring.ml.training.preparation import Preparation
from scoring.ml.training.relevance import MOST_COLUMNS, Relevance

RNG = np.random.default_rng(0)


def made(n: int, k: int, telling: int, effect: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """A prepared matrix of k columns, of which the first `telling` decide, and labels."""
    X = RNG.normal(size=(n, k))
    odds = effect * X[:, :telling].sum(axis=1) - 1
    return Preparation().fit(X).transform(X), (RNG.random(n) < expit(odds)).astype(np.int8)


def test_columns_that_decide_are_stretched_and_noise_is_not():
    Z, label = made(1000, 60, 5)
    scale = Relevance(spread=0.08).fit(Z, label).stretch_
    assert scale[:5].min() > 5 * np.median(scale[5:])


def test_what_it_finds_is_nearer_to_the_truth_than_any_one_penalty():
    Z, label = made(1000, 150, 5)
    truth = np.where(np.arange(150) < 5, 0.6, 0.0)
    relevance = Relevance(spread=0.08).fit(Z, label)
    weights = LogisticRegression().fit(relevance.transform(Z), label).coef_[0] * relevance.stretch_
    plain = [LogisticRegression(C=C).fit(Z, label).coef_[0] for C in (0.001, 0.01, 0.1, 1)]
    errors = [np.sum((each - truth) ** 2) for each in plain]
    assert np.sum((weights - truth) ** 2) < 0.5 * min(errors)


def test_the_words_of_a_field_share_what_is_learned_of_them():
    words = np.eye(6)[RNG.choice(6, 2000, p=[0.5, 0.2, 0.15, 0.1, 0.03, 0.02])]
    label = (RNG.random(2000) < expit(words @ [-1, 1, -1, 1, -1, 1])).astype(np.int8)
    relevance = Relevance(groups=np.zeros(6, dtype=int)).fit(words, label)
    # Put back to 0 and 1, a rare word may say as much as a common one.
    by_word = relevance.stretch_ / relevance.scale_
    assert by_word == pytest.approx(np.full(6, by_word[0]))


def test_of_very_many_columns_those_that_tell_most_by_themselves_are_weighed():
    Z, label = made(800, MOST_COLUMNS + 200, 5, effect=1.0)
    scale = Relevance().fit(Z, label).stretch_
    assert np.count_nonzero(scale) == MOST_COLUMNS
    assert (scale[:5] > 0).all()
