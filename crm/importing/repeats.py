"""Which rows of a file say the same lead's state of the same day again: the last one counts."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable

import numpy as np


class Repeats:
    """Counts keys in eight bytes each, then tells for each key in turn whether it comes again.

    Keys are told apart by their hash: among a million the chance that any two are mixed up is
    one in thirty million.
    """

    def __init__(self) -> None:
        self._hashes = array("q")
        self._left = array("q")

    def add(self, key: Hashable) -> None:
        """The file has this key once more."""
        self._hashes.append(hash(key))

    def close(self) -> None:
        """All keys are in; only those that came more than once are remembered."""
        hashes, counts = np.unique(np.frombuffer(self._hashes, np.int64), return_counts=True)
        self._hashes = array("q", hashes[counts > 1].tobytes())
        self._left = array("q", counts[counts > 1].astype(np.int64).tobytes())

    @property
    def rows(self) -> int:
        """How many rows have a key that another row has too. Ask before `comes_again`."""
        return int(np.frombuffer(self._left, np.int64).sum())

    def comes_again(self, key: Hashable) -> bool:
        """Whether the file holds this key once more further on. Ask once for each row."""
        hashed = hash(key)
        position = bisect_left(self._hashes, hashed)
        if position == len(self._hashes) or self._hashes[position] != hashed:
            return False
        self._left[position] -= 1
        return self._left[position] > 0
