"""From an engine to what its fields add to its raw output: a class for each kind of engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from scoring.ml.encoding.features import EncodedField
from scoring.ml.explaining.blend import BlendShapley
from scoring.ml.explaining.carrying import Carrier, Contributor
from scoring.ml.explaining.linear import LinearShapley
from scoring.ml.explaining.network import NetworkShapley
from scoring.ml.explaining.paths import read_leaves
from scoring.ml.explaining.trees import TreeShapley
from scoring.ml.serving.blend import BlendEngine
from scoring.ml.serving.engines import Engine, LinearEngine, NetworkEngine, TreeEngine

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


def contributor(engine: Engine, fields: Sequence[EncodedField]) -> Contributor:
    """The contributor of an engine whose matrix has these fields. Raises TypeError for others."""
    match engine:
        case LinearEngine():
            linear = LinearShapley(engine, fields)
            return Contributor(linear.base, expit, _exact(linear.contributions))
        case NetworkEngine():
            network = NetworkShapley(engine, fields)
            return Contributor(network.base, expit, network.contributions)
        case TreeEngine():
            owner = [
                number
                for number, field in enumerate(fields)
                for _ in range(field.columns.start, field.columns.stop)
            ]
            trees = TreeShapley(read_leaves(engine.model, owner), len(fields))
            link = expit if engine.adds_log_odds else np.asarray
            return Contributor(trees.base, link, _exact(trees.contributions))
        case BlendEngine():
            carriers = [
                Carrier(contributor(member.engine, fields), member.calibration)
                for member in engine.members
            ]
            blend = BlendShapley(engine, carriers)
            return Contributor(blend.base, np.asarray, blend.contributions)
    raise TypeError(f"No reasons are known for {type(engine).__name__}.")


def _exact(values: Callable[[Matrix], Array]) -> Callable[[Matrix], tuple[Array, Array]]:
    def with_error(X: Matrix) -> tuple[Array, Array]:
        found = values(X)
        return found, np.zeros_like(found)

    return with_error
