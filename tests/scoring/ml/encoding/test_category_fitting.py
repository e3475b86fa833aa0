from typing import Any

import numpy as np
import pytest

from scoring.ml.encoding.category_fitting import fit_category
from scoring.ml.encoding.columns import CategoryColumn
from tests.scoring.ml.builders import examples

NONE = frozenset({"", "unknown"})


def fitted(values: list[Any], **given: Any) -> CategoryColumn:
    column = fit_category("attributes.it", examples({"it": values}, **given), NONE).column
    assert isinstance(column, CategoryColumn)
    return column


def test_each_common_word_has_a_column_and_rare_and_missing_ones_have_one():
    column = fitted(["Fair"] * 60 + [" FAIR "] * 20 + ["Web"] * 70 + ["Odd", "Odder"] + [None] * 9)

    assert column.kind == "category"
    assert column.names == ("Fair", "Web", "rare", "missing")
    assert column.one("fair", 0.0) == (1.0, 0.0, 0.0, 0.0)
    assert column.one("odd", 0.0) == column.one("never seen", 0.0) == (0.0, 0.0, 1.0, 0.0)
    assert column.one("Unknown", 0.0) == column.one([], 0.0) == (0.0, 0.0, 0.0, 1.0)


def test_what_training_never_showed_speaks_for_no_column():
    column = fitted(["Fair", "Web"] * 50)

    assert column.names == ("Fair", "Web")
    assert column.one("never seen", 0.0) == column.one(None, 0.0) == (0.0, 0.0)


def test_a_word_is_counted_in_leads_not_in_rows():
    words = ["Fair", "Web"] * 50 + ["Odd"] * 6

    assert "Odd" in fitted(words).names
    assert "Odd" not in fitted(words, lead=[*range(100), *[100] * 6]).names


@pytest.mark.parametrize(("common", "kind"), [(20, "category"), (21, "many categories")])
def test_more_than_twenty_common_words_share_one_column(common, kind):
    assert fitted([f"word {number % common}" for number in range(common * 6)]).kind == kind


def test_a_few_words_that_are_nearly_all_rows_keep_their_columns_beside_many_rare_ones():
    rare = [f"typo {number}" for number in range(30) for _ in range(5)]
    column = fitted(["Fair", "Web"] * 2000 + rare)

    assert column.names == ("Fair", "Web", "rare")


def test_many_words_are_told_apart_by_how_often_they_win_and_how_common_they_are():
    words = [f"word {number % 25}" for number in range(2500)] + ["word 0"] * 500
    label = np.array([word in ("word 0", "word 1") for word in words])
    column = fitted(words, label=label.astype(int))

    assert column.names == ("", "how common")
    assert column.one("word 1", 0.0)[0] > 0 > column.one("word 2", 0.0)[0]
    assert column.one("word 0", 0.0)[1] > column.one("word 1", 0.0)[1]
    assert column.one("never seen", 0.0) == pytest.approx((0.0, 0.0))


def test_a_rare_word_among_many_is_as_common_as_rare_words_are():
    words = [f"word {number % 25}" for number in range(500)] + [f"odd {n}" for n in range(90)]

    assert fitted(words).one("odd 7", 0.0)[1] == pytest.approx(np.log(1 + 1))


def test_of_an_identifier_only_whether_it_is_there_is_kept():
    column = fitted([f"number {number}" for number in range(60)] + [None] * 20)

    assert column.kind == "known"
    assert column.one("anything", 0.0) == (0.0,)
    assert column.one(None, 0.0) == (1.0,)


def test_the_order_of_rows_does_not_matter():
    words = ["Fair", "Web", "Mail", "Call"] * 20

    assert fitted(words).to_dict() == fitted(words[::-1]).to_dict()
