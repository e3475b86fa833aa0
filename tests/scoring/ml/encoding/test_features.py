import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml.encoding.columns import CategoryColumn
from scoring.ml.encoding.features import MANY_LEADS, LeadEncoder
from scoring.ml.frames import to_frame
from scoring.ml.schema import LeadFeatures
from tests.scoring.ml.builders import FIRST_DAY, examples
from tests.scoring.ml.real_data import PLACEHOLDERS, bank, salvirt

N = 400
RANDOM = np.random.default_rng(7)
COUNTRIES = [f"country {number}" for number in range(30)]


def pick(*values: object, p: list[float] | None = None) -> list[Any]:
    """N values, drawn at random."""
    return [values[at] for at in RANDOM.choice(len(values), N, p=p)]


TRAINING = {
    "industry": pick(
        "Retail",
        "Software",
        "Banking",
        None,
        "unknown",
        "rarest",
        p=[0.3, 0.3, 0.2, 0.1, 0.09, 0.01],
    ),
    "size": pick("10", "200", "5000", None),
    "email_domain": pick("gmail.com", "acme.example", None),
    "position": pick("CEO", "Head of Sales", "Werkstudent", None),
    "last_contact": pick(*(date(2024, 1, 1) + timedelta(days=number) for number in range(99))),
    "budget": RANDOM.lognormal(9, 2, N).tolist(),
    "interactions": pick(*(float(number) for number in range(9))),
    "country": pick(*COUNTRIES),
    "visits": pick(1, 2.5, "3", " 4e1 ", True, None, "unknown"),
    "trial_started": pick("2024-02-01", "2024-03-01T10:00:00+01:00", "n/a"),
    "active": pick(True, False),
}
DAYS = FIRST_DAY + RANDOM.integers(0, 200, N)


@pytest.fixture(scope="module")
def encoder():
    training = examples(TRAINING, day=DAYS, known_after=30, label=RANDOM.integers(0, 2, N))
    return LeadEncoder(placeholders=PLACEHOLDERS).fit(training)


def test_it_has_a_column_of_every_kind(encoder):
    kinds = {field.column: field.kind for field in encoder.fields_}

    assert kinds == {
        "industry": "category",
        "size": "number",
        "email_domain": "category",
        "position": "category",
        "last_contact": "date",
        "budget": "number",
        "interactions": "number",
        "attributes.country": "many categories",
        "attributes.visits": "number",
        "attributes.trial_started": "date",
        "attributes.active": "number",
    }


odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**5000),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["\ud800", " UNKNOWN ", "1e400", "nan", "1_0", "12,5", "2024-02-30", "９"]),
    st.dates().map(str),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
    st.tuples(st.integers()),
)
texts = st.one_of(
    st.none(), st.text(max_size=8), st.sampled_from(["retail", " SOFTWARE", "rarest", "unknown"])
)
numbers = st.one_of(st.none(), st.floats(), st.integers(-(10**6), 10**13))
keys = st.one_of(st.sampled_from(["country", "visits", "trial_started", "active"]), st.text())
leads = st.builds(
    LeadFeatures,
    company=texts,
    industry=texts,
    size=texts,
    email_domain=st.one_of(texts, st.sampled_from(["GMAIL.com", "x.example"])),
    position=st.one_of(texts, st.sampled_from(["Chef de projet", "VP Sales", "INTERN"])),
    last_contact=st.one_of(st.none(), st.dates()),
    budget=numbers,
    previous_purchases=numbers,
    interactions=numbers,
    attributes=st.dictionaries(keys, st.one_of(odd, st.sampled_from(COUNTRIES)), max_size=6),
)


@settings(max_examples=150)
@given(st.lists(st.tuples(leads, st.one_of(st.none(), st.dates())), max_size=6))
def test_it_encodes_one_lead_as_it_encodes_many_to_the_last_bit(encoder, rows):
    few = [lead for lead, _ in rows]
    days = [day for _, day in rows]

    matrix = encoder.encode(few, days)

    assert matrix.dtype == np.float32
    # So often that they are encoded by column.
    many = encoder.encode(few * MANY_LEADS, days * MANY_LEADS)
    assert many.tobytes() == matrix.tobytes() * MANY_LEADS
    assert matrix.tobytes() == encoder.transform(to_frame(few, days)).tobytes()
    alone = [encoder.encode([lead], [day]) for lead, day in rows]
    assert matrix.tobytes() == b"".join(one.tobytes() for one in alone)
    assert np.isfinite(matrix[~np.isnan(matrix)]).all()


@settings(max_examples=50)
@given(leads, st.dates())
def test_it_encodes_the_same_after_a_trip_through_json(encoder, lead, day):
    restored = LeadEncoder.from_dict(json.loads(json.dumps(encoder.to_dict())))

    assert restored.encode([lead], [day]).tobytes() == encoder.encode([lead], [day]).tobytes()


def test_it_describes_itself_the_same_after_a_trip_through_json(encoder):
    restored = LeadEncoder.from_dict(json.loads(json.dumps(encoder.to_dict())))

    assert restored.fields_ == encoder.fields_
    assert restored.feature_names_ == encoder.feature_names_
    assert restored.dropped_ == encoder.dropped_


def test_it_encodes_whole_columns_of_real_data_as_it_encodes_leads():
    for real in (bank(), salvirt()):
        encoder = LeadEncoder(placeholders=PLACEHOLDERS).fit(real)
        rows = np.arange(0, len(real), 97)
        some = real.take(rows).features
        objects = [
            LeadFeatures(
                industry=row["industry"],
                size=row["size"],
                interactions=row["interactions"],
                attributes={
                    name.removeprefix("attributes."): row[name]
                    for name in some.columns
                    if name.startswith("attributes.")
                },
            )
            for _, row in some.iterrows()
        ]
        days = [None if np.isnat(day) else day.item() for day in real.day[rows]]

        assert encoder.encode(objects, days).tobytes() == encoder.transform(some).tobytes()


def test_it_takes_a_frame_without_a_column_that_training_had(encoder):
    frame = to_frame([LeadFeatures(industry="Retail")], [date(2024, 5, 1)])

    assert (
        encoder.transform(frame).tobytes()
        == encoder.encode([LeadFeatures(industry="Retail")], [date(2024, 5, 1)]).tobytes()
    )


def test_it_leaves_out_what_it_is_told_to_and_what_says_nothing():
    varied = [float(number) for number in range(60)]
    encoder = LeadEncoder(drop=("attributes.unwanted",)).fit(
        examples(
            {
                "company": [f"Company {number}" for number in range(60)],
                "budget": varied,
                "copy": [str(number) for number in varied],
                "constant": ["x"] * 59 + ["y"],
                "empty": [" "] * 60,
                "unwanted": varied[::-1],
            }
        )
    )

    assert [field.column for field in encoder.fields_] == ["budget"]
    assert {
        name: encoder.dropped_[name]
        for name in encoder.dropped_
        if name == "company" or "attributes" in name
    } == {
        "company": "almost every lead has its own value",
        "attributes.copy": "it says the same as budget",
        "attributes.constant": "nearly all rows have the same value",
        "attributes.empty": "it is never filled in",
        "attributes.unwanted": "it was left out on request",
    }


def test_it_encodes_nothing_when_nothing_is_informative():
    encoder = LeadEncoder().fit(examples({"industry": ["same"] * 50}))

    assert encoder.encode([LeadFeatures()] * 3, [None] * 3).shape == (3, 0)
    assert encoder.transform(to_frame([LeadFeatures()] * 3, [None] * 3)).shape == (3, 0)


def test_training_rows_do_not_see_their_own_outcome_in_a_category_of_many():
    words = [f"word {number % 25}" for number in range(500)]
    label = RANDOM.integers(0, 2, 500)
    training = examples({"campaign": words}, label=label)
    encoder = LeadEncoder()

    honest = encoder.fit_transform(training)
    flipped = examples({"campaign": words}, label=[1 - label[0], *label[1:]])
    other = LeadEncoder().fit_transform(flipped)

    assert honest[0].tobytes() == other[0].tobytes()
    assert not np.array_equal(honest, other)
    assert not np.array_equal(honest, encoder.transform(training.features))


def test_it_reads_each_distinct_value_of_a_column_once(encoder, monkeypatch):
    reads = []
    read = CategoryColumn.read

    def noted(self, value):
        reads.append(value)
        return read(self, value)

    monkeypatch.setattr(CategoryColumn, "read", noted)
    frame = pd.concat([examples(TRAINING, day=DAYS).features] * 20, ignore_index=True)

    assert len(encoder.transform(frame)) == 20 * N
    assert 0 < len(reads) < N / 4
