"""What the scoring routes read and answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from leadscoring.api.wire import MAX_ITEMS, ExternalId, LeadFields, RowNumber
from scoring.api.outlook import DayProbability, Familiarity, ProbabilityInterval
from scoring.api.reasons import Explanation, Reason

ModelType = Literal[
    "auto", "logistic-regression", "random-forest", "gradient-boosting", "neural-network"
]
Grade = Literal["A", "B", "C", "D"]
Extra = Literal[
    "model",
    "segments",
    "intervals",
    "learned",
    "interval",
    "familiarity",
    "conversionByDay",
]
Page = Annotated[int, Meta(ge=1, le=MAX_ITEMS)]
Ignored = Annotated[Any, Meta(description="Ignored: the answer's own field may be sent back.")]


class PredictLead(LeadFields, kw_only=True):
    """A lead to score. Only `id` is required; missing or null means "not known"."""

    id: ExternalId
    conversion_probability: Ignored = None
    score: Ignored = None
    reasons: Ignored = None
    explanation: Ignored = None
    interval: Ignored = None
    familiarity: Ignored = None
    conversion_by_day: Ignored = None


class PredictRequest(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Up to 1,000 leads to score. `store: false` leaves no trace; `explain` gives the reasons.

    A lead nobody knew is stored. Of a known one what is said here counts for its prediction alone:
    what is stored of it stays as it is.

    `include` asks for more: of each lead the `interval` its true probability lies in, its
    `familiarity` and `conversionByDay`; of the version `model`, `segments` in full, `intervals` of
    its metrics and how much is `learned`.
    """

    leads: Annotated[list[PredictLead], Meta(min_length=1, max_length=MAX_ITEMS)]
    model_type: ModelType | None = "auto"
    store: bool = True
    explain: bool = False
    include: Annotated[list[Extra], Meta(max_length=10)] = []


class LeadPrediction(Struct, rename="camel"):
    """A lead as it came, with its score."""

    id: int | str
    name: str | None
    company: str | None
    industry: str | None
    size: str | None
    conversion_probability: float
    score: int
    last_contact: str | None
    reasons: list[Reason] | UnsetType = UNSET
    explanation: Explanation | UnsetType = UNSET
    interval: ProbabilityInterval | UnsetType | None = UNSET
    familiarity: Familiarity | UnsetType | None = UNSET
    conversion_by_day: list[DayProbability] | UnsetType | None = UNSET


class Importance(Struct):
    """How much a feature matters; all values together are 1."""

    name: str
    value: float


class MeasuredImportance(Importance):
    """With its 95 % range; below 0 the model may be better off without the feature."""

    low: float | UnsetType = UNSET
    high: float | UnsetType = UNSET


class GradeOutcome(Struct, rename="camel"):
    """What became of leads of a grade where the version was judged; null without leads.

    expected: their mean probability. observed: the share won, with its 95 % range.
    """

    grade: Grade
    least_probability: float
    leads: float
    expected: float | None
    observed: float | None
    low: float | None
    high: float | None


class Metrics(Struct, rename="camel"):
    """Measured on later data than the training; null if not measured."""

    accuracy: float | None
    precision: float | None
    recall: float | None
    f1_score: float | None


class Interval(Struct):
    """95 % bootstrap interval."""

    low: float | None
    high: float | None


class MetricIntervals(Struct, rename="camel"):
    """How sure the metrics are."""

    accuracy: Interval
    precision: Interval
    recall: Interval
    f1_score: Interval


class Cluster(Struct, rename="camel"):
    """A segment of the training leads. x: volume, y: value (mean percentiles), z: share in %."""

    x: float
    y: float
    z: float
    name: str
    leads: int | UnsetType = UNSET
    conversion_rate: float | UnsetType | None = UNSET


class Learned(Struct):
    """share: how much of what a version says is learned from outcomes, 0 to 1; the rest is the
    scorecard. leads: those learned from. text: the same as a sentence."""

    share: float
    leads: int
    text: str


class PredictResponse(Struct, rename="camel"):
    """Scores in the order of the request, and what they rest on.

    `unavailable`: what was asked for and cannot be told, with the reason.
    """

    predictions: list[LeadPrediction]
    feature_importance: list[Importance]
    model_metrics: Metrics
    cluster_analysis: list[Cluster]
    model_version: int | UnsetType = UNSET
    model_type: str | UnsetType = UNSET
    metric_intervals: MetricIntervals | UnsetType = UNSET
    learned: Learned | UnsetType = UNSET
    unavailable: dict[str, str] | UnsetType = UNSET


class ModelSummary(Struct, rename="camel"):
    """A trained version. `champion` answers `auto`; `active` answers for its own type.

    caution: what speaks against promoting it, as a sentence; empty if nothing does.
    """

    number: int
    model_type: str
    champion: bool
    active: bool
    created_at: datetime
    outcome_window_days: int
    training_from: date | None
    training_to: date | None
    promoted_at: datetime | None
    promotion_reason: str
    caution: str
    model_metrics: Metrics


class ModelDetail(ModelSummary):
    """Everything that was measured of a version, and how it was made."""

    learned: Learned
    metrics: dict[str, Any]
    curves: dict[str, Any]
    grades: list[GradeOutcome]
    feature_importance: list[MeasuredImportance]
    cluster_analysis: list[Cluster]
    row_counts: dict[str, Any]
    recipe: dict[str, Any]
    report: dict[str, Any]
    library_versions: dict[str, Any]


class ModelsQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """Newest first; `before` is the `next` of the page before."""

    before: RowNumber | None = None
    limit: Page = 100


class ModelsResponse(Struct):
    """`next` is null on the last page."""

    models: list[ModelSummary]
    next: int | None


class PromoteRequest(Struct, forbid_unknown_fields=True):
    """Why this version should answer from now on."""

    reason: Annotated[str, Meta(min_length=1, max_length=1_000, pattern=r"\S")]


class PredictionsQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """Oldest first; `after` is the `next` of the page before."""

    after: RowNumber = 0
    limit: Page = 100
    lead: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class LoggedPrediction(Struct, rename="camel"):
    """What a version said of a lead; `lead` is null once the lead has been erased."""

    id: int
    lead: str | None
    conversion_probability: float
    score: int
    model_version: int
    model_type: str
    source: str
    day: date
    predicted_at: datetime


class PredictionsResponse(Struct):
    """`next` is where to go on, later too if there is nothing more yet."""

    predictions: list[LoggedPrediction]
    next: int
