"""A scorer as bytes and back. Nothing in them is code, and no byte is read before its hash is.

Layout: MAGIC, the format's version (2 bytes), the header's length (4 bytes), the header as JSON,
then the arrays one after the other, little-endian, in the header's order.
"""

from __future__ import annotations

import hashlib
import json
import platform
import struct
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.errors import ArtifactCorrupt, ArtifactFormatUnknown
from scoring.ml.serving.blend import ALL_ENGINES
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.outlook import Outlook
from scoring.ml.serving.runtime import Scorer

MAGIC = b"LEADSCOR"
FORMAT = 1
_PREFIX = struct.Struct("<8sHI")
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "pandas", "treelite")


def library_versions() -> dict[str, str]:
    """The versions that take part in training and serving."""
    return {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}


def sha256(data: bytes) -> str:
    """The hash that `loads` asks for, in hex."""
    return hashlib.sha256(data).hexdigest()


def dumps(scorer: Scorer) -> bytes:
    """The scorer as bytes; `loads` gives one with bit-equal probabilities."""
    arrays = {
        name: np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        for name, array in scorer.engine.arrays().items()
    }
    header = {
        "modelType": scorer.model_type,
        "libraries": library_versions(),
        "encoder": scorer.encoder.to_dict(),
        "calibration": scorer.calibration.to_dict(),
        "outlook": scorer.outlook.to_dict(),
        "engine": scorer.engine.kind,
        "arrays": [
            {"name": name, "dtype": array.dtype.str, "shape": array.shape}
            for name, array in arrays.items()
        ],
    }
    text = json.dumps(header, allow_nan=False).encode()
    prefix = _PREFIX.pack(MAGIC, FORMAT, len(text))
    return b"".join([prefix, text, *(array.tobytes() for array in arrays.values())])


def loads(data: bytes, *, sha256: str) -> Scorer:
    """The scorer in `data`, whose hash must be `sha256`.

    Raises ArtifactCorrupt, ArtifactFormatUnknown or ArtifactLibraryMismatch.
    """
    data = bytes(data)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ArtifactCorrupt(
            f"the stored model is damaged: its hash is {found[:12]}…, not {sha256[:12]}…"
        )
    header, body = _open(data)
    engine = ALL_ENGINES[header["engine"]].from_arrays(_arrays(header["arrays"], body))
    return Scorer(
        model_type=header["modelType"],
        encoder=LeadEncoder.from_dict(header["encoder"]),
        engine=engine,
        calibration=Calibration.from_dict(header["calibration"]),
        outlook=Outlook.from_dict(header.get("outlook", {})),
    )


def _open(data: bytes) -> tuple[dict[str, Any], memoryview]:
    if len(data) < _PREFIX.size or not data.startswith(MAGIC):
        raise ArtifactFormatUnknown("these bytes are no stored model")
    _, written_as, length = _PREFIX.unpack_from(data)
    if written_as != FORMAT:
        raise ArtifactFormatUnknown(
            f"the model is stored in format {written_as}; this version reads format {FORMAT}"
        )
    end = _PREFIX.size + length
    header: dict[str, Any] = json.loads(data[_PREFIX.size : end])
    if header["engine"] not in ALL_ENGINES:
        raise ArtifactFormatUnknown(f"the model has an unknown form: {header['engine']}")
    return header, memoryview(data)[end:]


def _arrays(described: list[Mapping[str, Any]], body: memoryview) -> dict[str, npt.NDArray[Any]]:
    arrays: dict[str, npt.NDArray[Any]] = {}
    start = 0
    for each in described:
        dtype, shape = np.dtype(each["dtype"]), tuple(each["shape"])
        size = dtype.itemsize * int(np.prod(shape))
        part = np.frombuffer(body[start : start + size], dtype=dtype)
        arrays[each["name"]] = part.reshape(shape)
        start += size
    return arrays
