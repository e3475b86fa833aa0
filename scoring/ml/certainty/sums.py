"""Sums over leads by effect, and over effects by lead.

As a lead has one effect of a block at most, these are counts by cell: no design matrix is made.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from scoring.ml.certainty.effects import Block

Array = npt.NDArray[np.float64]


def added(blocks: Sequence[Block], effects: Array) -> Array:
    """What all blocks add to the log-odds: (n, ...) for their effects (d, ...)."""
    ends = np.cumsum([block.size for block in blocks])[:-1]
    total = np.zeros((len(blocks[0].place), *effects.shape[1:]))
    for block, part in zip(blocks, np.split(effects, ends), strict=True):
        total += block.of(part)
    return total


def moments(blocks: Sequence[Block], weight: Array) -> Array:
    """The sum of `weight` (n,) over the leads of each effect: (d,)."""
    sums = [np.bincount(b.place, weight * b.value, b.size + 1)[:-1] for b in blocks]
    return np.concatenate(sums)


def products(blocks: Sequence[Block], weight: Array) -> Array:
    """The weighted sums over leads of products of each two effects: (d, d)."""
    ends = np.cumsum([0, *(block.size for block in blocks)])
    found = np.zeros((ends[-1], ends[-1]))
    for one, first in enumerate(blocks):
        weighted = weight * first.value
        for two, second in enumerate(blocks[: one + 1]):
            width = second.size + 1
            sums = np.bincount(
                _cells(first, second), weighted * second.value, (first.size + 1) * width
            )
            here = sums.reshape(first.size + 1, width)[:-1, :-1]
            found[ends[one] : ends[one + 1], ends[two] : ends[two + 1]] = here
            found[ends[two] : ends[two + 1], ends[one] : ends[one + 1]] = here.T
    return found


class ManyProducts:
    """`products` of the same blocks for many weights: three times as fast, for 12 bytes a lead and
    pair of blocks."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        ends = np.cumsum([0, *(block.size for block in blocks)])
        self._size = int(ends[-1])
        leads = np.arange(len(blocks[0].place))
        sums, at, across = [], [], []
        for one, first in enumerate(blocks):
            for two, second in enumerate(blocks[: one + 1]):
                shape = (first.size + 1, second.size + 1)
                found = (first.value * second.value, (_cells(first, second), leads))
                row, column = np.indices((first.size, second.size)).reshape(2, -1)
                every = sparse.csr_array(found, shape=(shape[0] * shape[1], len(leads)))
                sums.append(every[row * shape[1] + column])
                row, column = row + ends[one], column + ends[two]
                at.append(row * self._size + column)
                across.append(column * self._size + row)
        self._sums = sparse.vstack(sums, format="csr")
        self._at, self._across = np.concatenate(at), np.concatenate(across)

    def of(self, weight: Array) -> Array:
        """As `products`: (d, d)."""
        found = np.empty(self._size**2)
        sums = self._sums @ weight
        found[self._at] = sums
        found[self._across] = sums
        return found.reshape(self._size, self._size)


def _cells(first: Block, second: Block) -> npt.NDArray[np.intp]:
    return first.place * (second.size + 1) + second.place
