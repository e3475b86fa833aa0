"""Backtest predictions as they would have been served on the day: by what was known then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scoring.ml.judging.judged import Judged, log_loss, together
from scoring.ml.judging.metrics import best_threshold
from scoring.ml.training.calibrating import Evidence, fit_calibration, kinds_for
from scoring.ml.training.encoded import EncodedFold

Array = npt.NDArray[np.float64]

# A map from less than this of the rarer class says more of chance than of the model.
FEWEST_FOR_MAP = 15.0
# What a fold counts beside the next one: the share won drifts, and the last months know best.
AGEING = 0.5


def all_evidence(folds: Sequence[EncodedFold], raw: Sequence[Array]) -> Evidence:
    """What was said in all folds, together; by time older folds count less."""
    return _join(_aged([fold.evidence(said) for fold, said in zip(folds, raw, strict=True)], folds))


def with_newest(older: Evidence, newest: Evidence, *, by_time: bool) -> Evidence:
    """The backtest's evidence and that of the newest slice, which by time counts more."""
    return _join([_lighter(older, AGEING) if by_time else older, newest])


def best_kind(folds: Sequence[EncodedFold], raw: Sequence[Array]) -> str:
    """The kind of map that did best on folds it was not fitted on; "none" if none could be."""
    known = [_known_before(folds, raw, number) for number in range(len(folds))]
    usable = [(number, each) for number, each in enumerate(known) if each is not None]
    if not usable:
        return "none"

    def loss(kind: str) -> float:
        return sum(
            float(
                folds[number].judge.weight
                @ log_loss(
                    fit_calibration(kind, each).apply(raw[number]), folds[number].judge.label
                )
            )
            for number, each in usable
        )

    return min(kinds_for(min((each for _, each in usable), key=lambda each: each.rarer)), key=loss)


def as_served(folds: Sequence[EncodedFold], raw: Sequence[Array], kind: str) -> Judged:
    """All judged rows, each calibrated and decided by the folds known before its own.

    Where too little was known the raw probability stands, and the share won is the threshold.
    """
    parts = []
    for number, (fold, said) in enumerate(zip(folds, raw, strict=True)):
        known = _known_before(folds, raw, number)
        threshold = fold.base
        probability = fit_calibration("none", fold.evidence(said)).apply(said)
        if known is not None:
            calibration = fit_calibration(kind, known)
            probability = calibration.apply(said)
            threshold = best_threshold(calibration.apply(known.raw), known.label, known.weight)
        parts.append(judge(fold, probability, threshold))
    return together(parts)


def judge(fold: EncodedFold, probability: Array, threshold: float) -> Judged:
    """A fold's judged rows with what was said of them."""
    return Judged(
        probability=probability,
        base=np.full(len(probability), fold.base),
        chosen=probability >= threshold,
        label=fold.judge.label,
        weight=fold.judge.weight,
        lead=fold.judge.lead,
    )


def _known_before(
    folds: Sequence[EncodedFold], raw: Sequence[Array], number: int
) -> Evidence | None:
    """What was said in earlier folds and had come out by this fold's cut.

    Without time: what was said in all other folds. None if that is too little.
    """
    cut = folds[number].fold.cut
    others = [other for other in range(len(folds)) if other < number or cut is None]
    parts = []
    for other in others:
        if other == number:
            continue
        judged, said = folds[other].judge, raw[other]
        out = np.full(len(said), True) if cut is None else judged.known_on <= np.datetime64(cut)
        parts.append(Evidence(said[out], judged.label[out], judged.weight[out]))
    known = _join(_aged(parts, folds))
    return known if known.rarer >= FEWEST_FOR_MAP else None


def _aged(parts: Sequence[Evidence], folds: Sequence[EncodedFold]) -> list[Evidence]:
    """Parts in time order, each lighter than the next; as they are without time."""
    if any(fold.fold.cut is None for fold in folds):
        return list(parts)
    ages = range(len(parts) - 1, -1, -1)
    return [_lighter(part, AGEING**age) for part, age in zip(parts, ages, strict=True)]


def _lighter(evidence: Evidence, factor: float) -> Evidence:
    return replace(evidence, weight=evidence.weight * factor)


def _join(parts: Sequence[Evidence]) -> Evidence:
    """All the rows; none if there are no parts."""
    return Evidence(
        raw=np.concatenate([np.empty(0), *(part.raw for part in parts)]),
        label=np.concatenate([np.empty(0, np.int8), *(part.label for part in parts)]),
        weight=np.concatenate([np.empty(0), *(part.weight for part in parts)]),
    )
