"""Which examples must stay together when examples are split without time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scoring.ml.examples import Examples


def alike(examples: Examples) -> npt.NDArray[np.intp]:
    """Group numbers (n,): rows of one lead share one, rows with identical features too."""
    twins = pd.factorize(pd.util.hash_pandas_object(examples.features, index=False).to_numpy())[0]
    leads = pd.factorize(examples.lead)[0]
    both = len(leads) and leads.max() + 1
    size = both + (twins.max() + 1 if len(twins) else 0)
    links = coo_array((np.ones(len(leads)), (leads, both + twins)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1][leads], dtype=np.intp)


def folds(examples: Examples, count: int, seed: int = 0) -> npt.NDArray[np.intp]:
    """Fold numbers (n,) from 0 to count - 1; rows that are alike are in the same fold."""
    groups = alike(examples)
    size = groups.max() + 1 if len(groups) else 0
    fold_of_group = np.random.default_rng(seed).permutation(size) % count
    return fold_of_group[groups]
