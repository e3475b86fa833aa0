"""Reasons per second, per model type, sentences included: one lead at a time and in bulk.

"Other" is the rate to reach: 2 ms for one lead, and in bulk 5,000 leads/s (2,000 for a forest, and
for a net, whose values are sampled). A blend's work is that of its members, a forest among them.
"""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import date
from functools import cache, partial
from typing import Any

from scoring.ml.explaining.reasons import find_reasons
from scoring.ml.model_types import BLEND
from scoring.ml.schema import LeadFeatures
from scoring.ml.serving import artifact
from scoring.ml.serving.blend import BlendEngine, Member
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.runtime import Scorer
from tests.benchmarks.installation import scratch_installation
from tests.benchmarks.row import Row, rate_row

SINGLE = 500.0
BULK = {
    "logistic-regression": 5_000.0,
    "gradient-boosting": 5_000.0,
    "random-forest": 2_000.0,
    "neural-network": 2_000.0,
    BLEND: 2_000.0,
}
MEMBERS = ("logistic-regression", "random-forest", "gradient-boosting")
LEADS = 1_000
SECONDS = 2.0


@cache
def trained() -> tuple[dict[str, Scorer], list[LeadFeatures]]:
    """A model of each type, trained on demo leads, and leads to explain."""
    with scratch_installation() as installation:
        installation.manage("seed_demo")
        installation.manage("retrain")
        database = sqlite3.connect(installation.folder / "db.sqlite3")
        database.row_factory = sqlite3.Row
        models = database.execute(
            "SELECT model_type, data, sha256 FROM scoring_modelartifact "
            "JOIN scoring_modelversion ON scoring_modelversion.id = version_id"
        )
        scorers = {
            row["model_type"]: artifact.loads(row["data"], sha256=row["sha256"]) for row in models
        }
        rows = database.execute("SELECT * FROM crm_lead ORDER BY id DESC LIMIT ?", [LEADS])
        leads = [features(row) for row in rows]
        database.close()
    return {**scorers, BLEND: blend_of([scorers[name] for name in MEMBERS])}, leads


def blend_of(scorers: list[Scorer]) -> Scorer:
    """Their plain mean. They were trained together, so they read the same matrix."""
    members = tuple(
        Member(each.model_type, 1 / len(scorers), each.engine, each.calibration) for each in scorers
    )
    return Scorer(BLEND, scorers[0].encoder, BlendEngine(members), Calibration())


def features(row: sqlite3.Row) -> LeadFeatures:
    """A stored lead as a model sees it."""
    known: dict[str, Any] = {
        name: row[name] or None for name in ("company", "industry", "size", "position")
    }
    for name in ("budget", "previous_purchases", "interactions"):
        known[name] = None if row[name] is None else float(row[name])
    contact = row["last_contact"]
    return LeadFeatures(
        **known,
        email_domain=row["email"].rpartition("@")[2] or None,
        last_contact=date.fromisoformat(contact) if contact else None,
        attributes=json.loads(row["attributes"]),
    )


def explain(name: str, *, model_type: str, leads: int) -> Row:
    """Leads explained per second, so many leads a call."""
    scorers, known = trained()
    scorer, days = scorers[model_type], [date.today()] * leads
    find_reasons(scorer, known[:leads], days)  # builds what all calls use
    start, done = time.perf_counter(), 0
    while (seconds := time.perf_counter() - start) < SECONDS:
        first = done % LEADS
        find_reasons(scorer, known[first : first + leads], days)
        done += leads
    target = SINGLE if leads == 1 else BULK[model_type]
    return rate_row(name, done / seconds, target, "leads/s", 1.0)


BENCHMARKS = {
    f"explain-{form}-{model_type}": partial(explain, model_type=model_type, leads=leads)
    for form, leads in (("1", 1), ("bulk", LEADS))
    for model_type in BULK
}
