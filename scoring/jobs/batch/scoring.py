"""Rows in, scores out: the one place where a batch meets a model."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.jobs.batch.packing import ChunkRows, Part, ScoredRow
from scoring.jobs.batch.sources import FileRows, RowChunk, Source
from scoring.ml.explaining.reasons import Reasons, find_reasons
from scoring.ml.frames import to_frame
from scoring.ml.serving.runtime import Scorer
from scoring.models import score_of
from scoring.services import score_rows
from scoring.services.units import units

# Reasons take longer: a chunk is what a killed worker has to do again.
CHUNK = 5_000
CHUNK_WITH_REASONS = 1_000


def scored_chunks(
    source: Source, scorer: Scorer, *, place: int, explain: bool
) -> Iterator[tuple[int, ChunkRows]]:
    """The rows from `place` on, each with its score (with `explain` the reasons too) or why it
    has none; and with each chunk the place where the next one begins."""
    if isinstance(source, FileRows) and not explain:
        yield from _by_column(source, scorer, place)
        return
    for chunk in source.chunks(place, CHUNK_WITH_REASONS if explain else CHUNK):
        yield chunk.place, _score(scorer, chunk, explain=explain)


def _by_column(source: FileRows, scorer: Scorer, line: int) -> Iterator[tuple[int, ChunkRows]]:
    """By the engine of `manage.py score`; the place is the line of the last row."""
    rows = score_rows.FileRows(source.plan, scorer, source.day)
    for chunk in rows.chunks(source.path, after=line):
        lines = chunk.lines.tolist()
        scored = [
            ScoredRow(number, id, probability, score_of(probability))
            for number, id, probability in zip(
                lines, chunk.ids, chunk.probabilities.tolist(), strict=True
            )
        ]
        rejected = [source.bad(row) for row in chunk.rejected]
        if len(chunk):
            line = max([*lines[-1:], *(row.row for row in rejected[-1:])])
            yield line, ChunkRows(scored, rejected)


def _score(scorer: Scorer, chunk: RowChunk, *, explain: bool) -> ChunkRows:
    if explain:
        found = find_reasons(scorer, chunk.leads, chunk.days, units=units())
        probabilities = [each.probability for each in found]
    else:
        found = []
        probabilities = scorer.probabilities_of_frame(to_frame(chunk.leads, chunk.days)).tolist()
    scored = [
        ScoredRow(number, id, probability, score_of(probability))
        for number, id, probability in zip(chunk.numbers, chunk.ids, probabilities, strict=True)
    ]
    for row, reasons in zip(scored, found, strict=False):
        _explain(row, reasons)
    return ChunkRows(scored, chunk.rejected)


def _explain(row: ScoredRow, reasons: Reasons) -> None:
    row.reasons = [Part(each.name, each.value, each.points, each.text) for each in reasons.listed]
    row.base, row.rest = reasons.base, reasons.rest
