"""An installation with something in every corner, for a process of its own with a new database."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command

from crm.models import Lead
from crm.services import LeadColumns, lead_erase, lead_upsert
from leadscoring.access.services import api_key_create
from scoring.jobs.batch.start import batch_of_file
from scoring.jobs.uploads import SentFile
from scoring.services.predict import leads_predict
from scoring.services.promote import version_promote
from tests.crm.factories import ACTOR, lead_data
from tests.scoring.crowd import add_crowd
from tests.scoring.versions import make_version

ODD = {"großes Los": "Żółć 漢字 \u2028", "ratio": 3.0e2, "tiny": 1e-9, "big": 1e16, "yes": True}


def fill() -> None:
    call_command("migrate", verbosity=0)
    add_crowd(50)
    lead_upsert(lead=lead_data("odd", attributes=ODD), source=Lead.Source.API, actor=ACTOR)
    lead_upsert(lead=lead_data("odd", budget=None), source=Lead.Source.API, actor=ACTOR)
    lead_upsert(lead=lead_data("gone"), source=Lead.Source.API, actor=ACTOR)
    for number in (1, 2):
        make_version(number, seed=number)
        version_promote(number=number, reason="try")
    for name in ("odd", "gone", "new"):
        leads = LeadColumns.of([lead_data(name)])
        with leads_predict(leads=leads, model_type="auto", store=True, actor=ACTOR):
            pass
    lead_erase(external_id="gone", actor=ACTOR)
    call_command("score", verbosity=0)
    group = Group.objects.create(name="Sales")
    group.permissions.add(Permission.objects.get(codename="view_job"))
    User.objects.create_superuser("boss", password="secret").groups.add(group)
    api_key_create(name="frontend", scopes=["predict"])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        path.write_bytes(b"id\n" + b"1\n" * 700_000)
        size, sha256 = path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()
        batch_of_file(
            file=SentFile(path, path.name, size, sha256),
            options={},
            model_type=None,
            explain=False,
            owner="key:x",
        )
