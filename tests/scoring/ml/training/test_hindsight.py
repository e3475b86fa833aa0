from datetime import date, timedelta

import numpy as np
import pytest
from scipy.special import expit

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.splitting.splits import Fold
from scoring.ml.training.encoded import EncodedFold, encode_fold
from scoring.ml.training.hindsight import all_evidence, as_served, best_kind
from tests.scoring.ml.made import leads

START = date(2023, 1, 1)
Said = list[np.ndarray]


def folds_of(*, window: int | None, by_time: bool = True) -> list[EncodedFold]:
    """Three folds of 400 leads each, a hundred days apart; 300 older leads teach in each."""
    examples = leads(1500, window=window, days=400)
    folds = []
    for number in range(3):
        cut = START + timedelta(days=100 * (number + 1))
        rows = np.arange(300 + 400 * number, 700 + 400 * number)
        fold = Fold(np.arange(300), np.ones(300), rows, np.ones(400), cut if by_time else None)
        folds.append(encode_fold(examples, fold, LeadEncoder()))
    return folds


def said_twice_too_surely(folds: list[EncodedFold]) -> Said:
    rng = np.random.default_rng(0)
    said = []
    for fold in folds:
        odds = np.where(fold.judge.label == 1, 1.0, -1.0) + rng.normal(0, 2, 400)
        said.append(expit(3 * odds - 1))
    return said


def test_it_leaves_the_first_fold_as_it_was_said_and_mends_the_later_ones():
    folds = folds_of(window=0)
    said = said_twice_too_surely(folds)
    served = as_served(folds, said, "sigmoid")
    assert served.probability[:400] == pytest.approx(np.clip(said[0], 1e-6, 1 - 1e-6))
    assert np.abs(served.probability[400:] - np.concatenate(said[1:])).mean() > 0.05
    raw = as_served(folds, said, "none")
    assert served.loss[400:].mean() < raw.loss[400:].mean()


def test_it_uses_no_outcome_that_was_not_yet_known():
    # Known only after all cuts: nothing to learn a map from.
    folds = folds_of(window=1000)
    said = said_twice_too_surely(folds)
    served = as_served(folds, said, "sigmoid")
    raw = np.clip(np.concatenate(said), 1e-6, 1 - 1e-6)
    assert (served.probability == raw).all()
    assert best_kind(folds, said) == "none"


def test_it_changes_no_fold_by_what_came_later():
    folds = folds_of(window=0)
    said = said_twice_too_surely(folds)
    changed = [*said[:2], 1 - said[2]]
    first, again = (as_served(folds, each, "sigmoid") for each in (said, changed))
    assert (first.probability[:800] == again.probability[:800]).all()


def test_it_learns_from_all_other_folds_without_time():
    folds = folds_of(window=None, by_time=False)
    said = said_twice_too_surely(folds)
    served = as_served(folds, said, "sigmoid")
    assert np.abs(served.probability[:400] - said[0]).mean() > 0.05


def test_it_finds_that_a_too_sure_model_needs_a_sigmoid():
    folds = folds_of(window=0)
    assert best_kind(folds, said_twice_too_surely(folds)) == "sigmoid"


def test_it_counts_older_folds_less():
    folds = folds_of(window=0)
    weight = all_evidence(folds, said_twice_too_surely(folds)).weight
    assert [weight[start] for start in (0, 400, 800)] == [0.25, 0.5, 1.0]
