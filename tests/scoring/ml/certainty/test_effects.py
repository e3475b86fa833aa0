import numpy as np
import pytest

from scoring.ml.certainty import effects
from scoring.ml.certainty.effects import Block, cell_block, field_blocks, slope_block
from scoring.ml.certainty.familiarity_fitting import fit_familiarity
from scoring.ml.certainty.sums import ManyProducts, added, moments, products
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from tests.scoring.ml.builders import examples

N = 400


def blocks(seed: int = 0) -> list[Block]:
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 5, N)
    return [
        slope_block(np.ones(N)),
        cell_block(cells, np.array([0, 1, 3])),
        slope_block(rng.normal(0, 1, N)),
    ]


def as_matrix(block: Block) -> np.ndarray:
    return block.of(np.eye(block.size))


def of_words(words: list[str]) -> list[Block]:
    rows: Examples = examples({"industry": words}, label=np.arange(len(words)) % 2)
    familiarity = fit_familiarity(rows, LeadEncoder().fit(rows))
    assert familiarity is not None
    return field_blocks(rows.features, familiarity)


def test_sums_by_cell_are_those_of_the_design_matrix():
    given, weight = blocks(), np.random.default_rng(1).random(N)
    design = np.hstack([as_matrix(block) for block in given])
    assert products(given, weight) == pytest.approx(design.T @ (weight[:, None] * design))
    assert ManyProducts(given).of(weight) == pytest.approx(products(given, weight))
    assert moments(given, weight) == pytest.approx(design.T @ weight)
    drawn = np.random.default_rng(2).normal(0, 1, (design.shape[1], 3))
    assert added(given, drawn) == pytest.approx(design @ drawn)
    assert added(given, drawn[:, 0]) == pytest.approx(design @ drawn[:, 0])


def test_a_lead_in_no_cell_has_an_effect_that_no_other_tells():
    rng = np.random.default_rng(0)
    block = cell_block(rng.integers(0, 5, N), np.array([0, 1, 3]))
    assert (block.open == (as_matrix(block).sum(axis=1) == 0)).all()
    assert block.take(np.arange(7)).open.tolist() == block.open[:7].tolist()


def test_rare_words_are_a_block_of_their_own_and_the_rarest_have_none():
    common = ["a"] * 400 + ["b"] * 300
    rare = [f"rare {number}" for number in range(20) for _ in range(6)]
    rarest = [f"rarest {number}" for number in range(8) for _ in range(2)]
    found = of_words(common + rare + rarest)
    assert [block.size for block in found] == [2, 20]
    assert not found[0].open.any()
    assert found[1].open.tolist() == [False] * (700 + len(rare)) + [True] * len(rarest)


def test_of_too_many_cells_the_largest_are_kept(monkeypatch):
    monkeypatch.setattr(effects, "MOST_CELLS", 6)
    found = of_words([f"word {number}" for number in range(20) for _ in range(6 + number)])
    assert [block.size for block in found] == [6]
    assert found[0].open.sum() == sum(6 + number for number in range(14))
