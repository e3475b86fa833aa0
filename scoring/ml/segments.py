"""Kinds of leads by how much they do (volume) and how much they may spend (value)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from scoring.ml.examples import Examples
from scoring.ml.thirds import ACTIVITY, UNKNOWN, percentiles, where, word

MOST_SEGMENTS = 5
# KMeans finds the same centres on this many leads as on more.
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Segment:
    """One segment; percentiles are among all leads of the training set.

    name: "Low Value, High Volume", by thirds of y and x; x: mean percentile of activity
    (interactions, previous purchases); y: mean percentile of budget; 0 to 100 each, 50 where
    unknown. z: share of all leads in %. conversion_rate: share of its leads that were won.
    where: the leads in the thirds that name it (`scoring.ml.thirds`), to list them; at the edges
    they are not quite those that KMeans put into it.
    """

    name: str
    x: float
    y: float
    z: float
    leads: int
    conversion_rate: float
    where: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """For a JSON column."""
        return asdict(self)


def find_segments(examples: Examples, *, seed: int = 0) -> list[Segment]:
    """KMeans segments of the leads in `examples`, as of each one's newest row; largest first.

    Segments that would have the same name are one. [] without examples.
    """
    newest = _newest_rows(examples)
    if not len(newest):
        return []
    frame = examples.features.iloc[newest]
    activity = [percentiles(frame[name]) for name in ACTIVITY]
    volume = pd.concat(activity, axis=1).mean(axis=1).fillna(UNKNOWN).to_numpy()
    value = percentiles(frame["budget"]).fillna(UNKNOWN).to_numpy()
    leads = pd.DataFrame({"x": volume, "y": value, "won": _won(examples, newest)})
    cluster = _clusters(leads[["x", "y"]].to_numpy(), seed)
    centres = leads.groupby(cluster)[["x", "y"]].mean()
    thirds = pd.Series({at: (word(row["y"]), word(row["x"])) for at, row in centres.iterrows()})
    segments = [
        Segment(
            name=f"{of_value} Value, {of_volume} Volume",
            x=round(float(part["x"].mean()), 1),
            y=round(float(part["y"].mean()), 1),
            z=round(100 * len(part) / len(leads), 1),
            leads=len(part),
            conversion_rate=round(float(part["won"].mean()), 4),
            where=where(frame, value=str(of_value), volume=str(of_volume)),
        )
        for (of_value, of_volume), part in leads.groupby(thirds.reindex(cluster).to_numpy())
    ]
    return sorted(segments, key=lambda segment: (-segment.leads, segment.name))


def _newest_rows(examples: Examples) -> npt.NDArray[np.intp]:
    """Positions of the newest row of each lead; of rows without a day the last."""
    day = examples.day.astype("datetime64[D]").astype(np.int64)  # NaT is the smallest
    order = np.lexsort((np.arange(len(day)), day, examples.lead))
    is_last = np.diff(examples.lead[order], append=np.int64(0)) != 0
    is_last[-1:] = True
    return np.sort(order[is_last])


def _won(examples: Examples, newest: npt.NDArray[np.intp]) -> npt.NDArray[np.int8]:
    """Whether the lead of each newest row was won after any of its rows."""
    won = pd.Series(examples.label).groupby(examples.lead).max()
    return won.reindex(examples.lead[newest]).to_numpy(dtype=np.int8)


def _clusters(points: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.int32]:
    """Cluster numbers (n,)."""
    some = points
    if len(points) > MOST_ROWS:
        rows = np.random.default_rng(seed).choice(len(points), MOST_ROWS, replace=False)
        some = points[rows]
    count = min(MOST_SEGMENTS, len(np.unique(some, axis=0)))
    with threadpool_limits(1):  # more would wait for each other on a busy machine
        found = KMeans(count, n_init=5, random_state=seed).fit(some).predict(points)
    return np.asarray(found, dtype=np.int32)
