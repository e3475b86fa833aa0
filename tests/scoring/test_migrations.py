"""What is stored goes through a change of its storage, both ways."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from crm.models import Lead
from scoring.models import Prediction
from tests.scoring.versions import make_version

SAW = {"company": 'Ärzte "& Söhne"\\\n', "budget": 0.1, "attributes": {"tiny": 5e-324}}


def migrate(target: list[tuple[str, str]]) -> Any:
    """The models as they are then."""
    executor = MigrationExecutor(connection)
    return executor.migrate(target).apps.get_model("scoring", "Prediction")


@pytest.mark.django_db(transaction=True)
def test_predictions_keep_what_they_saw() -> None:
    lead, version = Lead.objects.create(external_id="1"), make_version()
    said = {"lead": lead, "version": version, "score": 50, "day": "2026-01-31"}
    Prediction.objects.create(probability=0.5, features=SAW, **said)
    Prediction.objects.create(probability=1 / 3, history_id=7, **said)
    rows = list(Prediction.objects.order_by("pk").values())
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        before = migrate([("scoring", "0009_rescoring_edits")])
        assert list(before.objects.order_by("pk").values()) == rows
    finally:
        migrate(newest)
    assert list(Prediction.objects.order_by("pk").values()) == rows
