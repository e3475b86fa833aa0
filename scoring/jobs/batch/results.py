"""A batch's rows as text, chunk by chunk: memory stays flat however many there are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import msgspec

from scoring.jobs.batch.job import batch_of
from scoring.jobs.batch.packing import BadRow, ChunkRows, ScoredRow, unpack
from scoring.ml.explaining.reasons import MOST_REASONS
from scoring.models import Job, JobChunk

Format = Literal["csv", "ndjson"]
_encode = msgspec.json.Encoder().encode
_COLUMNS = ("id", "conversionProbability", "score", "modelVersion")
_MOST = 2 * MOST_REASONS
_REASON_COLUMNS = (
    "base",
    *(f"{name}{number}" for number in range(1, _MOST + 1) for name in ("reason", "points")),
    "rest",
)


def scored_rows(job: Job, kind: Format) -> Iterator[bytes]:
    """Every row that got a score, in the order of the file (of stored leads: of their keys).

    CSV has a column for each reason and its points: base + all points + rest = 100 * probability.
    """
    version = batch_of(job).get("modelVersion")
    from_file = "options" in job.payload
    explain = bool(job.payload.get("explain"))
    if kind == "ndjson":
        return _lines(job, lambda rows: (_object(row, version, from_file) for row in rows.scored))
    header = ("row",) * from_file + _COLUMNS + (_REASON_COLUMNS if explain else ())

    def cells(rows: ChunkRows) -> Iterator[list[Any]]:
        for row in rows.scored:
            told = [row.id, row.probability, row.score, version]
            yield [row.row] * from_file + told + (_reason_cells(row) if explain else [])

    return _table(job, header, cells)


def rejected_rows(job: Job, kind: Format) -> Iterator[bytes]:
    """Every row that got none, with the reason."""
    if kind == "ndjson":
        return _lines(job, lambda rows: (_bad_object(row) for row in rows.rejected))
    return _table(
        job,
        ("row", "id", "reason"),
        lambda rows: ([row.row, row.id, row.reason] for row in rows.rejected),
    )


def _chunks(job: Job) -> Iterator[ChunkRows]:
    """One at a time, each by a query of its own: nobody knows how slowly a client reads."""
    number = -1
    while True:
        later = JobChunk.objects.filter(job=job, number__gt=number).order_by("number")
        chunk = later.first()
        if chunk is None:
            return
        number = chunk.number
        yield unpack(bytes(chunk.data))


def _lines(job: Job, objects: Callable[[ChunkRows], Iterable[Any]]) -> Iterator[bytes]:
    for rows in _chunks(job):
        yield b"".join(_encode(each) + b"\n" for each in objects(rows))


def _table(
    job: Job, header: tuple[str, ...], cells: Callable[[ChunkRows], Iterable[list[Any]]]
) -> Iterator[bytes]:
    yield _csv([list(header)])
    for rows in _chunks(job):
        yield _csv(cells(rows))


def _csv(rows: Iterable[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _object(row: ScoredRow, version: int | None, from_file: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"row": row.row} if from_file else {}
    told |= {
        "id": row.id,
        "conversionProbability": row.probability,
        "score": row.score,
        "modelVersion": version,
    }
    if row.reasons is not None:
        told["reasons"] = [
            {"name": part.name, "value": part.value, "points": part.points, "text": part.text}
            for part in row.reasons
        ]
        told["explanation"] = {"base": row.base, "rest": row.rest}
    return told


def _bad_object(row: BadRow) -> dict[str, Any]:
    return {"row": row.row, "id": row.id, "reason": row.reason}


def _reason_cells(row: ScoredRow) -> list[Any]:
    told = [cell for part in row.reasons or () for cell in (part.text, part.points)]
    return [row.base, *told, *[""] * (2 * _MOST - len(told)), row.rest]
