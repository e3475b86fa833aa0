"""Fitted models in a form that needs no estimator: weights as arrays, trees as treelite bytes.

An engine is what serves: it gives what the estimator's `predict_proba` gave, to 1e-9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt
import treelite
from scipy.special import expit

from scoring.ml.errors import ArtifactLibraryMismatch
from scoring.ml.serving.layers import fill_in, forward
from scoring.ml.serving.tree_arrays import read_ensemble
from scoring.ml.serving.tree_descent import TreeDescent
from scoring.ml.serving.tree_lookup import TreeLookup
from scoring.ml.serving.tree_masks import TreeMasks

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
# From here looking all rows up together is quicker than treelite, which walks them one by one.
MANY_ROWS = 32
# Trees that outgrow the processor's cache: there treelite takes three times as long for one row.
MANY_BYTES = 4 << 20


class Engine(Protocol):
    """Raw probabilities from a matrix; `arrays` holds all there is to store."""

    kind: ClassVar[str]

    def probabilities(self, X: Matrix) -> Array:
        """Probability before calibration (n,) for X (n, k) with NaN for missing."""

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Named arrays from which `from_arrays` makes an equal engine."""

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The engine that `arrays` described."""


@dataclass(frozen=True)
class _Arrays:
    """An engine whose fields are all arrays: they are what is stored."""

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As Engine says."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """As Engine says."""
        return cls(**arrays)


@dataclass(frozen=True)
class LinearEngine(_Arrays):
    """expit(weights · prepared row + bias): all arrays (k,), bias (1,)."""

    kind: ClassVar[str] = "linear"
    fill: Array
    mean: Array
    scale: Array
    weights: Array
    bias: Array

    def probabilities(self, X: Matrix) -> Array:
        """As Engine says."""
        prepared = (fill_in(X, self.fill) - self.mean) / self.scale
        return np.asarray(expit(prepared @ self.weights + self.bias))


@dataclass(frozen=True)
class NetworkEngine(_Arrays):
    """A net with one hidden layer of h units: hidden (k, h), output (h, 1).

    background: encoded training rows (m, k) that stand for all of them; none in an old artifact.
    """

    kind: ClassVar[str] = "network"
    fill: Array
    mean: Array
    scale: Array
    hidden: Array
    hidden_bias: Array
    output: Array
    output_bias: Array
    background: Matrix = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))

    def probabilities(self, X: Matrix) -> Array:
        """As Engine says."""
        prepared = (fill_in(X, self.fill) - self.mean) / self.scale
        weights, biases = (self.hidden, self.output), (self.hidden_bias, self.output_bias)
        return forward(prepared, weights, biases)


@dataclass(frozen=True)
class TreeEngine:
    """A forest or boosted trees, as treelite's own bytes: trees (m,) uint8."""

    kind: ClassVar[str] = "trees"
    trees: npt.NDArray[np.uint8]

    @cached_property
    def model(self) -> Any:
        """The treelite model."""
        try:
            return treelite.Model.deserialize_bytes(self.trees.tobytes())
        except treelite.TreeliteError as error:
            message = f"treelite {treelite.__version__} cannot read this model: {error}"
            raise ArtifactLibraryMismatch(message) from error

    @cached_property
    def adds_log_odds(self) -> bool:
        """Whether the trees add up log-odds (boosting), or average probabilities (a forest)."""
        header = self.model.get_header_accessor()
        return str(header.get_field("postprocessor")) == "sigmoid"

    def probabilities(self, X: Matrix) -> Array:
        """As Engine says; to the last bit the same for a row alone and among many."""
        if len(X) == 1 and len(self.trees) > MANY_BYTES:
            sums, divisor, offset = self._alone
            raw = sums(X) / divisor + offset
        elif len(X) < MANY_ROWS:
            # (n, 1, classes); boosting gives the one class that counts.
            raw = treelite.gtil.predict(self.model, X, nthread=1, pred_margin=True)[:, 0, -1]
        else:
            sums, divisor, offset = self._together
            raw = sums(X) / divisor + offset
        return np.asarray(expit(raw) if self.adds_log_odds else raw)

    @cached_property
    def _together(self) -> tuple[Callable[[Matrix], Array], float, float]:
        """What adds up the trees for many rows, what the sum is divided by, what is added."""
        ensemble = read_ensemble(self.model)
        make = TreeMasks if TreeMasks.fits(ensemble) else TreeDescent
        return make(ensemble).sums, ensemble.divisor, ensemble.offset

    @cached_property
    def _alone(self) -> tuple[Callable[[Matrix], Array], float, float]:
        """The same for one row."""
        ensemble = read_ensemble(self.model)
        return TreeLookup(ensemble).sums, ensemble.divisor, ensemble.offset

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """As Engine says."""
        return {"trees": self.trees}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """As Engine says; reads the trees at once, so that a bad version shows at loading."""
        engine = cls(**arrays)
        _ = engine.model
        return engine


ENGINES: Mapping[str, type[Engine]] = MappingProxyType(
    {engine.kind: engine for engine in (LinearEngine, NetworkEngine, TreeEngine)}
)
