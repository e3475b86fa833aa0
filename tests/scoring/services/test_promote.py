from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection

from scoring.errors import ModelUnavailable, NothingToRollBack, VersionNotFound
from scoring.events import events_after, events_latest
from scoring.models import ModelArtifact, ModelVersion, Promotion
from scoring.services.promote import champion_roll_back, version_promote
from tests.databases import needs_postgresql
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def champion() -> int | None:
    return ModelVersion.objects.filter(is_champion=True).values_list("number", flat=True).first()


@pytest.fixture
def versions() -> list[ModelVersion]:
    return [make_version(number, seed=number) for number in (1, 2, 3)]


def promote(*numbers: int) -> None:
    for number in numbers:
        version_promote(number=number, reason=f"try {number}")


def test_it_makes_a_version_the_champion_and_keeps_who_and_why(versions):
    user = User.objects.create(username="ada")
    promote(1)
    promoted = version_promote(number=2, reason="better on retail", user=user)
    assert (promoted.previous, promoted.version) == (versions[0], versions[1])
    assert champion() == 2
    version = ModelVersion.objects.get(number=2)
    assert version.promotion_reason == "better on retail"
    assert version.promoted_by == user
    assert version.promoted_at is not None
    latest = Promotion.objects.first()
    assert latest is not None
    assert (latest.version, latest.promoted_by, latest.reason) == (
        version,
        user,
        "better on retail",
    )


def test_the_champion_again_changes_nothing(versions):
    promote(1)
    assert not version_promote(number=1, reason="again").changed
    assert Promotion.objects.count() == 1


def test_each_change_of_the_champion_is_told_once(versions):
    start = events_latest()
    promote(1, 1, 2)
    champion_roll_back(reason="worse after all")
    told = [(each.kind, each.payload) for each in events_after(start, 10).events]
    other = {"modelType": "logistic-regression"}
    assert told == [
        ("model.promoted", {**other, **change})
        for change in (
            {"modelVersion": 1, "previousVersion": None, "rolledBack": False, "reason": "try 1"},
            {"modelVersion": 2, "previousVersion": 1, "rolledBack": False, "reason": "try 2"},
            {
                "modelVersion": 1,
                "previousVersion": 2,
                "rolledBack": True,
                "reason": "worse after all",
            },
        )
    ]


def test_a_version_that_is_not_there_is_refused(versions):
    with pytest.raises(VersionNotFound, match="no model version 99"):
        promote(99)


def test_a_version_that_cannot_be_loaded_is_refused_and_the_champion_stays(versions):
    promote(1)
    ModelArtifact.objects.filter(version=versions[1]).update(data=b"broken", sha256="0" * 64)
    with pytest.raises(ModelUnavailable):
        promote(2)
    assert champion() == 1


def test_a_rollback_goes_one_champion_back_each_time(versions):
    promote(1, 2, 3)
    champions = []
    for _ in range(2):
        champion_roll_back(reason="worse")
        champions.append(champion())
    assert champions == [2, 1]
    with pytest.raises(NothingToRollBack):
        champion_roll_back(reason="worse")
    assert champion() == 1


def test_a_rollback_after_a_rollback_and_a_promotion_skips_what_was_taken_back(versions):
    promote(1, 2)
    champion_roll_back(reason="worse")
    promote(3)
    champion_roll_back(reason="worse too")
    assert champion() == 1


def test_a_rollback_to_a_version_that_cannot_be_loaded_is_refused(versions):
    promote(1, 2)
    ModelArtifact.objects.filter(version=versions[0]).update(data=b"broken", sha256="0" * 64)
    with pytest.raises(ModelUnavailable):
        champion_roll_back(reason="worse")
    assert champion() == 2


def test_without_any_promotion_there_is_nothing_to_roll_back():
    with pytest.raises(NothingToRollBack):
        champion_roll_back(reason="why not")


@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_promotions_at_once_leave_one_champion(versions):
    barrier = Barrier(3)
    failures = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            promote(number)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ModelVersion.objects.filter(is_champion=True).count() == 1
    assert Promotion.objects.count() == 3
