import numpy as np
import pytest

from scoring.ml.encoding.target_encoding import advantage, serving_table, training_values
from tests.scoring.ml.builders import FIRST_DAY, examples

N, SIZE = 200, 4


@pytest.fixture
def random():
    return np.random.default_rng(5)


@pytest.fixture
def dated(random):
    """Rows of leads with up to three rows each; a label is known a month after its row."""
    lead = np.sort(random.integers(0, N // 2, N))
    return examples(
        {"interactions": [1.0] * N},
        label=random.integers(0, 2, N),
        day=FIRST_DAY + random.integers(0, 100, N),
        known_after=30,
        lead=lead.tolist(),
    )


def test_a_dated_row_is_encoded_by_what_other_leads_had_shown_before_its_day(random, dated):
    codes = random.integers(0, SIZE, N)

    values = training_values(codes, SIZE, dated)

    for row in range(N):
        known = (dated.known_on < dated.day[row]) & (dated.lead != dated.lead[row])
        here = known & (codes == codes[row])
        weight, won = dated.weight, dated.weight * dated.label
        sums = (each[rows].sum() for rows in (here, known) for each in (won, weight))
        assert values[row] == pytest.approx(advantage(*sums), abs=1e-9)
    assert len(np.unique(values)) > N / 4


def test_a_dated_row_is_not_encoded_by_an_outcome_of_its_own_day(random):
    same_day = examples(
        {"interactions": [1.0] * N},
        label=random.integers(0, 2, N),
        day=np.repeat(FIRST_DAY, N),
        known_after=0,
    )

    assert not training_values(np.zeros(N, dtype=np.intp), SIZE, same_day).any()


def test_an_undated_row_is_not_encoded_by_its_own_lead_or_its_twin(random):
    # Rows come in pairs with the same features; flipping one pair's labels moves others only.
    label = np.repeat(random.integers(0, 2, N // 2), 2)
    twins = {"interactions": np.repeat(np.arange(N // 2), 2).astype(float).tolist()}
    codes = np.repeat(random.integers(0, SIZE, N // 2), 2)

    before = training_values(codes, SIZE, examples(twins, label=label))
    label[:2] = 1 - label[:2]
    after = training_values(codes, SIZE, examples(twins, label=label))

    assert np.array_equal(before[:2], after[:2])
    assert not np.array_equal(before[2:], after[2:])


def test_undated_rows_teach_no_dated_ones(random, dated):
    mixed = examples(
        {"interactions": np.arange(N).astype(float).tolist()},
        label=dated.label,
        day=np.where(np.arange(N) < N // 2, dated.day, np.datetime64("NaT")),
        known_after=30,
    )
    codes = random.integers(0, SIZE, N)

    values = training_values(codes, SIZE, mixed)
    first = training_values(codes[: N // 2], SIZE, mixed.take(np.arange(N // 2)))

    assert np.array_equal(values[: N // 2], first)
    assert values[N // 2 :].any()


def test_serving_uses_all_outcomes_and_shrinks_what_few_leads_showed():
    # 300 leads of code 0 win half, 3 of code 1 win all, 297 of code 2 win none.
    label = [row % 2 for row in range(300)] + [1] * 3 + [0] * 297
    codes = np.array([0] * 300 + [1] * 3 + [2] * 297)

    table = serving_table(codes, SIZE, examples({"interactions": [1.0] * 600}, label=label))

    assert table[0] > table[1] > 0 > table[2]
    assert table[3] == 0
