"""Which sets of players to ask, and how their answers make Shapley values.

Few players: every set, the exact value (Shapley 1953). Many: along random orders of the players,
each followed by its reverse (antithetic; Mitchell et al. 2022, jmlr.org/papers/v23/21-0439.html).
What an order gives adds up exactly, so that what all orders give does too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
# Up to here 2 ** players answers are fewer than those of enough orders.
EXACT_PLAYERS = 6


@dataclass(frozen=True)
class Coalitions:
    """`members` (c, players), 1 or 0; `weights` (players, c): weights @ answers are the values."""

    members: Array
    weights: Array


@lru_cache(maxsize=16)
def all_coalitions(players: int) -> Coalitions:
    """Every coalition once: c = 2 ** players."""
    numbers = np.arange(2**players)
    members = (numbers[:, None] >> np.arange(players) & 1).astype(np.float64)
    size = members.sum(axis=1).astype(int)
    # |S|! (n - |S| - 1)! / n! for a coalition that a player joins, and for the one it makes.
    joined = np.array([1 / (players * comb(players - 1, s)) for s in range(players)] + [0.0])
    made = np.concatenate([[0.0], joined[:-1]])
    return Coalitions(members, np.where(members.T > 0, made[size], -joined[size]))


@lru_cache(maxsize=256)
def sample_coalitions(players: int, *, seed: int, orders: int = 1) -> Coalitions:
    """The coalitions along random orders and their reverses; the same for the same seed."""
    rng = np.random.default_rng(seed)
    steps, everybody = players + 1, np.arange(players)
    members = np.zeros((orders * 2 * steps, players))
    weights = np.zeros((players, orders * 2 * steps))
    start = 0
    for _ in range(orders):
        order = rng.permutation(players)
        for each in (order, order[::-1]):
            place = np.argsort(each)
            members[start : start + steps] = place < np.arange(steps)[:, None]
            weights[everybody, start + place + 1] += 1 / (2 * orders)
            weights[everybody, start + place] -= 1 / (2 * orders)
            start += steps
    return Coalitions(members, weights)
