"""Choose the champion, and take the choice back. Every choice is kept, with who and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from scoring import registry
from scoring.errors import NothingToRollBack, VersionNotFound
from scoring.events import event_write
from scoring.models import ModelVersion, Promotion

# Of all stored scores, once another version answers.
SCORES_FOLLOW = (
    "Stored scores follow as soon as a worker runs; where none does, run `manage.py score`."
)


@dataclass(frozen=True)
class Promoted:
    """`version` is the champion now, in place of `previous` (None: there was none)."""

    version: ModelVersion
    previous: ModelVersion | None

    @property
    def changed(self) -> bool:
        """Whether another version answers than before."""
        return self.version != self.previous


@transaction.atomic
def version_promote(*, number: int, reason: str, user: User | None = None) -> Promoted:
    """Make a version the champion; the champion again changes nothing.

    Raises VersionNotFound; ModelUnavailable if its stored model cannot be used.
    """
    versions = _locked()
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        raise VersionNotFound(f"There is no model version {number}.")
    return _put_on_top(version, versions, reason=reason, user=user, rolled_back=False)


@transaction.atomic
def champion_roll_back(*, reason: str, user: User | None = None) -> Promoted:
    """Make the champion before this one the champion again; once more goes one further back.

    Raises NothingToRollBack; ModelUnavailable if that champion's stored model cannot be used.
    """
    versions = _locked()
    pile = _pile()
    if len(pile) < 2:
        raise NothingToRollBack("There is no earlier champion to go back to.")
    version = next(each for each in versions if each.pk == pile[-2])
    return _put_on_top(version, versions, reason=reason, user=user, rolled_back=True)


def _locked() -> list[ModelVersion]:
    """All versions, and nobody else's turn until we are done.

    All, not only the champion: there may be none yet. Scoring, which refers to versions, goes on.
    """
    return list(
        ModelVersion.objects.select_for_update(no_key=True)
        .order_by("number")
        .only("number", "model_type", "is_champion")
    )


def _pile() -> list[int]:
    """Keys of the champions that rollbacks would come back to, the champion last."""
    pile: list[int] = []
    for promotion in Promotion.objects.order_by("pk"):
        if promotion.rolled_back:
            pile.pop()
        else:
            pile.append(promotion.version_id)
    return pile


def _put_on_top(
    version: ModelVersion,
    versions: list[ModelVersion],
    *,
    reason: str,
    user: User | None,
    rolled_back: bool,
) -> Promoted:
    previous = next((each for each in versions if each.is_champion), None)
    if version == previous:
        return Promoted(version, previous)
    registry.load(version)
    now = timezone.now()
    ModelVersion.objects.filter(is_champion=True).update(is_champion=False)
    ModelVersion.objects.filter(pk=version.pk).update(
        is_champion=True, promoted_at=now, promoted_by=user, promotion_reason=reason
    )
    Promotion.objects.create(
        version=version, rolled_back=rolled_back, promoted_at=now, promoted_by=user, reason=reason
    )
    event_write(
        kind="model.promoted",
        payload={
            "modelVersion": version.number,
            "modelType": version.model_type,
            "previousVersion": previous and previous.number,
            "rolledBack": rolled_back,
            "reason": reason,
        },
    )
    transaction.on_commit(registry.forget_choices)
    return Promoted(version, previous)
