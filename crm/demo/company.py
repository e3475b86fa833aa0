"""A made-up company: what its leads have in common. Its domain is a reserved one (RFC 2606)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from crm.demo import ground_truth, words
from crm.demo.chance import chance_of

EMPLOYEES = {"small": (3, 49), "medium": (50, 249), "large": (250, 999), "enterprise": (1000, 9000)}
TYPICAL_BUDGET = {"small": 9_000, "medium": 22_000, "large": 45_000, "enterprise": 80_000}
INDUSTRY_SHARES = (24, 12, 10, 18, 10, 14, 7, 5)
SIZE_SHARES = {"small": 45, "medium": 30, "large": 18, "enterprise": 7}


@dataclass(frozen=True, slots=True)
class Company:
    """`typical_budget` in the installation's currency."""

    name: str
    slug: str
    industry: str
    size: str
    employees: int
    country: str
    purchases: int
    typical_budget: int

    @staticmethod
    @lru_cache(maxsize=4_096)
    def draw(seed: int, number: int) -> Company:
        """The company of this number, the same at each call."""
        chance = chance_of(seed, "company", number)
        (size,) = chance.choices(tuple(SIZE_SHARES), tuple(SIZE_SHARES.values()))
        (industry,) = chance.choices(tuple(ground_truth.INDUSTRY), INDUSTRY_SHARES)
        second = chance.choice(words.COMPANY_SECOND[industry])
        name = f"{chance.choice(words.COMPANY_FIRST)} {second}"
        return Company(
            name=f"{name} {number}",
            slug=f"{name.replace(' ', '-').lower()}-{number}",
            industry=industry,
            size=size,
            employees=chance.randint(*EMPLOYEES[size]),
            country=chance.choice(words.COUNTRIES),
            purchases=min(int(chance.expovariate(1 / 0.6)), 5),
            typical_budget=TYPICAL_BUDGET[size],
        )
