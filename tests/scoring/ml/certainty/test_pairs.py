import numpy as np
import pytest
from scipy.special import expit

from scoring.ml.certainty import pairs
from scoring.ml.certainty.effects import Block
from scoring.ml.certainty.familiarity_fitting import fit_familiarity
from scoring.ml.certainty.pairs import sure_pairs
from scoring.ml.encoding.features import LeadEncoder
from tests.scoring.ml.builders import examples

N = 4_000


def found(together: str, strength: float, seed: int) -> list[Block]:
    """The pairs found where two fields matter together by so much, and others alone."""
    rng = np.random.default_rng(seed)
    industry, plan = rng.integers(0, 5, N), rng.integers(0, 4, N)
    amount, visits = rng.normal(0, 1, N), rng.normal(0, 1, N)
    parts = {
        "words": rng.normal(0, 1, (5, 4))[industry, plan],
        "slopes": rng.normal(0, 1, 5)[industry] * amount,
        "numbers": amount * visits,
    }
    alone = -1.5 + 0.5 * amount + 0.5 * rng.normal(0, 1, 5)[industry]
    rows = examples(
        {
            "industry": [f"industry {each}" for each in industry],
            "plan": [f"plan {each}" for each in plan],
            "budget": amount.tolist(),
            "interactions": visits.tolist(),
        },
        label=(rng.random(N) < expit(alone + strength * parts[together])).astype(np.int8),
    )
    familiarity = fit_familiarity(rows, LeadEncoder().fit(rows))
    assert familiarity is not None
    return sure_pairs(rows.features, familiarity, alone, rows.label.astype(np.float64))


@pytest.mark.parametrize(("together", "size"), [("words", 20), ("slopes", 5), ("numbers", 1)])
def test_two_fields_that_matter_together_are_found(together, size):
    assert [block.size for block in found(together, 0.6, 0)] == [size]


def test_where_fields_matter_alone_no_pair_is_found():
    assert sum(len(found("words", 0.0, seed)) for seed in range(30)) <= 2


def test_of_many_fields_those_that_say_most_alone_are_tried_together(monkeypatch):
    monkeypatch.setattr(pairs, "MOST_FIELDS", 2)
    assert [block.size for block in found("slopes", 0.6, 0)] == [5]
    assert not found("words", 0.6, 0)
