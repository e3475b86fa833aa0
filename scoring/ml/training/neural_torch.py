"""The same net as scikit-learn's MLPClassifier here, trained by PyTorch. Needs the torch extra."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from skorch import NeuralNet
from torch.nn.functional import binary_cross_entropy_with_logits

from scoring.ml.serving.layers import forward

LEARNING_RATE = 0.001


class TorchNetwork(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """One hidden layer of rectified units, trained with Adam for a fixed number of epochs.

    hidden: units. l2: weight decay. batch: rows a step. Fitted, as in MLPClassifier: `coefs_` and
    `intercepts_`, float64; prediction is numpy's, so that serving needs no torch.
    """

    def __init__(self, *, hidden: int, l2: float, epochs: int, batch: int, seed: int) -> None:
        self.hidden = hidden
        self.l2 = l2
        self.epochs = epochs
        self.batch = batch
        self.seed = seed

    def fit(
        self,
        X: npt.NDArray[np.float64],
        y: npt.NDArray[np.integer],
        sample_weight: npt.NDArray[np.float64] | None = None,
    ) -> Self:
        """Learn from a prepared matrix (n, k) without NaN; the same seed gives the same net."""
        weight = np.ones(len(y)) if sample_weight is None else sample_weight
        target = np.column_stack([y, weight]).astype(np.float32)
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            net = self._net(X.shape[1]).fit(X.astype(np.float32), target)
        linear = [each for each in net.module_ if isinstance(each, torch.nn.Linear)]
        self.coefs_ = [each.weight.detach().numpy().T.astype(np.float64) for each in linear]
        self.intercepts_ = [each.bias.detach().numpy().astype(np.float64) for each in linear]
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Probabilities of both classes (n, 2)."""
        won = forward(X, self.coefs_, self.intercepts_)
        return np.column_stack([1 - won, won])

    def _net(self, inputs: int) -> Any:
        return NeuralNet(
            torch.nn.Sequential(
                torch.nn.Linear(inputs, self.hidden),
                torch.nn.ReLU(),
                torch.nn.Linear(self.hidden, 1),
            ),
            criterion=lambda: weighted_loss,
            optimizer=torch.optim.Adam,
            optimizer__weight_decay=self.l2,
            lr=LEARNING_RATE,
            max_epochs=self.epochs,
            batch_size=self.batch,
            iterator_train__shuffle=True,
            train_split=None,
            verbose=0,
        )


def weighted_loss(margin: Any, target: Any) -> Any:
    """Mean log loss; `target` (n, 2) holds the label and the row's weight."""
    return binary_cross_entropy_with_logits(margin[:, 0], target[:, 0], weight=target[:, 1])
