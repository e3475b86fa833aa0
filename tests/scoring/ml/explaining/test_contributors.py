from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import logit

from scoring.ml.explaining.contributors import contributor
from scoring.ml.explaining.explainer import Explainer
from tests.scoring.ml.explaining.brute_force import background_value, shapley, tree_value
from tests.scoring.ml.explaining.made_models import (
    COLUMNS,
    SERVED_TYPES,
    WIDTHS,
    engine,
    fields,
    rows,
)

OWNER = [number for number, width in enumerate(WIDTHS.values()) for _ in range(width)]
SLICES = [each.columns for each in fields()]


def raw(engine: Any, X: Any) -> npt.NDArray[np.float64]:
    """Log-odds; of a forest and a blend the probability."""
    said = engine.probabilities(X)
    averages = engine.kind == "blend" or (engine.kind == "trees" and not engine.adds_log_odds)
    return np.asarray(said if averages else logit(said))


@pytest.mark.parametrize("model_type", SERVED_TYPES)
def test_its_values_add_up_to_what_the_model_says(model_type):
    model = engine(model_type)
    found = contributor(model, fields())
    X = rows(200, seed=7)
    values, _ = found.values(X)
    assert raw(model, X).std() > 0.05
    assert found.base + values.sum(axis=1) == pytest.approx(raw(model, X), abs=1e-9)


@pytest.mark.parametrize("model_type", SERVED_TYPES)
def test_it_says_the_same_of_one_lead_as_of_many(model_type):
    found = contributor(engine(model_type), fields())
    X = rows(70, seed=8)
    alone = np.concatenate([found.values(row[None])[0] for row in X])
    assert found.values(X)[0] == pytest.approx(alone, abs=1e-12)


@pytest.mark.parametrize("model_type", SERVED_TYPES)
def test_a_field_that_the_model_ignores_gets_nothing(model_type):
    values, _ = contributor(engine(model_type), fields()).values(rows(70, seed=9))
    ignored = list(WIDTHS).index("constant")
    assert (values[:, ignored] == 0).all()
    assert np.abs(np.delete(values, ignored, axis=1)).max(axis=0).min() > 0


@pytest.mark.parametrize("model_type", ["random-forest", "gradient-boosting"])
def test_it_is_exact_for_trees(model_type):
    model = engine(model_type, **({"trees": 12} if model_type == "gradient-boosting" else {}))
    found = contributor(model, fields())
    X = rows(4, seed=10)
    X[0, 0], X[0, 1] = np.nan, 1.0
    values, error = found.values(X)
    for row, value in zip(X, values, strict=True):
        sure = shapley(len(WIDTHS), tree_value(model.model, OWNER, row))
        assert value == pytest.approx(sure, abs=1e-6)
    assert not error.any()


def test_it_is_exact_for_a_linear_model():
    model = engine("logistic-regression")
    values, _ = contributor(model, fields()).values(X := rows(5, seed=11))
    mean = model.mean[None].astype(np.float64)
    for row, value in zip(X, values, strict=True):
        game = background_value(lambda mixed: raw(model, mixed), SLICES, row, mean)
        assert value == pytest.approx(shapley(len(WIDTHS), game), abs=1e-6)


def test_it_is_exact_for_a_net_of_few_fields():
    model = engine("neural-network")
    values, error = contributor(model, fields()).values(X := rows(3, seed=12))
    for row, value in zip(X, values, strict=True):
        game = background_value(lambda mixed: raw(model, mixed), SLICES, row, model.background)
        assert value == pytest.approx(shapley(len(WIDTHS), game), abs=1e-6)
    assert not error.any()


def test_it_is_within_its_stated_error_for_a_net_of_many_fields():
    """Each column a field of its own: too many for every coalition."""
    widths = {f"column {number}": 1 for number in range(COLUMNS)}
    model = engine("neural-network")
    values, error = contributor(model, fields(widths)).values(X := rows(12, seed=13))
    slices = [each.columns for each in fields(widths)]
    beyond = []
    for row, value, stated in zip(X, values, error, strict=True):
        game = background_value(lambda mixed: raw(model, mixed), slices, row, model.background)
        beyond.append(np.abs(value - shapley(COLUMNS, game)) > 2 * stated + 1e-12)
    assert 0 < error.max() < 0.1
    # Of a normal error, 5 % lie beyond twice the standard error; all are below five times.
    assert np.mean(beyond) < 0.1


def test_it_explains_a_net_that_kept_no_background():
    old = engine("neural-network")
    arrays = {name: array for name, array in old.arrays().items() if name != "background"}
    model = type(old).from_arrays(arrays)
    found = contributor(model, fields())
    X = rows(5, seed=14)
    total = found.base + found.values(X)[0].sum(axis=1)
    assert total == pytest.approx(raw(model, X), abs=1e-9)
    assert found.base == pytest.approx(raw(model, model.mean[None])[0], abs=1e-6)


def test_a_field_of_a_blend_adds_what_it_adds_to_the_members_by_their_weights():
    blend = engine("blend")
    values, error = contributor(blend, fields()).values(X := rows(40, seed=15))
    by_weight = np.zeros_like(values)
    for member in blend.members:
        alone = Explainer(fields(), member.engine, member.calibration)
        points = alone.explain(X, member.probabilities(X)).points.values
        by_weight += member.weight * points / 100
    assert values == pytest.approx(by_weight, abs=1e-12)
    assert not error.any()


def test_it_refuses_an_engine_that_it_does_not_know():
    unknown: Any = object()
    with pytest.raises(TypeError, match="object"):
        contributor(unknown, fields())
