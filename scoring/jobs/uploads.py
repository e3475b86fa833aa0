"""Files that were sent, kept in the database until their job has ended.

There every machine's workers can read them, in the transaction that starts the job, with the
same backup as everything else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from scoring.errors import UploadDamaged
from scoring.models import Job, Upload, UploadPart

PART_BYTES = 1 << 20
_UNUSUAL = re.compile(r"[^\w.-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came, on this machine's disk for now. name: what the sender calls it."""

    path: Path
    name: str
    size: int
    sha256: str


@transaction.atomic
def upload_store(*, job: Job, file: SentFile) -> Upload:
    """Keep a sent file for its job: all of it, or nothing."""
    upload = Upload.objects.create(job=job, name=file.name, size=file.size, sha256=file.sha256)
    with file.path.open("rb") as source:
        for number, data in enumerate(iter(lambda: source.read(PART_BYTES), b"")):
            UploadPart.objects.create(upload=upload, number=number, data=data)
    return upload


@contextmanager
def upload_on_disk(upload: Upload) -> Iterator[Path]:
    """The file on this machine's disk, named much as its sender does, until the block ends.

    Raises UploadDamaged if it is not what was sent, OSError where it cannot be written.
    """
    with TemporaryDirectory(prefix="leadscoring-") as folder:
        path = Path(folder) / (_UNUSUAL.sub("_", upload.name)[-100:].strip(".") or "upload")
        digest = hashlib.sha256()
        with path.open("wb") as target:
            for data in upload.parts.values_list("data", flat=True).iterator(chunk_size=1):
                digest.update(data)
                target.write(data)
        if digest.hexdigest() != upload.sha256:
            raise UploadDamaged("The stored file is not the one that was sent: send it again.")
        yield path
