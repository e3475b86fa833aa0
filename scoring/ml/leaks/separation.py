"""How well columns tell won from lost: each alone, and many together; never on rows they learned.

Areas under the ROC curve, weighted, from rates and models fitted on other folds.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from scoring.ml.encoding.features import EncodedField, Matrix
from scoring.ml.examples import Examples
from scoring.ml.splitting.folding import deal_folds

FOLDS = 4
PERIODS = 6
FEWEST_OF_A_CLASS = 5
MOST_BINS, ROWS_PER_BIN = 50, 20
# As many rows as the base rate counts for against a bin's own.
PRIOR_ROWS = 5.0

Scores = npt.NDArray[np.float64]


class Separation:
    """Measures on one set of examples, encoded once as `matrix` (n, k)."""

    def __init__(self, examples: Examples, matrix: Matrix, seed: int = 0) -> None:
        self.label, self.weight = examples.label, examples.weight
        self.matrix = matrix
        self.fold = deal_folds(examples, FOLDS, seed)
        self.periods = periods_of(examples)
        self.seed = seed

    def alone(self, field: EncodedField) -> Scores:
        """Scores (n,) from one field: the share won in its bin, in the other folds."""
        block = self.matrix[:, field.columns]
        code = _one_hot_codes(block) if field.kind == "category" else _bins(block[:, 0])
        size = int(code.max()) + 1
        cell = self.fold * size + code
        total = np.bincount(cell, self.weight, FOLDS * size).reshape(FOLDS, size)
        won = np.bincount(cell, self.weight * self.label, FOLDS * size).reshape(FOLDS, size)
        total, won = total.sum(0) - total, won.sum(0) - won
        base = won.sum(1, keepdims=True) / np.maximum(total.sum(1, keepdims=True), 1e-9)
        rate = (won + PRIOR_ROWS * base) / (total + PRIOR_ROWS)
        return np.asarray(rate[self.fold, code], dtype=np.float64)

    def together(self, columns: list[int]) -> Scores:
        """Scores (n,) from many matrix columns: of a linear and a tree model, the better one's."""
        if not columns:
            return np.zeros(len(self.label))
        linear = make_pipeline(
            SimpleImputer(keep_empty_features=True),
            StandardScaler(),
            LogisticRegression(C=0.1, max_iter=500),
        )
        trees = HistGradientBoostingClassifier(
            max_iter=60, max_leaf_nodes=15, max_bins=63, early_stopping=False,
            random_state=self.seed,
        )  # fmt: skip
        scores = [
            self._out_of_fold(linear, "logisticregression__sample_weight", columns),
            self._out_of_fold(trees, "sample_weight", columns),
        ]
        return max(scores, key=self.auc)

    def _out_of_fold(
        self, model: HistGradientBoostingClassifier, weight: str, columns: list[int]
    ) -> Scores:
        scores = np.zeros(len(self.label))
        X = self.matrix[:, columns]
        for fold in range(FOLDS):
            rest, held = self.fold != fold, self.fold == fold
            if held.any() and len(np.unique(self.label[rest])) == 2:
                # On a busy machine threads that wait for each other took 90 times as long.
                with threadpool_limits(1):
                    model.fit(X[rest], self.label[rest], **{weight: self.weight[rest]})
                    scores[held] = model.predict_proba(X[held])[:, 1]
        return scores

    def auc(self, scores: Scores) -> float:
        """Over all rows."""
        return float(roc_auc_score(self.label, scores, sample_weight=self.weight))

    def auc_by_period(self, scores: Scores) -> list[float]:
        """Within each period; [] without days."""
        return [
            float(roc_auc_score(self.label[rows], scores[rows], sample_weight=self.weight[rows]))
            for rows in self.periods
        ]


def periods_of(examples: Examples) -> list[npt.NDArray[np.bool_]]:
    """Rows (n,) of up to PERIODS periods with about as many rows each, enough of both classes."""
    dated = ~np.isnat(examples.day)
    if dated.sum() < 0.5 * len(dated):
        return []
    day = examples.day.astype("datetime64[D]").astype(np.int64)
    cuts = np.unique(np.quantile(day[dated], np.linspace(0, 1, PERIODS + 1)[1:-1]))
    period = np.where(dated, np.searchsorted(cuts, day, side="right"), -1)
    found = [period == number for number in range(len(cuts) + 1)]
    return [
        rows
        for rows in found
        if np.bincount(examples.label[rows], minlength=2).min() >= FEWEST_OF_A_CLASS
    ]


def _one_hot_codes(block: Matrix) -> npt.NDArray[np.intp]:
    """(n, width) of 0/1 -> which column is 1; `width` where none is."""
    codes: npt.NDArray[np.intp] = block.argmax(axis=1)
    codes[~block.any(axis=1)] = block.shape[1]
    return codes


def _bins(values: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """(n,) -> number of its bin; bins hold about as many rows each; NaN has its own."""
    missing = np.isnan(values)
    if missing.all():
        return np.zeros(len(values), dtype=np.intp)
    count = max(5, min(MOST_BINS, len(values) // ROWS_PER_BIN))
    cuts = np.unique(np.quantile(values[~missing], np.linspace(0, 1, count + 1)[1:-1]))
    bins = np.searchsorted(cuts, values, side="right").astype(np.intp)
    bins[missing] = len(cuts) + 1
    return bins
