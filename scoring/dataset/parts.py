"""Training rows and follow-ups of some leads, and how those of all leads come together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from math import ceil

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.examples import Examples
from scoring.ml.hazard.followups import Delays, FollowUps
from scoring.ml.schema import ATTRIBUTE_PREFIX, DAY, SCALAR_FIELDS

# More tell no better by when leads are won.
MOST_FOLLOWED = 30_000


@dataclass(frozen=True)
class Seen:
    """What came of leads afterwards.

    first:  after the day each became known. undated: leads that teach, of which nobody knows it.
    places, used: after each of these training rows; of the others nobody knows.
    young_rows, young: rows that cannot be judged yet, each of weight 1, and what came after each.
    """

    first: Delays
    undated: int
    places: npt.NDArray[np.intp]
    used: Delays
    young_rows: Examples
    young: Delays


@dataclass(frozen=True)
class Part:
    """Some leads: the rows that teach, and what came of them.

    left_out: reason -> leads without a row. young_rows: how many rows cannot be judged yet; the
    first can on `matures`.
    """

    used: Examples
    seen: Seen
    leads: int
    left_out: Counter[str]
    young_rows: int
    matures: date | None

    def followups(self) -> FollowUps:
        """The rows of which it is known what came, thinned by leads to about MOST_FOLLOWED."""
        seen = self.seen
        every = max(1, ceil((len(seen.places) + len(seen.young)) / MOST_FOLLOWED))
        of_used = np.flatnonzero(self.used.lead[seen.places] % every == 0)
        of_young = np.flatnonzero(seen.young_rows.lead % every == 0)
        kept = _joined([self.used.take(seen.places[of_used]), seen.young_rows.take(of_young)])
        _, place, rows = np.unique(kept.lead, return_inverse=True, return_counts=True)
        return FollowUps(
            first=seen.first,
            features=kept.features,
            delays=Delays.together([seen.used.take(of_used), seen.young.take(of_young)]),
            weight=1.0 / rows[place],
            undated=seen.undated,
        )


def together(parts: Sequence[Part]) -> Part:
    """All of them, training rows in order of leads; at least one part."""
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(len(part.used) for part in parts)])
    used = _joined([part.used for part in parts])
    order = np.argsort(used.lead, kind="stable")
    now_at = np.empty(len(order), dtype=np.intp)
    now_at[order] = np.arange(len(order))
    seen = [part.seen for part in parts]
    places = [each.places + start for each, start in zip(seen, starts, strict=False)]
    return Part(
        used=_in_order(used, order),
        seen=Seen(
            first=Delays.together([each.first for each in seen]),
            undated=sum(each.undated for each in seen),
            places=now_at[np.concatenate(places)],
            used=Delays.together([each.used for each in seen]),
            young_rows=_joined([each.young_rows for each in seen]),
            young=Delays.together([each.young for each in seen]),
        ),
        leads=sum(part.leads for part in parts),
        left_out=sum((part.left_out for part in parts), Counter()),
        young_rows=sum(part.young_rows for part in parts),
        matures=min((part.matures for part in parts if part.matures is not None), default=None),
    )


def concatenate(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One frame with the attributes of all; None where a lead has none, as `to_frame` has it."""
    columns = dict.fromkeys(column for frame in frames for column in frame.columns)
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    for place, frame in enumerate(filled):
        missing = [column for column in columns if column not in frame]
        if missing:
            nothing = pd.Series([None] * len(frame), dtype=object)
            filled[place] = frame.assign(**dict.fromkeys(missing, nothing))
    return pd.concat([frame[list(columns)] for frame in filled], ignore_index=True)


def _joined(parts: Sequence[Examples]) -> Examples:
    arrays = [each.name for each in fields(Examples) if each.name != "features"]
    return Examples(
        features=concatenate([part.features for part in parts]),
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays},
    )


def _in_order(examples: Examples, order: npt.NDArray[np.intp]) -> Examples:
    """The rows in this order, with the attributes that a row has, as they appear in it."""
    found = examples.take(order)
    appears: dict[str, int] = {}
    for column in found.features.columns:
        known = found.features[column].notna().to_numpy()
        if column.startswith(ATTRIBUTE_PREFIX) and known.any():
            appears[column] = int(np.argmax(known))
    attributes = sorted(appears, key=appears.__getitem__)
    return replace(found, features=found.features[[*SCALAR_FIELDS, *attributes, DAY]])
