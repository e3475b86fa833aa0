import numpy as np
import pytest
from scipy.special import expit

from scoring.ml.certainty import likelihood
from scoring.ml.certainty.effects import Block, cell_block, slope_block
from scoring.ml.certainty.likelihood import polya_gamma
from scoring.ml.certainty.posterior import Draws, draw_posterior
from scoring.ml.certainty.sums import added


def drawn(
    leads: int, cells: int, deviation: float, seed: int
) -> tuple[list[Block], np.ndarray, Draws]:
    """Blocks of a level and of two fields, the true effects and what is drawn of them: the cells
    of one field vary by `deviation`, those of the other not at all."""
    rng = np.random.default_rng(seed)
    blocks = [slope_block(np.ones(leads))]
    for _ in range(2):
        blocks.append(cell_block(rng.permutation(leads) % cells, np.arange(cells)))
    effects = np.concatenate([[-1.0], rng.normal(0, deviation, cells), np.zeros(cells)])
    label = (rng.random(leads) < expit(added(blocks, effects))).astype(np.float64)
    return blocks, effects, draw_posterior(blocks, -1.0, label, np.random.default_rng(0))


@pytest.mark.parametrize("odds", [0.0, -1.5, 6.0])
def test_polya_gamma_draws_have_the_mean_and_variance_of_their_law(odds):
    found = polya_gamma(np.full(200_000, odds), np.random.default_rng(0))
    c = max(abs(odds), 1e-3)
    variance = (np.sinh(c) - c) / (4 * c**3 * np.cosh(c / 2) ** 2)
    assert found.min() > 0
    assert found.mean() == pytest.approx(np.tanh(c / 2) / (2 * c), rel=0.01)
    assert found.var() == pytest.approx(variance, rel=0.03)


def test_true_effects_lie_in_as_many_ranges_of_the_draws_as_stated():
    inside = []
    for seed in range(6):
        _, effects, draws = drawn(1_500, 40, 0.8, seed)
        low, high = np.quantile(draws.effects[:, 1:41], [0.05, 0.95], axis=0)
        inside.append(np.mean((low <= effects[1:41]) & (effects[1:41] <= high)))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.05)


def test_where_cells_have_few_leads_their_variance_is_not_taken_for_too_little(monkeypatch):
    exact = [drawn(800, 160, 1.2, seed)[2].deviations[:, 1].mean() for seed in range(5)]
    monkeypatch.setattr(likelihood, "MOST_PRODUCTS", 0)
    normal = [drawn(800, 160, 1.2, seed)[2].deviations[:, 1].mean() for seed in range(5)]
    assert np.mean(exact) == pytest.approx(1.2, rel=0.12)
    assert np.mean(normal) < np.mean(exact)


def test_a_field_that_says_nothing_varies_little():
    draws = drawn(4_000, 20, 0.8, 0)[2]
    assert np.median(draws.deviations[:, 1]) == pytest.approx(0.8, rel=0.35)
    assert np.median(draws.deviations[:, 2]) < 0.15


def test_with_many_leads_a_normal_likelihood_says_the_same(monkeypatch):
    _, _, exact = drawn(20_000, 10, 0.8, 1)
    monkeypatch.setattr(likelihood, "MOST_PRODUCTS", 0)
    _, effects, normal = drawn(20_000, 10, 0.8, 1)
    # The level and the cells' mean are told apart by nothing but the prior.
    apart = [
        draws.effects[:, 1:11] - draws.effects[:, 1:11].mean(1)[:, None]
        for draws in (exact, normal)
    ]
    assert apart[1].mean(axis=0) == pytest.approx(apart[0].mean(axis=0), abs=0.03)
    assert apart[1].std(axis=0).mean() == pytest.approx(apart[0].std(axis=0).mean(), rel=0.15)
    assert apart[1].mean(axis=0) == pytest.approx(effects[1:11] - effects[1:11].mean(), abs=0.2)


@pytest.mark.parametrize("most", [0, 10**9])
def test_a_field_that_decides_nearly_everything_leads_no_draw_astray(monkeypatch, most):
    monkeypatch.setattr(likelihood, "MOST_PRODUCTS", most)
    _, effects, draws = drawn(5_000, 10, 5.0, 0)
    assert np.corrcoef(draws.effects.mean(axis=0)[1:11], effects[1:11])[0, 1] > 0.9
    assert np.abs(draws.effects).max() < 20
    assert np.abs(draws.effects[:, 11:]).max() < 1


def test_the_same_seed_gives_the_same_draws():
    assert (drawn(500, 10, 0.5, 3)[2].effects == drawn(500, 10, 0.5, 3)[2].effects).all()
