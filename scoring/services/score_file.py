"""Score the rows of a file into another file; nothing of it is stored."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from crm.days import today
from crm.importing.plan import TablePlan
from crm.importing.rejects import RejectedFile, rejected_path
from crm.importing.rows import ParsedRow, RejectedRow, read_rows
from scoring import registry
from scoring.dataset import COLUMNS, features_from
from scoring.files import replacing
from scoring.ml.schema import to_frame
from scoring.models import ModelVersion, score_of
from scoring.registry import LoadedVersion

CHUNK = 5_000
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
    day, total = today(), max(plan.survey.rows, 1)
    scored, rejected = 0, 0
    with (
        RejectedFile(rejected_to, plan.header) as rejects,
        replacing(output) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for chunk in _chunks(read_rows(path, plan)):
            good = [row for row in chunk if isinstance(row, ParsedRow)]
            writer.writerows(_score(good, loaded, day))
            for row in chunk:
                if isinstance(row, RejectedRow):
                    rejects.add(row)
            scored += len(good)
            rejected += len(chunk) - len(good)
            if progress:
                progress(scored + rejected, min(1.0, (scored + rejected) / total))
    return FileScored(loaded.version, scored, rejected, rejected_to)


def _chunks(
    rows: Iterator[ParsedRow | RejectedRow],
) -> Iterator[list[ParsedRow | RejectedRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _score(
    rows: list[ParsedRow], loaded: LoadedVersion, day: date
) -> Iterator[tuple[str, float, int, int]]:
    features = [features_from(*(row.values.get(name) for name in COLUMNS)) for row in rows]
    days = [row.values.get("seen_on") or day for row in rows]
    probabilities = loaded.scorer.probabilities_of_frame(to_frame(features, days)).tolist()
    for row, probability in zip(rows, probabilities, strict=True):
        yield row.lead.external_id, probability, score_of(probability), loaded.version.number
