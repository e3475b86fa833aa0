"""Numbers that only name something: a campaign, an agent, a sales office.

What is won with 1017 says something of 1017 and nothing of 1016 and 1018. Of a quantity the
neighbours say nearly as much as the value itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.ml.examples import Examples

# So many values at least, or hardly any has neighbours; and so many leads of each on average.
FEWEST_VALUES, FEWEST_LEADS = 8, 10
# The values' own rates tell leads apart by so many standard errors,
CLEAR = 4.0
# of which the neighbours' rates tell less than this part.
LEAST_PART = 0.25
# As many leads as the base rate counts for against a value's own.
PRIOR_LEADS = 20.0
FOLDS = 4

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


def name_groups(numbers: Array, examples: Examples) -> bool:
    """Whether the numbers (n,), NaN where not known, are names rather than quantities."""
    known = ~np.isnan(numbers)
    present = numbers[known]
    if not len(present) or not (present == np.rint(present)).all():
        return False
    weight, won = examples.weight[known], (examples.weight * examples.label)[known]
    values, codes = np.unique(present, return_inverse=True)
    if len(values) < FEWEST_VALUES or weight.sum() < FEWEST_LEADS * len(values):
        return False
    lead = np.unique(examples.lead[known], return_inverse=True)[1]
    gains = _gains_of_names(codes, won, weight, lead)
    if gains is None:
        return False
    # A single value that is unlike all others, such as 0, makes no names of the others.
    rest = codes != np.bincount(codes, gains).argmax()
    again = np.unique(codes[rest], return_inverse=True)[1]
    return _gains_of_names(again, won[rest], weight[rest], lead[rest]) is not None


def _gains_of_names(codes: Codes, won: Array, weight: Array, lead: Codes) -> Array | None:
    """What each row gains by its value (n,), if that is clear and the neighbours' gain little."""
    own = _gains(won, weight, *_of_other_folds(codes, won, weight, lead))
    error = float(np.sqrt(((own - weight * own.sum() / weight.sum()) ** 2).sum()))
    if not own.sum() > CLEAR * error > 0:
        return None
    near = _gains(won, weight, *_of_neighbours(codes, won, weight))
    return own if near.sum() < LEAST_PART * own.sum() else None


def _gains(won: Array, weight: Array, here: Array, total: Array) -> Array:
    """How much likelier each row's outcome is by these counts than by the base rate, in nats."""
    base = won.sum() / weight.sum()
    rate = (here + PRIOR_LEADS * base) / (total + PRIOR_LEADS)
    found: Array = won * np.log(rate / base) + (weight - won) * np.log((1 - rate) / (1 - base))
    return found


def _of_other_folds(codes: Codes, won: Array, weight: Array, lead: Codes) -> tuple[Array, Array]:
    """Leads won and leads in all with each row's value (n,), but of its own fold."""
    fold = np.random.default_rng(0).integers(FOLDS, size=int(lead.max()) + 1)[lead]
    size = int(codes.max()) + 1
    cell = fold * size + codes
    here = np.bincount(cell, won, FOLDS * size).reshape(FOLDS, size).astype(np.float64)
    total = np.bincount(cell, weight, FOLDS * size).reshape(FOLDS, size).astype(np.float64)
    return (here.sum(0) - here)[fold, codes], (total.sum(0) - total)[fold, codes]


def _of_neighbours(codes: Codes, won: Array, weight: Array) -> tuple[Array, Array]:
    """The same of the values just below and just above each row's, at least a few leads."""
    here = np.bincount(codes, won).astype(np.float64)
    total = np.bincount(codes, weight).astype(np.float64)
    reach = min(int(np.ceil(PRIOR_LEADS / total.mean())), (len(total) - 1) // 2)
    window = np.ones(2 * reach + 1)
    window[reach] = 0.0
    return np.convolve(here, window, "same")[codes], np.convolve(total, window, "same")[codes]
