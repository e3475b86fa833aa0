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

from crm.importing.problems import ImportProblem
from scoring.errors import FileNotReadable, UploadDamaged
from scoring.models import Job, Upload, UploadPart

PART_BYTES = 1 << 20
_FLAG = re.compile(r"--([a-z]+)((?:-[a-z]+)*)")
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


def file_not_readable(problem: ImportProblem, path: Path) -> FileNotReadable:
    """The same for somebody who sent a file over HTTP: no path of ours, options not flags."""
    text = problem.message.replace(str(path), "The file")
    return FileNotReadable(_FLAG.sub(_option, text))


def _option(flag: re.Match[str]) -> str:
    words = flag[2].split("-")[1:]
    return "`" + flag[1] + "".join(word.capitalize() for word in words) + "`"
