import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the torch extra (make test-torch)")
pytest.importorskip("skorch", reason="needs the torch extra (make test-torch)")

from scoring.ml.serving import artifact
from scoring.ml.serving.engines import NetworkEngine
from scoring.ml.training.families import fit_estimator, raw_probabilities
from scoring.ml.training.neural_torch import TorchNetwork
from scoring.ml.training.train import train
from tests.scoring.ml.made import leads


def fitted(*, seed: int = 0, weight: np.ndarray | None = None):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 3)).astype(np.float32)
    label = (X[:, 0] > 0).astype(np.int8)
    settings = {"l2": 0.01, "epochs": 40}
    given = np.ones(400) if weight is None else weight
    return X, label, fit_estimator("neural-network", settings, X, label, given, seed=seed)


def test_it_is_the_net_that_trains_when_torch_is_here():
    X, label, estimator = fitted()
    assert isinstance(estimator[-1], TorchNetwork)
    said = raw_probabilities(estimator, X)
    assert said[label == 1].mean() > said[label == 0].mean() + 0.3


def test_it_gives_the_same_net_from_the_same_seed():
    X, _, first = fitted()
    assert (raw_probabilities(fitted()[2], X) == raw_probabilities(first, X)).all()
    assert (raw_probabilities(fitted(seed=1)[2], X) != raw_probabilities(first, X)).any()


def test_it_weighs_rows():
    X, _, plain = fitted()
    weight = np.where(X[:, 0] > 0, 5.0, 1.0)
    assert (
        raw_probabilities(fitted(weight=weight)[2], X).mean()
        > raw_probabilities(plain, X).mean() + 0.05
    )


def test_it_is_stored_so_that_serving_needs_no_torch():
    examples = leads(800)
    model = train(examples, window_days=60, model_types=["neural-network"]).finalist
    assert isinstance(model.scorer.engine, NetworkEngine)
    assert model.beats_base_rate
    data = artifact.dumps(model.scorer)
    again = artifact.loads(data, sha256=artifact.sha256(data))
    frame = examples.features
    assert (again.probabilities_of_frame(frame) == model.scorer.probabilities_of_frame(frame)).all()
    assert {each.dtype.kind for each in again.engine.arrays().values()} == {"f"}
