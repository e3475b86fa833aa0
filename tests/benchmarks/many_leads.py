"""Many made leads: as a CSV file, or stored with their history in a PostgreSQL database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import psycopg

from tests.benchmarks.leads import INDUSTRIES

AT_ONCE = 500_000
SIZES = ["small", "medium", "large"]
_LEADS = """
INSERT INTO crm_lead (external_id, name, company, industry, size, email, position, last_contact,
  budget, previous_purchases, interactions, attributes, seen_on, source, confirmed, revision,
  created_at, updated_at)
SELECT n::text, 'Person ' || n, 'Company ' || (random() * 50000)::int,
  (%(industries)s::text[])[1 + (random() * 4)::int], (%(sizes)s::text[])[1 + (random() * 2)::int],
  '', '', current_date - (random() * 300)::int, (1000 + random() * 99000)::int,
  (random() * 4)::int, (random() * 29)::int, '{}', current_date - 300, 'import', true, 1,
  now(), now()
FROM generate_series(1, %(count)s) n
"""
_HISTORY = """
INSERT INTO crm_historicallead (id, external_id, name, company, industry, size, email, position,
  last_contact, budget, previous_purchases, interactions, attributes, seen_on, source, confirmed,
  revision, history_date, history_type)
SELECT id, external_id, name, company, industry, size, email, position, last_contact, budget,
  previous_purchases, interactions, attributes, seen_on, source, confirmed, revision, now(), '+'
FROM crm_lead
"""


def write_leads(path: Path, count: int) -> None:
    """A CSV file of so many leads with every field of the contract."""
    rng = np.random.default_rng(0)
    today = np.datetime64(date.today())
    for start in range(0, count, AT_ONCE):
        n = min(AT_ONCE, count - start)
        number = pd.Series(np.arange(start + 1, start + n + 1)).astype(str)
        company = pd.Series(rng.integers(50_000, size=n)).astype(str)
        frame = {
            "id": number,
            "name": "Person " + number,
            "company": "Company " + company,
            "industry": rng.choice(INDUSTRIES, n),
            "size": rng.choice(SIZES, n),
            "lastContact": (today - rng.integers(0, 300, n)).astype(str),
            "budget": rng.integers(1_000, 100_000, n),
            "previousPurchases": rng.integers(0, 5, n),
            "interactions": rng.integers(0, 30, n),
        }
        with path.open("a" if start else "w", newline="") as file:
            pd.DataFrame(frame).to_csv(file, header=not start, index=False)


def store_leads(url: str, count: int) -> None:
    """So many open leads, each with its first history row."""
    with psycopg.connect(url, autocommit=True) as database:
        given = {"industries": INDUSTRIES, "sizes": SIZES, "count": count}
        database.execute(_LEADS, given)
        database.execute(_HISTORY)
        database.execute("VACUUM ANALYZE")
