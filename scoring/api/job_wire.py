"""What the routes of jobs and batches read and answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from leadscoring.api.wire import RowNumber
from scoring.api.wire import ModelType

Kind = Literal["batch", "import", "retrain", "export"]
State = Literal["queued", "running", "succeeded", "failed", "cancelled"]
Column = Annotated[str, Meta(min_length=1, max_length=200)]
Pairs = Annotated[list[Annotated[str, Meta(min_length=1, max_length=500)]], Meta(max_length=200)]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Format = Literal["csv", "ndjson"]


class JobAnswer(Struct, kw_only=True, rename="camel"):
    """A job and how far it is.

    `share` (0 to 1) and `total` are null while nobody knows how much there is to do; `error` says
    why it failed and what to do.
    """

    id: UUID
    kind: Kind
    state: State
    done: int
    total: int | None
    share: float | None
    message: str
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Batch(JobAnswer):
    """A batch. `scored` and `rejected` count rows; `repeated` those whose id comes again.

    `results` and `rejectedRows` are addresses, once it is over; a batch that failed or was
    cancelled has the rows that were done until then.
    """

    explain: bool
    model_type: str | None
    model_version: int | None
    day: date | None
    scored: int
    rejected: int
    repeated: int
    results: str | None
    rejected_rows: str | None


class LeadFilter(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Which stored leads: all conditions must hold; none at all names every lead."""

    status: Literal["open", "won", "lost", "disqualified"] | None = None
    industry: Word | None = None
    size: Word | None = None
    owner: Word | None = None
    source: Literal["admin", "api", "import", "demo"] | None = None
    min_score: Percent | None = None
    max_score: Percent | None = None
    updated_since: Annotated[datetime, Meta(tz=True)] | None = None
    search: Word | None = None


class BatchRequest(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Score stored leads; a file is sent as the body itself instead."""

    leads: LeadFilter
    model_type: ModelType | None = "auto"
    explain: bool = False


class UploadQuery(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Which column of the file is what, as the flags of `manage.py score` say it.

    `map` (FIELD=COLUMN) and `dateFormat` (COLUMN=FORMAT) may be given more than once.
    `attributes`: `rest`, `none`, or columns by commas. `name`: what to call the file.
    """

    id: Column = "id"
    seen_on: Column | None = None
    map: Pairs = []
    attributes: Annotated[str, Meta(min_length=1, max_length=5_000)] = "rest"
    date_format: Pairs = []
    delimiter: Annotated[str, Meta(min_length=1, max_length=2)] | None = None
    encoding: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    model_type: ModelType = "auto"
    explain: bool = False
    name: Word | None = None


class NoQuery(Struct, forbid_unknown_fields=True):
    """No parameter at all."""


class RowsQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """`format` wins over the Accept header; without both it is CSV."""

    format: Format | None = None


class JobsQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """Newest first; `before` is the `next` of the page before."""

    kind: Kind | None = None
    before: RowNumber | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class JobsResponse(Struct):
    """The caller's own jobs. `next` is null on the last page."""

    jobs: list[JobAnswer]
    next: int | None


class BatchesResponse(Struct):
    """The caller's own batches. `next` is null on the last page."""

    batches: list[Batch]
    next: int | None


class JobRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """What to start: training of every model type; the gate decides on the champion."""

    kind: Literal["retrain"]
