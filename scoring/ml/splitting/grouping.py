"""Which training rows belong together: those of one lead, and those that look exactly alike."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from scoring.ml.examples import Examples
from scoring.ml.schema import DAY


def group_rows(examples: Examples, left_out: Collection[str] = ()) -> npt.NDArray[np.intp]:
    """A group number for each row (n,): rows with one lead or with identical features share it.

    Columns in `left_out` are not looked at. Nor is the day: a lead that was entered twice on two
    days is still a duplicate.
    """
    frame = examples.features.drop(columns=[DAY, *left_out], errors="ignore")
    text = frame.astype(str)
    hashes = pd.util.hash_pandas_object(text, index=False).to_numpy()
    leads, lead = np.unique(examples.lead, return_inverse=True)
    looks, look = np.unique(hashes, return_inverse=True)
    size = len(leads) + len(looks)
    edges = coo_matrix((np.ones(len(lead)), (lead, look + len(leads))), shape=(size, size))
    _, component = connected_components(edges, directed=False)
    return np.asarray(component[lead], dtype=np.intp)
