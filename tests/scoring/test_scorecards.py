"""The first version makes itself, once, whoever asks for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from scoring import registry, scorecards
from scoring.ml.scorecard.default import DEFAULT_CARD
from scoring.models import ModelVersion, Promotion, Scorecard
from scoring.scorecards import card_of, default_rules, default_scorecard, first_champion, make_card
from tests.databases import needs_postgresql
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def test_the_default_card_reads_back_as_it_was_written():
    scorecard = default_scorecard()
    rules = default_rules(scorecard)
    for rule in rules:
        rule.clean()
    assert make_card(scorecard, rules) == DEFAULT_CARD


def test_the_first_champion_is_the_scorecard_with_the_reason_kept():
    version = first_champion()
    assert (version.number, version.model_type) == (1, "scorecard")
    assert Promotion.objects.get().version == version
    assert Scorecard.objects.get().version == version
    assert card_of(Scorecard.objects.get()) == DEFAULT_CARD


def test_it_takes_the_next_number_and_leaves_a_champion_alone():
    make_version(7)
    assert first_champion().number == 8
    assert first_champion().number == 8
    assert ModelVersion.objects.count() == 2


def test_who_comes_second_takes_what_the_first_made(monkeypatch):
    def as_if_another_was_faster() -> ModelVersion:
        make_version(1, is_champion=True)
        raise IntegrityError

    made = make_version(3, is_champion=True)
    monkeypatch.setattr(ModelVersion.objects, "champion", lambda: made)
    monkeypatch.setattr(scorecards, "_first_champion", as_if_another_was_faster)
    assert first_champion() == made


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_makes_it():
    ModelVersion.objects.all().delete()
    start = Barrier(8)

    def ask(_number: int) -> int:
        try:
            start.wait()
            return registry.champion().version.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(ask, range(8)))
    assert len(found) == 1
    assert ModelVersion.objects.count() == 1
    assert Promotion.objects.count() == 1
    assert Scorecard.objects.count() == 1
