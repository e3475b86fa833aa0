"""Every model type on real tables and on the demo: the parts are the whole, and quick."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from crm.demo import ground_truth
from crm.demo.generator import generate
from scoring.dataset import COLUMNS, features_from
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.explaining.reasons import find_reasons
from scoring.ml.frames import to_frame
from scoring.ml.model_types import BLEND, MODEL_TYPES
from scoring.ml.schema import DAY, SCALAR_FIELDS, LeadFeatures
from scoring.ml.serving.engines import Engine
from scoring.ml.serving.runtime import Scorer
from scoring.ml.training.calibrating import Evidence, fit_calibration
from scoring.ml.training.conversion import engine_of
from scoring.ml.training.families import SEARCH, fit_estimator
from tests.scoring.ml.explaining.made_models import SERVED_TYPES, blend_of
from tests.scoring.ml.real_data import PLACEHOLDERS, bank, salvirt

TODAY = date(2026, 3, 1)
DATA = ("demo", "bank", "salvirt")
PROBED = 40
# Log-odds by which a driver must be ahead: more than what a model of few leads gets wrong.
MARGIN = 0.4
Lead = tuple[LeadFeatures, date | None]


@cache
def demo_leads() -> tuple[list[Lead], list[int]]:
    """Leads of the demo in their first state, and whether they were won."""
    leads: list[Lead] = []
    won = []
    for each in generate(leads=6000, seed=3, today=TODAY):
        day, state = each.states[0]
        if TODAY - day < timedelta(days=120):
            continue
        leads.append((features_from(*(getattr(state, name) for name in COLUMNS)), day))
        won.append(int(each.outcome is not None and each.outcome.result == "won"))
    return leads, won


def demo() -> Examples:
    leads, won = demo_leads()
    frame = to_frame([lead for lead, _ in leads], [day for _, day in leads])
    days = frame[DAY].to_numpy().astype("datetime64[D]")
    n = len(leads)
    return Examples(
        features=frame,
        label=np.array(won, dtype=np.int8),
        weight=np.ones(n),
        day=days,
        known_on=days + 90,
        lead=np.arange(n),
    )


@cache
def examples(name: str) -> Examples:
    if name == "demo":
        return demo()
    rows = salvirt() if name == "salvirt" else bank()
    return rows.take(np.random.default_rng(0).choice(len(rows), min(len(rows), 3000), False))


@cache
def scorer(name: str, model_type: str) -> Scorer:
    """A model with a calibration that bends what it says."""
    rows = examples(name)
    drop = ("attributes.duration",) if name == "bank" else ()
    encoder = LeadEncoder(placeholders=PLACEHOLDERS, drop=drop)
    X = encoder.fit_transform(rows)
    if model_type == BLEND:
        engine: Engine = blend_of({each: scorer(name, each).engine for each in MODEL_TYPES})
    else:
        settings = SEARCH[model_type][-1]
        fitted = fit_estimator(model_type, settings, X, rows.label, rows.weight, seed=0)
        engine = engine_of(fitted, X)
    evidence = Evidence(engine.probabilities(X), rows.label, rows.weight)
    kind = "isotonic" if name == "bank" else "sigmoid"
    return Scorer(model_type, encoder, engine, fit_calibration(kind, evidence))


def random_leads(name: str, count: int) -> list[Lead]:
    """Leads whose every value is that of some lead, or nothing."""
    frame = examples(name).features
    rng = np.random.default_rng(7)
    leads: list[Lead] = []
    for _ in range(count):
        values: dict[str, Any] = {}
        for column in frame.columns.drop(DAY):
            value = frame[column].iloc[rng.integers(len(frame))]
            known = value is not None and value == value and rng.random() > 0.1
            values[column] = value if known else None
        contact = values.pop("last_contact")
        fields = {each: values.pop(each) for each in SCALAR_FIELDS if each in values}
        attributes = {key.partition(".")[2]: value for key, value in values.items()}
        when = None if contact is None else contact.date()
        lead = LeadFeatures(**fields, last_contact=when, attributes=attributes)
        leads.append((lead, TODAY))
    return leads


@pytest.mark.parametrize("model_type", SERVED_TYPES)
@pytest.mark.parametrize("name", DATA)
def test_reasons_add_up_alone_and_together(name, model_type):
    model = scorer(name, model_type)
    leads = random_leads(name, PROBED)
    said = model.probabilities(*map(list, zip(*leads, strict=True)))
    together = find_reasons(model, *map(list, zip(*leads, strict=True)))
    full = find_reasons(model, *map(list, zip(*leads, strict=True)), most=None)
    assert said.std() > 0.003
    for (lead, day), probability, few, every in zip(leads, said, together, full, strict=True):
        for reasons in (few, every):
            parts = sum(each.points for each in reasons.listed)
            assert reasons.probability == probability
            assert reasons.base + parts + reasons.rest == pytest.approx(100 * probability, abs=1e-6)
        assert every.rest == 0
        odds = every.base_log_odds + sum(each.log_odds for each in every.listed)
        assert odds == pytest.approx(np.log(probability / (1 - probability)), abs=1e-6)
        (alone,) = find_reasons(model, [lead], [day])
        assert [each.text for each in alone.listed] == [each.text for each in few.listed]
        assert [each.points for each in alone.listed] == pytest.approx(
            [each.points for each in few.listed], abs=1e-9
        )


def planted(lead: LeadFeatures, day: date) -> dict[str, float]:
    """What the demo's ground truth adds for each field of a lead as it became known."""
    truth, given = ground_truth, lead.attributes
    kind = str(given.get("landing_page", "")).strip("/").partition("/")[0]
    domain = lead.email_domain
    private = truth.PRIVATE_ADDRESS if domain in truth.PRIVATE_MAIL else 0.0
    budget = truth.UNKNOWN_BUDGET
    if lead.budget is not None:
        budget = truth.PER_BUDGET_E_FOLD * np.log(lead.budget / truth.TYPICAL_BUDGET)
    age = None if lead.last_contact is None else min((day - lead.last_contact).days, 60)
    return {
        "Industry": truth.INDUSTRY[lead.industry or ""],
        "Company Size": truth.SIZE[lead.size or ""],
        "Position": truth.POSITION[lead.position or ""],
        "Email Domain": private if domain else truth.NO_ADDRESS,
        "Budget": budget,
        "Previous Purchases": truth.PER_PURCHASE * min(lead.previous_purchases or 0, 3),
        "Interactions": truth.PER_INTERACTION * min(lead.interactions or 0, 10),
        "Last Contact Recency": truth.NO_CONTACT
        if age is None
        else truth.PER_DAY_SINCE_CONTACT * age,
        "Campaign": truth.CAMPAIGN[str(given["campaign"])],
        "Landing Page": truth.LANDING_KIND[kind],
        "Webinar Attended": truth.WEBINAR if given["webinar_attended"] else 0.0,
        "Trial Started On": truth.TRIAL if "trial_started_on" in given else 0.0,
    }


@cache
def driven() -> dict[str, list[Lead]]:
    """Field -> the demo's leads for which its planted effect, against that on the average lead,
    is by far the largest."""
    leads, _ = demo_leads()
    effects = [planted(lead, day) for lead, day in leads if day is not None]
    names = list(effects[0])
    table = np.array([list(each.values()) for each in effects])
    table -= table.mean(axis=0)
    found: dict[str, list[Lead]] = {name: [] for name in names}
    for lead, row in zip(leads, table, strict=True):
        second, first = np.sort(row)[-2:]
        if first > second + MARGIN:
            found[names[int(row.argmax())]].append(lead)
    return found


@pytest.mark.parametrize("driver", ["Interactions", "Trial Started On"])
@pytest.mark.parametrize("model_type", SERVED_TYPES)
def test_a_planted_driver_comes_first_for_the_leads_that_it_drives(model_type, driver):
    leads = driven()[driver]
    assert len(leads) >= 20
    found = find_reasons(scorer("demo", model_type), *map(list, zip(*leads, strict=True)))
    firsts = [next(each.name for each in reasons.listed if each.points > 0) for reasons in found]
    share = firsts.count(driver) / len(firsts)
    assert share >= 0.95
