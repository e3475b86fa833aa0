"""Which words of a category have a place of their own, and what numbers stand for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.encoding.columns import DERIVED, CategoryColumn
from scoring.ml.encoding.drafts import FEWEST_DIFFERENT, MISSING_SHARE, Fitted, Uninformative
from scoring.ml.encoding.target_encoding import serving_table, training_values
from scoring.ml.examples import Examples
from scoring.ml.values import Placeholders, read_words

# A word needs this many leads for a column of its own, or this share of them all.
FEWEST_LEADS, SMALLEST_SHARE = 5, 0.005
# With more words than this a column for each would drown the rest,
MOST_WORDS = 20
# unless the common ones alone are most of the leads.
COVERED_SHARE = 0.9
# So many words are remembered at most; the others are rare.
LARGEST_TABLE = 10_000

Codes = npt.NDArray[np.intp]


def fit_category(name: str, examples: Examples, placeholders: Placeholders) -> Fitted:
    """A column of words: one column each, or one for all of them. Raises Uninformative."""
    draft = CategoryColumn(name, placeholders, "known", (), {}, (), ())
    codes, words, written = read_words(examples.features[name], draft.read)
    rows = np.bincount(codes + 1, minlength=len(words) + 1)
    if len(codes) - rows.max() < FEWEST_DIFFERENT:
        raise Uninformative("nearly all rows have the same value")
    leads = np.bincount(codes + 1, examples.weight, len(words) + 1)[1:]
    common = np.flatnonzero(leads > FEWEST_LEADS - 1e-6)
    # The words settle ties, so that the order of the rows does not matter.
    common = np.array(sorted(common, key=lambda at: (-leads[at], words[at])), dtype=np.intp)
    kept = common[leads[common] >= SMALLEST_SHARE * examples.weight.sum()]
    covered = leads[kept].sum() >= COVERED_SHARE * leads.sum()
    if not len(common):
        return _known_only(draft, codes)
    if len(common) <= MOST_WORDS or (len(kept) <= MOST_WORDS and covered):
        shown = words if name in DERIVED else [written[word] for word in words]
        return _one_column_each(draft, codes, kept, words, shown)
    return _one_column_for_all(draft, codes, common[:LARGEST_TABLE], words, examples)


def _known_only(draft: CategoryColumn, codes: Codes) -> Fitted:
    """Free text or an identifier says one thing at most: whether it is there."""
    missing = codes == -1
    if not MISSING_SHARE[0] < missing.mean() < MISSING_SHARE[1]:
        raise Uninformative("almost every lead has its own value")
    column = replace(draft, names=("missing",), rare=(0.0,), missing=(1.0,))
    return Fitted(column, missing.tobytes())


def _one_column_each(
    draft: CategoryColumn, codes: Codes, kept: Codes, words: list[str], shown: list[str]
) -> Fitted:
    """0/1 for each kept word; for rare ones and for none too where training has such rows."""
    if not len(kept):
        raise Uninformative("each of its values is too rare")
    places = _places(codes, kept, len(words))
    seen = np.bincount(places, minlength=len(kept) + 2)
    names = [shown[at] for at in kept] + [
        name for name, rows in zip(("rare", "missing"), seen[-2:], strict=True) if rows
    ]
    unit = [tuple(row) for row in np.eye(len(names)).tolist()]
    nothing = (0.0,) * len(names)
    column = replace(
        draft,
        kind="category",
        names=tuple(names),
        table={words[at]: unit[place] for place, at in enumerate(kept)},
        rare=unit[len(kept)] if seen[-2] else nothing,
        missing=unit[-1] if seen[-1] else nothing,
    )
    return Fitted(column, pd.factorize(codes)[0].tobytes())


def _one_column_for_all(
    draft: CategoryColumn, codes: Codes, common: Codes, words: list[str], examples: Examples
) -> Fitted:
    """The advantage of each word and how common it is; the same for rare words and for none."""
    places, size = _places(codes, common, len(words)), len(common) + 2
    leads = np.bincount(places, examples.weight, size)
    leads[-2] /= max(len(words) - len(common), 1)  # a rare word is no commoner for all the others
    gains, how_common = serving_table(places, size, examples), np.log1p(leads)
    rows = list(zip(gains.tolist(), how_common.tolist(), strict=True))
    column = replace(
        draft,
        kind="many categories",
        names=("", "how common"),
        table={words[at]: rows[place] for place, at in enumerate(common)},
        rare=rows[-2],
        missing=rows[-1],
    )
    honest = training_values(places, size, examples)
    return Fitted(column, pd.factorize(codes)[0].tobytes(), honest)


def _places(codes: Codes, kept: Codes, words: int) -> Codes:
    """Codes of words -> positions in `kept`; then one for rare words, then one for none (-1)."""
    place = np.full(words + 1, len(kept), dtype=np.intp)
    place[kept] = np.arange(len(kept))
    place[-1] = len(kept) + 1
    return place[codes]
