"""Score the rows of a file into another file; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from crm.days import today
from crm.importing.plan import TablePlan
from crm.importing.rejects import RejectedFile, rejected_path
from scoring import registry
from scoring.files import replacing
from scoring.models import ModelVersion, scores_of
from scoring.services.score_rows import FileRows, ScoredChunk

LINE_END = "\r\n"
HEADER = ("id", "conversionProbability", "score", "modelVersion")

Progress = Callable[[int, float | None], None]


@dataclass(frozen=True)
class FileScored:
    """How many rows got a score, and how many could not be read (`rejected_to` has them)."""

    version: ModelVersion
    scored: int
    rejected: int
    rejected_to: Path


def file_score(
    *,
    path: Path,
    output: Path,
    plan: TablePlan,
    model_type: str | None = None,
    progress: Progress | None = None,
) -> FileScored:
    """Write a row of HEADER to `output` (CSV) for each row of `path`, in its order.

    Dates are measured from the row's own seen-on day, else from today. Rows that cannot be read
    go with the reason to `<output>.rejected.csv`. `output` is as it was until it is whole.
    `progress` gets the number of rows done and the share.

    Raises NoTrainedModel, ModelUnavailable; ImportProblem where the file breaks off; OSError
    where `output` cannot be written.
    """
    loaded = registry.champion() if model_type is None else registry.active(model_type)
    rejected_to = rejected_path(output)
    total = max(plan.survey.rows, 1)
    rows = FileRows(plan, loaded.scorer, today())
    scored, rejected = 0, 0
    with (
        RejectedFile(rejected_to, plan.header) as rejects,
        replacing(output) as temporary,
        temporary.open("wb") as file,
    ):
        file.write((",".join(HEADER) + LINE_END).encode())
        for chunk in rows.chunks(path):
            if len(chunk.ids):
                file.write(_lines(chunk, loaded.version.number))
            for row in chunk.rejected:
                rejects.add(row)
            scored += len(chunk.ids)
            rejected += len(chunk.rejected)
            if progress:
                progress(scored + rejected, min(1.0, (scored + rejected) / total))
    return FileScored(loaded.version, scored, rejected, rejected_to)


def _lines(chunk: ScoredChunk, version: int) -> memoryview:
    """The good rows as CSV, quotes where an id needs them."""
    ids = pa.array(chunk.ids, pa.string())
    special = pc.match_substring_regex(ids, '[",\r\n]')
    if pc.any(special).as_py():
        doubled = pc.replace_substring(ids, '"', '""')
        quoted = pc.binary_join_element_wise('"', doubled, '"', "")
        ids = pc.if_else(special, quoted, ids)
    scores = pa.array(scores_of(chunk.probabilities)).cast(pa.string())
    probabilities = pa.array(chunk.probabilities).cast(pa.string())
    ends = pa.scalar(f"{version}{LINE_END}")
    lines = pc.binary_join_element_wise(ids, probabilities, scores, ends, ",")
    # One after the other is how Arrow keeps them.
    return memoryview(lines.buffers()[2])
