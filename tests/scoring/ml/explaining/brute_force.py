"""Shapley values by their definition: slow, and sure."""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

Game = Callable[[frozenset[int]], float]


def shapley(players: int, value: Game) -> npt.NDArray[np.float64]:
    """Of `value(set of players)`: an array (players,)."""
    value = cache(value)
    found = np.zeros(players)
    for player in range(players):
        others = [each for each in range(players) if each != player]
        for size in range(players):
            share = factorial(size) * factorial(players - size - 1) / factorial(players)
            for chosen in combinations(others, size):
                found[player] += share * (
                    value(frozenset({*chosen, player})) - value(frozenset(chosen))
                )
    return found


def tree_value(model: Any, field_of: Sequence[int], row: Any) -> Game:
    """What treelite's model expects of a row if only some fields are known."""
    # treelite writes nothing for an infinite number: a split of all numbers from the missing.
    text = re.sub(r'": (?=[,\n])', '": Infinity', model.dump_as_json())
    described = json.loads(text)
    scale = 1 / len(described["trees"]) if described["average_tree_output"] else 1.0

    def expected(nodes: Any, number: int, known: frozenset[int]) -> float:
        node = nodes[number]
        if "leaf_value" in node:
            said = node["leaf_value"]
            return float(said[-1] if isinstance(said, list) else said)
        left, right = node["left_child"], node["right_child"]
        if field_of[node["split_feature_id"]] in known:
            found = row[node["split_feature_id"]]
            goes_left = node["default_left"] if np.isnan(found) else found <= node["threshold"]
            return expected(nodes, left if goes_left else right, known)
        a, b = (nodes[each].get("sum_hess", nodes[each]["data_count"]) for each in (left, right))
        return float(
            (a * expected(nodes, left, known) + b * expected(nodes, right, known)) / (a + b)
        )

    def value(known: frozenset[int]) -> float:
        trees = (tree["nodes"] for tree in described["trees"])
        return scale * sum(expected(nodes, 0, known) for nodes in trees)

    return value


def background_value(output: Any, columns_of: Sequence[slice], row: Any, background: Any) -> Game:
    """The mean of `output` over background rows that have the known fields of `row`."""

    def value(known: frozenset[int]) -> float:
        mixed = background.copy()
        for field in known:
            mixed[:, columns_of[field]] = row[columns_of[field]]
        return float(output(mixed).mean())

    return value
