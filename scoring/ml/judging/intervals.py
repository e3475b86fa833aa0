"""How sure a share is."""

from __future__ import annotations

import math

# Of a normal distribution, for 95 %.
Z = 1.96


def wilson(share: float, count: float) -> tuple[float, float]:
    """The 95 % interval of a share seen in `count` leads (Wilson 1927)."""
    middle = share + Z**2 / (2 * count)
    spread = Z * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    scale = 1 + Z**2 / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
