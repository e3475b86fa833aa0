"""How many of something, for people."""

from __future__ import annotations


def count_of(number: int, one: str, many: str = "") -> str:
    """ "1 row", "1,200 rows"; `many` where an s at the end would not do."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
