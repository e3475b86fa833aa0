import json
import struct

import numpy as np
import pytest
import treelite
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.errors import ArtifactCorrupt, ArtifactFormatUnknown, ArtifactLibraryMismatch
from scoring.ml.frames import to_frame
from scoring.ml.model_types import BLEND, MODEL_TYPES
from scoring.ml.schema import LeadFeatures
from scoring.ml.serving import artifact
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.engines import Engine
from scoring.ml.serving.runtime import Scorer
from scoring.ml.training.conversion import engine_of
from scoring.ml.training.families import SEARCH, fit_estimator
from tests.scoring.ml.explaining.made_models import blend_of
from tests.scoring.ml.made import leads


def scorer_of(model_type: str) -> Scorer:
    examples = leads(150)
    encoder = LeadEncoder()
    X = encoder.fit_transform(examples)
    calibration = Calibration("sigmoid", slope=0.7, intercept=-0.1)
    if model_type == BLEND:
        engine: Engine = blend_of({each: scorer_of(each).engine for each in MODEL_TYPES})
    else:
        settings = SEARCH[model_type][-1]
        fitted = fit_estimator(model_type, settings, X, examples.label, examples.weight, seed=0)
        engine = engine_of(fitted)
    return Scorer(model_type, encoder, engine, calibration)


@pytest.fixture(scope="module")
def stored() -> bytes:
    return artifact.dumps(scorer_of("logistic-regression"))


@pytest.mark.parametrize("model_type", [*MODEL_TYPES, BLEND])
def test_it_gives_the_same_probabilities_to_the_bit_after_storing(model_type):
    scorer = scorer_of(model_type)
    data = artifact.dumps(scorer)
    again = artifact.loads(data, sha256=artifact.sha256(data))
    frame = leads(300, seed=5).features
    assert again.model_type == model_type
    assert (again.probabilities_of_frame(frame) == scorer.probabilities_of_frame(frame)).all()


def test_it_stores_the_same_scorer_as_the_same_bytes(stored):
    assert artifact.dumps(scorer_of("logistic-regression")) == stored


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_it_refuses_any_flipped_bit(stored, where, bit):
    damaged = bytearray(stored)
    damaged[int(where * len(stored))] ^= 1 << bit
    with pytest.raises(ArtifactCorrupt, match="damaged"):
        artifact.loads(bytes(damaged), sha256=artifact.sha256(stored))


def test_it_refuses_half_a_file(stored):
    with pytest.raises(ArtifactCorrupt):
        artifact.loads(stored[: len(stored) // 2], sha256=artifact.sha256(stored))


def test_it_checks_the_hash_before_it_reads_anything(stored, monkeypatch):
    monkeypatch.setattr(artifact, "_open", lambda data: pytest.fail("it read unverified bytes"))
    with pytest.raises(ArtifactCorrupt):
        artifact.loads(stored, sha256="0" * 64)


@pytest.mark.parametrize("data", [b"", b"\x80\x04}q.", b"LEADSCOR"])
def test_it_refuses_bytes_that_are_no_model(data):
    with pytest.raises(ArtifactFormatUnknown, match="no stored model"):
        artifact.loads(data, sha256=artifact.sha256(data))


def test_it_refuses_a_format_of_the_future(stored):
    data = stored[:8] + struct.pack("<H", 99) + stored[10:]
    with pytest.raises(ArtifactFormatUnknown, match="format 99"):
        artifact.loads(data, sha256=artifact.sha256(data))


def test_it_says_which_library_cannot_read_the_trees(monkeypatch):
    data = artifact.dumps(scorer_of("gradient-boosting"))

    def refuse(model_bytes: bytes) -> None:
        raise treelite.TreeliteError("written by version 99")

    monkeypatch.setattr(treelite.Model, "deserialize_bytes", refuse)
    with pytest.raises(ArtifactLibraryMismatch, match="treelite"):
        artifact.loads(data, sha256=artifact.sha256(data))


def test_it_names_the_libraries_that_took_part():
    assert {"python", "scikit-learn", "numpy", "treelite"} <= set(artifact.library_versions())


def test_it_scores_a_few_leads_as_it_scores_a_frame():
    scorer = scorer_of("random-forest")
    few = [LeadFeatures(budget=1000.0 * n, industry="Retail", interactions=n) for n in range(7)]
    days = [None] * 7
    many = scorer.probabilities_of_frame(to_frame(few, days))
    assert np.abs(scorer.probabilities(few, days) - many).max() < 1e-12
    assert scorer.probabilities([], []).shape == (0,)


def test_an_artifact_from_before_it_could_tell_more_still_loads(stored):
    """The same bytes as they were written then: without an outlook in the header."""
    length = struct.unpack_from("<8sHI", stored)[2]
    end = struct.calcsize("<8sHI") + length
    header = json.loads(stored[struct.calcsize("<8sHI") : end])
    del header["outlook"]
    text = json.dumps(header).encode()
    old = struct.pack("<8sHI", b"LEADSCOR", 1, len(text)) + text + stored[end:]
    again = artifact.loads(old, sha256=artifact.sha256(old))
    frame = leads(50, seed=5).features
    scorer = scorer_of("logistic-regression")
    assert (again.probabilities_of_frame(frame) == scorer.probabilities_of_frame(frame)).all()
    assert again.outlook.spread is None
    assert "too old to tell it" in again.outlook.why_absent("interval")
