"""How soon outcomes overrule a scorecard that is wrong: the table in docs/modelling.md.

.venv/bin/python -m tests.benchmarks.scorecard
"""

from __future__ import annotations

from dataclasses import replace

from scoring.ml.scorecard.correcting import correct_card
from scoring.ml.scorecard.default import DEFAULT_CARD
from tests.scoring.ml.scorecard.test_correcting import CARD, NONE, chances, world

WORLDS = 10
OUTCOMES = (10, 40, 80, 300, 1_000)


def main() -> None:
    """Print a row for each number of outcomes."""
    card = replace(CARD, certainty=DEFAULT_CARD.certainty)
    for count in OUTCOMES:
        worlds = [world(count, seed) for seed in range(WORLDS)]
        shares = [correct_card(card, rows, placeholders=NONE).learned.share for rows in worlds]
        kept = sum(tech > retail for tech, retail in (chances(card, rows) for rows in worlds))
        print(f"| {count:,} | {sum(shares) / WORLDS:.0%} | {kept} of {WORLDS} |")


if __name__ == "__main__":
    main()
