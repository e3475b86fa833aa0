"""Work on a cluster's workers gives what it gives on this machine, whatever becomes of a worker."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection

from crm.models import Lead
from crm.services import LeadData, leads_upsert
from scoring.errors import ClusterUnavailable
from scoring.locks import RANGES_KEY
from scoring.models import LeadScore, ModelArtifact, ModelVersion, Prediction
from scoring.services import rescore
from scoring.services.promote import version_promote
from scoring.services.rescore import leads_rescore
from scoring.services.rescore_stale import leads_rescore_stale
from scoring.services.retrain import model_retrain
from tests.databases import needs_postgresql
from tests.scoring.cluster.certificates import make_files
from tests.scoring.crowd import SOMEONE, TODAY, add_crowd
from tests.scoring.versions import make_version

pytestmark = needs_postgresql

DAY = date(2026, 3, 1)
LEADS = 60


@pytest.fixture
def leads(monkeypatch) -> None:
    """Open leads, in ranges of ten, with a champion to score them."""
    monkeypatch.setattr(rescore, "RANGE_KEYS", 10)
    make_version(1, is_champion=True)
    data = [LeadData(external_id=str(number), interactions=number % 20) for number in range(LEADS)]
    leads_upsert(leads=data, source=Lead.Source.API, actor=SOMEONE)


def scores() -> dict[str, float]:
    return dict(LeadScore.objects.values_list("lead__external_id", "probability"))


def test_workers_rescore_every_lead_as_this_machine_does(cluster, settings, leads):
    told: list[tuple[int, int]] = []
    found = leads_rescore(day=DAY, progress=lambda done, total: told.append((done, total)))
    assert (found.leads, found.changed) == (LEADS, LEADS)
    assert told[-1] == (LEADS, LEADS)
    there = scores()
    LeadScore.objects.all().delete()
    settings.SCORING_CLUSTER = replace(cluster.settings, address="")
    leads_rescore(day=DAY)
    # Another process may add up a product in another order, which the last bit can show.
    assert scores() == pytest.approx(there, rel=1e-12)


def test_workers_go_on_with_a_version_that_is_promoted_meanwhile(cluster, leads):
    make_version(2, seed=1)
    leads_rescore_stale(limit=1)

    def promote_at_once(done: int, _total: int) -> None:
        if not ModelVersion.objects.get(number=2).is_champion:
            version_promote(number=2, reason="meanwhile")

    found = leads_rescore(day=DAY, progress=promote_at_once)
    assert (found.version.number, found.leads) == (2, LEADS)
    while leads_rescore_stale(limit=LEADS):
        pass
    assert set(LeadScore.objects.values_list("version__number", flat=True)) == {2}


class Held:
    """Every range is held, so that workers wait in the midst of one; then a worker is killed."""

    def __init__(self, firsts: range) -> None:
        self._connection = psycopg.connect(**connection.get_connection_params(), autocommit=True)
        for first in firsts:
            self._connection.execute("SELECT pg_advisory_lock(%s)", [RANGES_KEY + first])

    def kill(self, victim: Any, workers: int) -> None:
        """When all workers wait, `victim` dies; then the ranges are free."""
        while self._waiting() < workers:
            time.sleep(0.05)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self._connection.execute("SELECT pg_advisory_unlock_all()")
        self._connection.close()

    def _waiting(self) -> int:
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        row = self._connection.execute(waiting).fetchone()
        return int(row[0]) if row else 0


def test_a_killed_workers_ranges_are_done_by_another_each_lead_once(cluster, leads):
    victim = cluster.start("cluster_worker", "--name", "victim")
    last = Lead.objects.order_by("pk").last()
    assert last is not None
    held = Held(range(1, last.pk + 1, 10))
    killer = threading.Thread(target=held.kill, args=(victim, 3))
    killer.start()
    found = leads_rescore(day=DAY)
    killer.join()
    assert victim.returncode == -signal.SIGKILL
    assert (found.leads, found.changed) == (LEADS, LEADS)
    assert LeadScore.objects.count() == LEADS
    assert Prediction.objects.count() == LEADS
    assert leads_rescore(day=DAY).changed == 0
    assert Prediction.objects.count() == LEADS


def test_a_training_on_the_cluster_is_the_same_to_the_last_bit(cluster, settings):
    add_crowd(200)
    trained = []
    types = ["logistic-regression", "random-forest", "gradient-boosting"]
    for address in (cluster.settings.address, ""):
        settings.SCORING_CLUSTER = replace(cluster.settings, address=address)
        report = model_retrain(model_types=types, today=TODAY, promote=False, budget=1e6)
        numbers = [each.number for each in report.versions]
        versions = ModelVersion.objects.filter(number__in=numbers).order_by("number")
        hashes = ModelArtifact.objects.filter(version__in=versions).order_by("version__number")
        trained.append(
            (list(versions.values("model_type", "metrics", "recipe")), [*hashes.values("sha256")])
        )
    assert len(trained[0][1]) >= len(types)
    assert trained[0] == trained[1]


def test_a_stranger_is_not_let_in(cluster, leads, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("scoring.cluster.connection.CONNECT_SECONDS", 2.0)
    stranger = make_files(tmp_path, cluster.settings.address)
    for files in (stranger, replace(stranger, ca=cluster.settings.ca)):
        settings.SCORING_CLUSTER = files
        with pytest.raises(ClusterUnavailable, match="does not answer"):
            leads_rescore(day=DAY)
    assert not LeadScore.objects.exists()
