from dataclasses import replace
from datetime import date, timedelta

import msgspec

from scoring.ml.explaining.receipt import Receipt, Said, write_receipt
from scoring.ml.schema import LeadFeatures
from tests.scoring.versions import small_scorer

DAY = date(2026, 3, 10)
LEAD = LeadFeatures(
    industry="Retail",
    interactions=4.0,
    budget=1000.0,
    last_contact=DAY - timedelta(days=2),
    attributes={"region": "n"},
)


def total(receipt: Receipt) -> float:
    return sum(each.points for each in (*receipt.data, *receipt.model)) + receipt.base


def adds_up(receipt: Receipt) -> bool:
    return abs(total(receipt) - 100 * (receipt.after - receipt.before)) < 1e-6


def test_it_names_the_fields_that_changed_and_no_others():
    before = Said(small_scorer(), LEAD, DAY)
    after = replace(
        before, lead=msgspec.structs.replace(LEAD, interactions=9.0, industry="Banking")
    )
    receipt = write_receipt(before, after)
    assert {each.column for each in receipt.data} == {"interactions", "industry"}
    assert receipt.data[0].text.startswith("Interactions from 4 to 9: +")
    assert receipt.data[0].points > 1
    assert (receipt.model, receipt.base) == ((), 0.0)
    assert adds_up(receipt)


def test_it_counts_the_days_that_passed():
    before = Said(small_scorer(), LEAD, DAY)
    receipt = write_receipt(before, replace(before, day=DAY + timedelta(days=30)))
    (change,) = receipt.data
    assert (change.before, change.after) == ("2 days ago", "32 days ago")
    assert adds_up(receipt)


def test_it_is_empty_if_nothing_changed():
    said = Said(small_scorer(), LEAD, DAY)
    receipt = write_receipt(said, said)
    assert receipt == Receipt(receipt.after, receipt.after, (), (), 0.0)


def test_it_tells_a_new_model_from_new_data():
    before = Said(small_scorer(0), LEAD, DAY)
    after = Said(small_scorer(1), msgspec.structs.replace(LEAD, interactions=9.0), DAY)
    receipt = write_receipt(before, after)
    assert [each.column for each in receipt.data] == ["interactions"]
    assert {each.column for each in receipt.model} >= {"interactions", "budget"}
    assert receipt.base != 0
    assert adds_up(receipt)


def test_it_adds_up_if_more_fields_changed_than_can_be_tried_in_full(monkeypatch):
    monkeypatch.setattr("scoring.ml.explaining.receipt.EXACT_PLAYERS", 2)
    other = LeadFeatures(
        industry="Banking",
        interactions=15.0,
        budget=9000.0,
        last_contact=DAY - timedelta(days=90),
        attributes={"region": "s"},
    )
    before = Said(small_scorer(), LEAD, DAY)
    receipt = write_receipt(before, replace(before, lead=other))
    assert len(receipt.data) == 5
    assert adds_up(receipt)
