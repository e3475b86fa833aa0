import numpy as np
import pytest

from scoring.ml.errors import TooFewExamples
from scoring.ml.examples import Examples
from scoring.ml.splitting.grouping import group_rows
from scoring.ml.splitting.split_examples import split_examples
from scoring.ml.splitting.splits import Fold
from tests.scoring.ml.made import leads


def every_fold(examples: Examples) -> list[Fold]:
    split = split_examples(examples, seed=0)
    return [split.test, *split.folds]


def test_it_judges_only_what_came_after_all_that_was_known():
    examples = leads(800)
    assert split_examples(examples, seed=0).by_time
    for fold in every_fold(examples):
        cut = np.datetime64(fold.cut)
        assert (examples.known_on[fold.train] <= cut).all()
        assert (examples.day[fold.judge] > cut).all()


def test_it_keeps_the_backtest_to_labels_known_at_the_newest_cut():
    examples = leads(800)
    split = split_examples(examples, seed=0)
    assert len(split.folds) == 4
    for fold in split.folds:
        assert (examples.known_on[fold.judge] <= np.datetime64(split.cut)).all()
        assert not np.intersect1d(fold.judge, split.test.judge).size


def test_it_keeps_about_a_fifth_of_the_leads_for_the_newest_slice():
    examples = leads(2000)
    test = split_examples(examples, seed=0).test
    assert 0.18 < test.judge_weight.sum() / 2000 < 0.26


def test_it_has_no_lead_on_both_sides():
    examples = leads(800, rows_a_lead=4)
    for fold in every_fold(examples):
        assert not np.intersect1d(examples.lead[fold.train], examples.lead[fold.judge]).size


def test_it_does_not_make_winners_more_frequent_by_dealing_out_straddling_leads():
    # Only losers stay open for long, so all leads that straddle a cut are losers.
    examples = leads(6000, rows_a_lead=4)
    first_of_won = (examples.label == 1) & (np.arange(len(examples)) % 4 > 0)
    examples = examples.take(~first_of_won)
    split = split_examples(examples, seed=0)
    known = np.flatnonzero(examples.known_on <= np.datetime64(split.cut))
    truth = np.average(examples.label[known], weights=examples.weight[known])
    test = split.test
    learned = np.average(examples.label[test.train], weights=test.train_weight)
    assert len(test.train) < len(known)
    assert abs(learned - truth) < 0.005


def test_it_puts_exact_duplicates_on_one_side_without_dates():
    once = leads(200, window=None)
    twice = once.take(np.repeat(np.arange(200), 2))
    examples = Examples(
        features=twice.features,
        label=twice.label,
        weight=twice.weight,
        day=twice.day,
        known_on=twice.known_on,
        lead=np.arange(400),
    )
    groups = group_rows(examples)
    assert len(np.unique(groups)) == 200
    split = split_examples(examples, seed=0)
    assert not split.by_time
    assert "most rows have no date" in split.reason
    for fold in every_fold(examples):
        assert not np.intersect1d(groups[fold.train], groups[fold.judge]).size


def test_it_joins_rows_that_differ_only_in_columns_left_out():
    examples = leads(100, window=None)
    examples.features["attributes.id"] = [f"id {number}" for number in range(100)]
    examples.features[["budget", "interactions", "industry", "attributes.noise"]] = 1
    assert len(np.unique(group_rows(examples))) == 100
    assert len(np.unique(group_rows(examples, ["attributes.id"]))) == 1


def test_it_says_why_dated_rows_could_not_be_judged_by_time():
    examples = leads(300, days=30, window=90)
    split = split_examples(examples, seed=0)
    assert not split.by_time
    assert "on no day were enough outcomes known" in split.reason


def test_it_lets_undated_rows_teach_but_not_judge():
    examples = leads(800)
    undated = np.arange(800) % 10 == 0
    examples.day[undated] = np.datetime64("NaT")
    examples.known_on[undated] = np.datetime64("NaT")
    split = split_examples(examples, seed=0)
    assert split.by_time
    assert split.undated == 80
    assert "Rows without a date (80) taught" in split.reason
    for fold in (split.test, *split.folds):
        assert not undated[fold.judge].any()
        assert undated[fold.train].sum() == 80


def test_it_makes_the_same_split_from_the_same_seed():
    examples = leads(500, window=None)
    first, again = (split_examples(examples, seed=3) for _ in range(2))
    assert (first.test.judge == again.test.judge).all()
    assert (split_examples(examples, seed=4).test.judge.tolist()) != first.test.judge.tolist()


def test_it_says_so_when_undated_leads_look_too_much_alike_to_be_held_out():
    examples = leads(300, window=None)
    fields = set(examples.features.columns) - {"industry"}
    with pytest.raises(TooFewExamples, match="Only 3 different kinds"):
        split_examples(examples, left_out=fields, seed=0)
