"""A file as a request's body, streamed to disk: its size never is the memory's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from leadscoring.api.parsing import MEDIA_TYPE as JSON
from leadscoring.errors import Problem
from scoring.jobs.uploads import SentFile

logger = structlog.get_logger(__name__)

# Media type -> how such a file is called if its sender does not say.
MEDIA_TYPES = {
    "text/csv": "upload.csv",
    "application/x-ndjson": "upload.ndjson",
    "application/vnd.apache.parquet": "upload.parquet",
    "application/gzip": "upload.gz",
}
_READ = 1 << 18


def is_file(request: HttpRequest) -> bool:
    """Whether the body is one of MEDIA_TYPES. Raises Problem 415 if it is no JSON either."""
    content_type = Message()
    content_type["Content-Type"] = request.headers.get("Content-Type") or "none/none"
    media_type = content_type.get_content_type()
    if media_type not in (*MEDIA_TYPES, JSON):
        types = ", ".join(f"`{each}`" for each in (*MEDIA_TYPES, JSON))
        raise Problem(415, "unsupported_media_type", f"Send one of these Content-Types: {types}.")
    return media_type in MEDIA_TYPES


@contextmanager
def sent_file(request: HttpRequest, name: str | None) -> Iterator[SentFile]:
    """The request's body on disk until the block ends.

    Raises Problem: 400 if it is empty or breaks off, 411, 413 over `UPLOAD_MAX_MB`, 415, and 503
    if the disk is full.
    """
    size = _announced(request)
    media_type = request.content_type or ""
    called = Path(name or MEDIA_TYPES.get(media_type, "upload")).name[-200:] or "upload"
    with TemporaryDirectory(prefix="leadscoring-") as folder:
        path = Path(folder) / "body"
        try:
            sha256 = _receive(request, path, size)
        except UnreadablePostError:
            raise _broke_off() from None
        except OSError as error:
            logger.exception("upload_not_written", size=size)
            raise Problem(
                503, "disk_full", f"The file cannot be written here ({error.strerror}): try later."
            ) from None
        yield SentFile(path, called, size, sha256)


def _announced(request: HttpRequest) -> int:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "unsupported_media_type", "Send packed files as `application/gzip`.")
    given = request.headers.get("Content-Length", "")
    if not given.isdecimal():
        raise Problem(411, "length_required", "Send a Content-Length, not a chunked body.")
    size = int(given)
    if size > settings.UPLOAD_MAX_MB * 1_000_000:
        raise Problem(
            413,
            "too_large",
            f"A file may have {settings.UPLOAD_MAX_MB} MB: pack it (gzip) or send it in parts.",
        )
    if not size:
        raise Problem(400, "invalid", "The file is empty: it has not even a header.")
    return size


def _receive(request: HttpRequest, path: Path, size: int) -> str:
    digest, received = hashlib.sha256(), 0
    with path.open("wb") as target:
        while data := request.read(min(_READ, size - received)):
            received += len(data)
            digest.update(data)
            target.write(data)
    if received < size:
        raise _broke_off()
    return digest.hexdigest()


def _broke_off() -> Problem:
    return Problem(
        400, "invalid", "The file broke off on its way: nothing was kept. Send it again."
    )
