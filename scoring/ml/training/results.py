"""What training gives back: plain data, ready to be stored and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scoring.ml.examples import Examples
from scoring.ml.judging.gate import GateDecision
from scoring.ml.judging.judged_rows import JudgedRows
from scoring.ml.leaks.leak import Leak
from scoring.ml.model_types import Settings
from scoring.ml.serving.runtime import Scorer


@dataclass(frozen=True)
class ChampionRecipe:
    """The present champion: how it was made, how it serves, and the last day it learned from.

    trained_to: the last `day` among its training rows; None where it is not known.
    learn_again: what makes it of other rows; None for what the search can fit by its recipe.
    other_window: it says who wins within more, or fewer, days than the rows' labels do.
    """

    model_type: str
    recipe: Settings
    scorer: Scorer
    trained_to: date | None
    learn_again: Callable[[Examples], Scorer] | None = None
    other_window: bool = False


@dataclass(frozen=True)
class TrainedModel:
    """One model type, fitted on all mature rows, with its figures from rows it had not seen.

    recipe:     the settings that the backtest chose.
    metrics:    as `metrics.measure` describes them.
    backtest:   the same from the backtest, by which models can be compared; {} if there was none.
    curves:     as `curves.draw` describes them.
    importance: as `importance.field_importance` describes it.
    dependence: as `dependence.partial_dependence` describes it, of the fields that matter most.
    groups:     as `groups.judge_groups` describes them.
    segments:   the contract's clusterAnalysis, of all training leads.
    beats_base_rate: whether its log loss is surely lower than that of the constant training rate.
    judged_rows: all rows that it was judged on, those of the backtest among them.
    outlook:     as `outlooks.OutlookMaker` describes what can be said beside a probability.
    """

    model_type: str
    recipe: dict[str, Any]
    scorer: Scorer
    metrics: dict[str, Any]
    backtest: dict[str, Any]
    curves: dict[str, Any]
    importance: list[dict[str, Any]]
    dependence: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    segments: list[dict[str, Any]]
    beats_base_rate: bool
    judged_rows: JudgedRows | None = None
    outlook: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SplitReport:
    """How rows were divided; days are the last day that each model of a cut could know.

    rows: "all", "older" (taught before the newest slice was opened), "newest" (judged), "backtest"
    (judged before that), "undated" (taught, never judged).
    """

    by_time: bool
    reason: str
    cut: date | None
    backtest_cuts: tuple[date, ...]
    rows: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """As it is stored in a report."""
        return {
            "by_time": self.by_time,
            "reason": self.reason,
            "cut": self.cut and self.cut.isoformat(),
            "backtest_cuts": [cut.isoformat() for cut in self.backtest_cuts],
            "rows": self.rows,
        }


@dataclass(frozen=True)
class TrainingResult:
    """All types that were asked for, the one that `auto` would use, and whether it may.

    base:      no model, the share won so far: what to answer while nothing beats it.
    base_rate: share won among all training rows, by weight.
    dropped:   columns that the encoder left out, with the reason.
    warnings:  sentences for the report.
    """

    models: list[TrainedModel]
    finalist: TrainedModel
    base: TrainedModel
    gate: GateDecision
    leaks: list[Leak]
    base_rate: float
    split: SplitReport
    dropped: dict[str, str]
    warnings: list[str]
