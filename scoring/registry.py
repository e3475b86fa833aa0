"""Stored artifact -> loaded scorer. The database has the bytes, `MODEL_DIR` only a copy.

Every byte is hashed before a loader sees it. Each process keeps the scorers it used last.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf
from pathlib import Path
from time import monotonic

import structlog
from django.conf import settings

from scoring.errors import ModelUnavailable, NoTrainedModel
from scoring.files import replacing
from scoring.ml.errors import ArtifactError
from scoring.ml.serving import artifact
from scoring.ml.serving.runtime import Scorer
from scoring.models import ModelArtifact, ModelVersion, ModelVersionQuerySet
from scoring.scorecards import first_champion

logger = structlog.get_logger(__name__)

# Four types, a champion, and the versions before them while a promotion settles.
LOADED_AT_MOST = 8
# Model type, or None for the champion -> when it was looked up, and what was found.
_serving: dict[str | None, tuple[float, LoadedVersion]] = {}


@dataclass(frozen=True)
class LoadedVersion:
    """A model version, and the scorer that its stored bytes make."""

    version: ModelVersion
    scorer: Scorer


def champion() -> LoadedVersion:
    """The version that `auto` answers with: before anything was learned the scorecard.

    Raises ModelUnavailable.
    """
    return _loaded(answering(None))


def active(model_type: str) -> LoadedVersion:
    """The version that answers for a model type. Raises NoTrainedModel, ModelUnavailable."""
    return _loaded(answering(model_type))


def answering(model_type: str | None) -> ModelVersion:
    """Which version `active` loads for a type, `champion` for None; its bytes are not looked at.

    Raises NoTrainedModel.
    """
    if model_type is None:
        return _light().champion() or _light().get(pk=first_champion().pk)
    version = _light().active(model_type)
    if version is not None:
        return version
    if ModelVersion.objects.filter(model_type=model_type).exists():
        raise NoTrainedModel(
            f"No {model_type} model has beaten the base rate yet. Train again when more "
            f"outcomes are known: `manage.py retrain --model-type {model_type}`."
        )
    raise NoTrainedModel(
        f"No {model_type} model has been trained yet: "
        f"run `manage.py retrain --model-type {model_type}`."
    )


def serving(model_type: str | None) -> LoadedVersion:
    """The active version of a type, or the champion (None), for requests: looked up now and then.

    Another choice reaches every process within `CHOICE_SECONDS`, this one at once.
    Raises NoTrainedModel, ModelUnavailable.
    """
    now = monotonic()
    since, loaded = _serving.get(model_type, (-inf, None))
    if loaded is None or now - since >= settings.CHOICE_SECONDS:
        loaded = champion() if model_type is None else active(model_type)
        _serving[model_type] = (now, loaded)
    return loaded


def load(version: ModelVersion) -> LoadedVersion:
    """The scorer of any version. Raises ModelUnavailable if its bytes cannot be used."""
    return _loaded(_light().get(pk=version.pk))


def forget_loaded() -> None:
    """Let go of every scorer that this process has loaded."""
    forget_choices()
    _scorer.cache_clear()


def forget_choices() -> None:
    """Look up which versions answer when next asked."""
    _serving.clear()


def _loaded(version: ModelVersion) -> LoadedVersion:
    try:
        sha256 = version.artifact.sha256
    except ModelArtifact.DoesNotExist:
        raise ModelUnavailable(_advice(version.number, "has no stored model")) from None
    return LoadedVersion(version=version, scorer=_scorer(version.pk, version.number, sha256))


def _light() -> ModelVersionQuerySet:
    """Versions, with their artifact's hash, without what no scoring needs: curves, bytes..."""
    return ModelVersion.objects.select_related("artifact").defer(
        "artifact__data", "curves", "report", "recipe", "row_counts", "library_versions"
    )


def _advice(number: int, wrong: str) -> str:
    return (
        f"Model version {number} {wrong}. Choose another with `manage.py rollback` or "
        "`manage.py promote NUMBER --reason WHY`, or train anew with `manage.py retrain`."
    )


@lru_cache(maxsize=LOADED_AT_MOST)
def _scorer(version_id: int, number: int, sha256: str) -> Scorer:
    data = _cached(sha256)
    if data is None:
        data = bytes(ModelArtifact.objects.values_list("data", flat=True).get(version=version_id))
        if artifact.sha256(data) != sha256:
            raise ModelUnavailable(_advice(number, "is damaged: its bytes do not match its hash"))
        _cache(sha256, data)
    try:
        return artifact.loads(data, sha256=sha256)
    except ArtifactError as error:
        raise ModelUnavailable(_advice(number, f"cannot be loaded: {error}")) from error


def _cache_path(sha256: str) -> Path:
    return Path(settings.MODEL_DIR) / f"{sha256}.model"


def _cached(sha256: str) -> bytes | None:
    """The cached bytes if they are there and whole, else None."""
    try:
        data = _cache_path(sha256).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        logger.warning("model_cache_unreadable", sha256=sha256, error=str(error))
        return None
    if artifact.sha256(data) == sha256:
        return data
    logger.warning("model_cache_damaged", sha256=sha256)
    return None


def _cache(sha256: str, data: bytes) -> None:
    """Keep a copy for the next start. A full disk must not stop the serving."""
    path = _cache_path(sha256)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            temporary.write_bytes(data)
    except OSError as error:
        logger.warning("model_cache_unwritable", directory=str(path.parent), error=str(error))
