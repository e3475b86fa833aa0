"""What the routes of leads and outcomes read and answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from leadscoring.api.wire import (
    MAX_ITEMS,
    Attributes,
    Day,
    ExternalId,
    LeadFields,
    Money,
    RowNumber,
    Text,
)

Result = Literal["won", "lost", "disqualified"]
Status = Literal["open", "won", "lost", "disqualified"]
Source = Literal["admin", "api", "import", "demo"]
Grade = Literal["A", "B", "C", "D"]
Sort = Literal[
    "id", "-id", "updatedAt", "-updatedAt", "score", "-score", "lastContact", "-lastContact",
    "seenOn", "-seenOn", "budget", "-budget", "expectedValue", "-expectedValue",
]  # fmt: skip
Percent = Annotated[int, Meta(ge=0, le=100)]
# Several in one parameter, by commas: each costs a query that most callers have no use for.
Included = Annotated[str, Meta(pattern="^(total|trend|reason)(,(total|trend|reason)){0,2}$")]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
Ignored = Annotated[Any, Meta(description="Ignored: the answer's own field may be sent back.")]


class LeadInput(LeadFields, kw_only=True):
    """What somebody says of a lead. Not given stays as it is; null is "not known"."""

    seen_on: Day | UnsetType | None = UNSET
    owner: Text | UnsetType | None = UNSET
    status: Ignored = None
    outcome: Ignored = None
    source: Ignored = None
    score: Ignored = None
    grade: Ignored = None
    conversion_probability: Ignored = None
    model_version: Ignored = None
    scored_on: Ignored = None
    expected_value: Ignored = None
    trend: Ignored = None
    top_reason: Ignored = None
    revision: Ignored = None
    created_at: Ignored = None
    updated_at: Ignored = None


class UpsertLead(LeadInput, kw_only=True):
    """A lead to create, or to change if it is known."""

    id: ExternalId


class ChangeLead(LeadInput, kw_only=True):
    """Changes of the lead that the path names; an `id` must be the same."""

    id: ExternalId | UnsetType = UNSET


class UpsertRequest(Struct, forbid_unknown_fields=True):
    """One lead or up to 1,000: all are saved, or none."""

    leads: Annotated[list[UpsertLead], Meta(min_length=1, max_length=MAX_ITEMS)]


class Outcome(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What became of a lead. The same again changes nothing; another one replaces it."""

    id: ExternalId
    result: Result
    occurred_on: Day | UnsetType | None = UNSET
    value: Money | UnsetType | None = UNSET


class OutcomesRequest(Struct, forbid_unknown_fields=True):
    """One outcome or up to 1,000: all are recorded, or none."""

    outcomes: Annotated[list[Outcome], Meta(min_length=1, max_length=MAX_ITEMS)]


class Changes(Struct):
    """The ids, as they came, of what was created, changed, or already so."""

    created: list[int | str]
    updated: list[int | str]
    unchanged: list[int | str]


class LeadOutcome(Struct, rename="camel"):
    """What became of a lead."""

    result: Result
    occurred_on: date | None
    value: float | None
    recorded_at: datetime


class TopReason(Struct):
    """The field that moves a lead's score most, as people read it."""

    name: str
    points: float
    text: str


class Lead(Struct, kw_only=True, rename="camel"):
    """A lead as it is stored, with its current score (null until it has been scored).

    expectedValue: conversionProbability × budget. Only if asked for: `trend`, the points since the
    score before this one by the same model, and `topReason`; null where there is none.
    """

    id: str
    name: str | None
    company: str | None
    industry: str | None
    size: str | None
    email: str | None
    position: str | None
    last_contact: date | None
    budget: float | None
    previous_purchases: int | None
    interactions: int | None
    attributes: Attributes
    owner: str | None
    seen_on: date | None
    status: Status
    outcome: LeadOutcome | None
    source: Source
    score: int | None
    grade: Grade | None
    conversion_probability: float | None
    model_version: int | None
    scored_on: date | None
    expected_value: float | None
    revision: int
    created_at: datetime
    updated_at: datetime
    trend: int | UnsetType | None = UNSET
    top_reason: TopReason | UnsetType | None = UNSET


class LeadsQuery(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Filters (all must hold), a search in id, name, company and e-mail, an order, a page.

    segment: the name of one in `clusterAnalysis`, e.g. "High Value, Low Volume", of version
    `segmentVersion` (default: the champion): the leads in the thirds of value and volume that name
    it, by the limits found in training. At the edges they are not quite the leads grouped there.
    include: by commas, `total` (how many leads the filters let through), `trend` and `reason`.
    """

    status: Status | None = None
    industry: Word | None = None
    size: Word | None = None
    owner: Word | None = None
    source: Source | None = None
    min_score: Percent | None = None
    max_score: Percent | None = None
    grade: Grade | None = None
    segment: Word | None = None
    segment_version: RowNumber | None = None
    updated_since: Annotated[datetime, Meta(tz=True)] | None = None
    search: Word | None = None
    ordering: Sort = "-id"
    limit: Annotated[int, Meta(ge=1, le=MAX_ITEMS)] = 100
    cursor: Annotated[str, Meta(min_length=1, max_length=300)] | None = None
    include: Included = ""

    @property
    def included(self) -> list[str]:
        """What was asked for beyond the leads."""
        return self.include.split(",")


class LeadsResponse(Struct):
    """`next` is the cursor of the next page; null on the last. `total` only if asked for."""

    leads: list[Lead]
    next: str | None
    total: int | UnsetType = UNSET
