"""Where the demo data's chance comes from."""

from __future__ import annotations

from random import Random


def chance_of(*names: object) -> Random:
    """A source of chance of its own for whatever goes by these names, the same at each call."""
    # Made-up data, no secret.
    return Random("-".join(map(str, names)))  # noqa: S311  # nosec B311
