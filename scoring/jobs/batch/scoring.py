"""Rows in, scores out: the one place where a batch meets a model."""

from __future__ import annotations

from scoring.jobs.batch.packing import ChunkRows, Part, ScoredRow
from scoring.jobs.batch.sources import RowChunk
from scoring.ml.explaining.reasons import Reasons, find_reasons
from scoring.ml.schema import to_frame
from scoring.ml.serving.runtime import Scorer
from scoring.models import score_of
from scoring.services.units import units

# Reasons take longer: a chunk is what a killed worker has to do again.
CHUNK = 5_000
CHUNK_WITH_REASONS = 1_000


def chunk_rows(*, explain: bool) -> int:
    """How many rows make a chunk."""
    return CHUNK_WITH_REASONS if explain else CHUNK


def chunk_score(scorer: Scorer, chunk: RowChunk, *, explain: bool) -> ChunkRows:
    """Every row of the chunk: its score (with `explain` the reasons too), or why it has none."""
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
