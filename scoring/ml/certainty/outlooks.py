"""After training: what each model can say beside its probabilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.familiarity_fitting import FEWEST_LEADS, fit_familiarity
from scoring.ml.certainty.reference import FEWEST_LEADS as FEWEST_FOR_INTERVALS
from scoring.ml.certainty.reference import Reference, fit_reference
from scoring.ml.certainty.reliability import interval_reliability
from scoring.ml.certainty.spread_fitting import fit_spread
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.hazard.fitting import NoHazard, fit_curve
from scoring.ml.hazard.followups import FollowUps
from scoring.ml.judging.judged_rows import JudgedRows
from scoring.ml.serving.outlook import CONVERSION_BY_DAY, FAMILIARITY, INTERVAL, Outlook
from scoring.ml.serving.runtime import Scorer
from scoring.ml.training.results import TrainedModel, TrainingResult


@dataclass(frozen=True)
class Told:
    """A scorer with its outlook, and what a report says of it.

    report: {"absent": part -> why it cannot be told, "conversionDays": the days of its curve or
    None, "interval": as `interval_reliability` gives it, if there is one}.
    """

    scorer: Scorer
    report: dict[str, Any]


def with_outlooks(
    result: TrainingResult, examples: Examples, followups: FollowUps, *, window_days: int
) -> TrainingResult:
    """The result with outlooks for all its models and the base rate."""
    maker = OutlookMaker(examples, followups, window_days)

    def told(model: TrainedModel, rows: JudgedRows | None, fields: LeadEncoder) -> TrainedModel:
        found = maker.tell(model.scorer, rows, fields)
        return replace(model, scorer=found.scorer, outlook=found.report, judged_rows=None)

    finalist = result.finalist
    models = [told(each, each.judged_rows, each.scorer.encoder) for each in result.models]
    rows = finalist.judged_rows
    if rows is not None:
        rows = replace(rows, judged=replace(rows.judged, probability=rows.judged.base))
    base = told(result.base, rows, finalist.scorer.encoder)
    place = [each is finalist for each in result.models].index(True)
    return replace(result, models=models, finalist=models[place], base=base)


class OutlookMaker:
    """Makes the outlooks of models that learned from the same rows.

    examples: all that taught. followups: what became of leads. window_days: that of the labels.
    """

    def __init__(self, examples: Examples, followups: FollowUps, window_days: int) -> None:
        self._examples, self._followups, self._window = examples, followups, window_days
        self._known: tuple[object, Familiarity | None, Reference | None] | None = None

    def tell(
        self, scorer: Scorer, judged: JudgedRows | None, encoder: LeadEncoder | None = None
    ) -> Told:
        """The scorer with its outlook; `judged`: rows that its model had not learned from, to
        report on.

        encoder: knows the fields to compare leads by; that of the scorer, unless it knows none.
        """
        absent: dict[str, str] = {}
        familiarity, reference = self._known_of(encoder or scorer.encoder)
        if familiarity is None:
            absent[FAMILIARITY] = f"it takes {FEWEST_LEADS} leads to say what is usual"
        spread = None
        if reference is not None and familiarity is not None:
            said = scorer.probabilities_of_frame(reference.frame)
            spread = fit_spread(said, reference, familiarity)
        else:
            absent[INTERVAL] = (
                f"it takes {FEWEST_FOR_INTERVALS} leads, won and lost ones, to say how far off a "
                "probability may be"
            )
        curve = None
        try:
            probability = scorer.probabilities_of_frame(self._followups.features)
            curve = fit_curve(
                self._followups.delays,
                probability,
                self._followups.weight,
                window_days=self._window,
            )
        except NoHazard as reason:
            absent[CONVERSION_BY_DAY] = str(reason)
        outlook = Outlook(spread, familiarity, curve, absent)
        report: dict[str, Any] = {"absent": absent, "conversionDays": curve and list(curve.days)}
        if spread is not None and familiarity is not None and judged is not None:
            report["interval"] = interval_reliability(judged, spread, familiarity)
        return Told(replace(scorer, outlook=outlook), report)

    def _known_of(self, encoder: LeadEncoder) -> tuple[Familiarity | None, Reference | None]:
        """What is known by an encoder's fields: the same for all models that share it."""
        if self._known is None or self._known[0] is not encoder:
            familiarity, reference = fit_familiarity(self._examples, encoder), None
            if familiarity is not None:
                reference = fit_reference(self._examples, familiarity)
            self._known = (encoder, familiarity, reference)
        _, familiarity, reference = self._known
        return familiarity, reference
