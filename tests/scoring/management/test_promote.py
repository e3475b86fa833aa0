from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scoring.models import ModelVersion
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def versions() -> None:
    for number in (1, 2):
        make_version(number, seed=number)


def test_promote_says_what_changed_and_what_to_do_next():
    run("promote", "1", "--reason=first")
    printed = run("promote", "2", "--reason=better")
    assert "Version 2 (logistic-regression) is the champion now in place of version 1" in printed
    assert "manage.py score" in printed
    assert ModelVersion.objects.get(is_champion=True).promotion_reason == "better"


def test_who_promotes_a_version_that_is_worse_than_the_base_rate_is_told_so():
    metrics = {
        "logLoss": {"value": 0.484},
        "logLossBase": 0.473,
        "beatsBaseRate": False,
    }
    make_version(3, metrics=metrics)
    printed = run("promote", "3", "--reason=try")
    assert "Version 3 has not been shown to beat the base rate" in printed
    assert "0.484, that of always naming the share won 0.473" in printed
    assert "manage.py rollback" in printed
    assert "beat the base rate" not in run("promote", "2", "--reason=back")


def test_promoting_the_champion_says_that_nothing_changed():
    run("promote", "1", "--reason=first")
    assert "nothing changed" in run("promote", "1", "--reason=again")


def test_promote_asks_for_a_reason():
    with pytest.raises(CommandError, match="--reason"):
        run("promote", "1")


def test_promote_knows_only_versions_that_are_there():
    with pytest.raises(CommandError, match="no model version 9"):
        run("promote", "9", "--reason=why not")


def test_rollback_goes_back_and_says_when_it_cannot():
    run("promote", "1", "--reason=first")
    run("promote", "2", "--reason=better")
    assert "Version 1 (logistic-regression) is the champion now" in run("rollback")
    with pytest.raises(CommandError, match="no earlier champion"):
        run("rollback")
