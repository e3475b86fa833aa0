"""Many made leads with an outcome each, stored in a PostgreSQL database by SQL alone."""

from __future__ import annotations

import psycopg

from tests.benchmarks.leads import INDUSTRIES
from tests.benchmarks.many_leads import SIZES

_LEADS = """
INSERT INTO crm_lead (external_id, name, company, industry, size, email, position, last_contact,
  budget, previous_purchases, interactions, attributes, seen_on, source, confirmed, revision,
  created_at, updated_at)
SELECT n::text, 'Person ' || n, 'Company ' || (random() * 50000)::int,
  (%(industries)s::text[])[1 + (random() * 4)::int], (%(sizes)s::text[])[1 + (random() * 2)::int],
  '', '', seen, (1000 + random() * 99000)::int, (random() * 4)::int, (random() * 29)::int,
  jsonb_build_object('region', substr('nsew', 1 + (random() * 3)::int, 1),
                     'visits', (random() * 50)::int),
  seen, 'import', true, 1, now(), now()
FROM (SELECT n, current_date - 820 + (n * 720::bigint / %(count)s)::int AS seen
      FROM generate_series(1, %(count)s) n) made
"""
_HISTORY = """
INSERT INTO crm_historicallead (id, external_id, name, company, industry, size, email, position,
  last_contact, budget, previous_purchases, interactions, attributes, seen_on, source, confirmed,
  revision, history_date, history_type)
SELECT id, external_id, name, company, industry, size, email, position, last_contact, budget,
  previous_purchases, interactions, attributes, seen_on, source, confirmed, revision, now(), '+'
FROM crm_lead
"""
_OUTCOMES = """
INSERT INTO crm_outcome (lead_id, result, occurred_on, source, recorded_at, updated_at)
SELECT id, CASE WHEN random() < 0.02 + interactions / 100.0 THEN 'won' ELSE 'lost' END,
  seen_on + 20 + (random() * 40)::int, 'import', now(), now()
FROM crm_lead
"""


def store_decided(url: str, count: int) -> None:
    """So many leads of the two years before now, won the more often the more interactions."""
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("SELECT setseed(0.5)")
        given = {"industries": INDUSTRIES, "sizes": SIZES, "count": count}
        database.execute(_LEADS, given)
        database.execute(_HISTORY)
        database.execute(_OUTCOMES)
        database.execute("VACUUM ANALYZE")
