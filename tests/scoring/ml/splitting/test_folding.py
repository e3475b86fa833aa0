import numpy as np

from scoring.ml.splitting.folding import deal_folds
from tests.scoring.ml.builders import examples


def test_rows_of_one_lead_and_rows_that_look_alike_are_in_one_fold():
    # Rows 0-1 look alike, rows 1-2 are of one lead; so all three belong together.
    look = ["a", "a", *[f"b{number}" for number in range(98)]]
    fold = deal_folds(examples({"it": look}, lead=[0, 1, 1, *range(3, 100)]), 5)

    assert fold[0] == fold[1] == fold[2]
    assert np.bincount(fold, minlength=5).min() >= 18


def test_another_seed_deals_other_folds():
    alone = examples({"it": [f"b{number}" for number in range(50)]})

    assert np.array_equal(deal_folds(alone, 5, seed=1), deal_folds(alone, 5, seed=1))
    assert not np.array_equal(deal_folds(alone, 5, seed=1), deal_folds(alone, 5, seed=2))
