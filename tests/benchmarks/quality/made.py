"""`python -m tests.benchmarks.quality.made [TABLE...] [--seeds N]`: tables whose truth is known.

Prints for each contender how far its probabilities are from the truth, in thousandths of log loss
(0: nobody can do better), and the area under the curve, both free of the luck of single outcomes.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from scoring.ml.serving.calibration import inside
from tests.benchmarks.quality.contenders import CONTENDERS, Predict, sklearn
from tests.benchmarks.quality.made_tables import TABLES
from tests.benchmarks.quality.parts import Part

CAREFUL = {"learning_rate": 0.05, "max_iter": 80, "max_leaf_nodes": 8, "l2_regularization": 10.0}


def mean(part: Part) -> np.ndarray:
    """The plain mean of a logistic regression and a careful boosting."""
    boosting = sklearn(HistGradientBoostingClassifier(**CAREFUL, random_state=0))
    return (CONTENDERS["logistic regression"](part) + boosting(part)) / 2


WHO: Mapping[str, Predict] = {
    **{
        name: CONTENDERS[name]
        for name in ("auto", "base rate", "logistic regression", "random forest")
    },
    "gradient boosting": CONTENDERS["gradient boosting"],
    "mean of two": mean,
}


def too_much(said: np.ndarray, truth: np.ndarray) -> float:
    """The expected log loss beyond that of the truth itself."""
    said = inside(said)
    lost = truth * np.log(truth / said) + (1 - truth) * np.log((1 - truth) / (1 - said))
    return float(lost.mean())


def expected_auc(said: np.ndarray, truth: np.ndarray) -> float:
    """The area under the curve over all outcomes that may come, by their probability."""
    label = np.repeat([1, 0], len(truth))
    weight = np.concatenate([truth, 1 - truth])
    return float(roc_auc_score(label, np.tile(said, 2), sample_weight=weight))


def main(tables: Sequence[str], seeds: int, who: Sequence[str]) -> None:
    """A line for each table and contender, the mean of all seeds and each seed's."""
    for table in tables:
        drawn = [TABLES[table].part(seed) for seed in range(seeds)]
        for name in who:
            said = [WHO[name](part) for part, _ in drawn]
            pairs = [(each, truth) for each, (_, truth) in zip(said, drawn, strict=True)]
            losses = [1000 * too_much(*pair) for pair in pairs]
            auc = np.mean([expected_auc(*pair) for pair in pairs])
            each = " ".join(f"{loss:.1f}" for loss in losses)
            print(f"{table:9} {name:20} {np.mean(losses):7.1f}  {auc:.3f}  ({each})", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tables", nargs="*", default=list(TABLES))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--who", nargs="+", default=list(WHO))
    arguments = parser.parse_args()
    main(arguments.tables, arguments.seeds, arguments.who)
