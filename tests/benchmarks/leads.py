"""Made leads with every field of the contract."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

INDUSTRIES = ["Technology", "Retail", "Healthcare", "Finance", "Manufacturing"]


def make_leads(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """`count` leads with every field of the contract."""
    rng = np.random.default_rng(seed)
    return [
        {
            "id": number,
            "name": f"Person {number}",
            "company": f"Company {rng.integers(500)}",
            "industry": str(rng.choice(INDUSTRIES)),
            "size": str(rng.choice(["small", "medium", "large"])),
            "lastContact": date.today().isoformat(),
            "budget": int(rng.integers(1_000, 100_000)),
            "previousPurchases": int(rng.integers(0, 5)),
            "interactions": int(rng.integers(0, 30)),
        }
        for number in range(1, count + 1)
    ]
