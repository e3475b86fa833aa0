import csv
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from crm.importing import load as loading
from crm.importing.chunk import load_chunk
from crm.models import Lead, Outcome
from scoring.jobs import job_start
from scoring.jobs.claims import abandoned_sweep
from scoring.jobs.handle import JobHandle
from scoring.models import Job
from tests.scoring.api.batches.over_http import work
from tests.scoring.jobs.working import KIND, claim, doing, run_next

pytestmark = pytest.mark.django_db

LIST = "/admin/scoring/job/"
DIALOG = {"_form_submitted": "on"}


def start(**fields: Any) -> Job:
    job = job_start(kind=KIND, owner="key:a", payload={})
    Job.objects.filter(pk=job.pk).update(**fields)
    return job


def send(client: Client, content: str, **fields: str) -> Any:
    file = SimpleUploadedFile("leads.csv", content.encode())
    return client.post(f"{LIST}import-file/", {"file": file, "id": "id", **fields})


def may(client: Client, *names: str) -> None:
    """Log somebody in who may do these things."""
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)


def test_the_list_tells_how_far_each_job_is(admin_client, django_assert_max_num_queries):
    start(done=40, total=160, state="queued", message="Scoring")
    start(state="failed", error="The file has a header and no rows.")
    for _ in range(10):
        start()
    with django_assert_max_num_queries(8):
        page = admin_client.get(LIST).content.decode()
    assert 'value="0.250"' in page
    assert "has a header and no rows" in page


def test_a_job_is_cancelled_after_asking_again(admin_client):
    job = start()
    url = f"{LIST}{job.pk}/cancel/"
    assert b"It ends after the chunk at hand" in admin_client.get(url).content
    assert admin_client.post(url, DIALOG)["HX-Redirect"] == f"{LIST}{job.pk}/change/"
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert b"/cancel/" not in admin_client.get(f"{LIST}{job.pk}/change/").content


def test_a_running_job_is_asked_to_end(admin_client):
    job = start()
    handle = JobHandle(claim())
    admin_client.post(f"{LIST}{job.pk}/cancel/", DIALOG)
    handle.look()
    assert Job.objects.get().cancel_requested


def test_a_finished_job_says_that_there_is_nothing_to_cancel(admin_client, monkeypatch):
    doing(monkeypatch, lambda handle: {})
    start()
    job = run_next()
    admin_client.post(f"{LIST}{job.pk}/cancel/", DIALOG)
    page = admin_client.get(f"{LIST}{job.pk}/change/").content
    assert b"succeeded already" in page


def test_a_retrain_is_started_from_the_versions(admin_client, admin_user):
    response = admin_client.post("/admin/scoring/modelversion/retrain/", DIALOG)
    job = Job.objects.get()
    assert response["HX-Redirect"] == f"{LIST}{job.pk}/change/"
    assert (job.kind, job.user, job.owner) == ("retrain", admin_user, f"user:{admin_user.pk}")


def test_a_file_is_imported_and_its_bad_rows_come_back(admin_client):
    response = send(
        admin_client,
        "nr;branch;status;since\n1;Retail;Won;2025-01-01\n2;Retail;;x\n",
        id="nr",
        map="industry=branch",
        outcome="status",
        won="won",
        seen_on="since",
    )
    job = Job.objects.get()
    assert response["Location"] == f"{LIST}{job.pk}/change/"
    work()
    job.refresh_from_db()
    assert job.state == "succeeded", job.error
    assert (job.result["created"], job.result["rejected"]) == (1, 1)
    lead = Lead.objects.get(external_id="1")
    assert (lead.industry, lead.outcome.result) == ("Retail", "won")
    assert "import of leads.csv" in str(lead.history.first().history_change_reason)
    bad = admin_client.get(f"{LIST}{job.pk}/download/").getvalue().decode()
    assert "2;" not in bad
    assert "'x'" in next(csv.DictReader(bad.splitlines()))["rejected_reason"]


def test_the_same_file_again_changes_nothing(admin_client):
    send(admin_client, "id,industry\n1,Retail\n2,Banking\n")
    work()
    send(admin_client, "id,industry\n1,Retail\n2,Banking\n")
    work()
    assert Job.objects.latest("pk").result["unchanged"] == 2
    assert Lead.history.count() == 2


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_an_import_that_a_worker_died_in_goes_on_behind_the_rows_that_are_in(
    admin_client, monkeypatch, dies_at
):
    """Each row counts once: new, repeated in the file, without a lead, of no known outcome."""
    monkeypatch.setattr(loading, "CHUNK", 3)
    rows = [f"{n % 9},2025-01-{1 + n % 9:02},i{n},{'x' if n % 5 else ''}" for n in range(14)]
    rows[2:2] = ["7,soon,,", "8,never,,"]
    rows.append("9,sometimes,,")
    file = "\n".join(["id,seen,industry,status", *rows, ""])
    options = {"seen_on": "seen", "outcome": "status", "won": "x"}

    class Killed(BaseException):
        pass

    chunks = []

    def load(*args: Any, **kwargs: Any) -> None:
        chunks.append(len(args[0]))
        if len(chunks) == dies_at + 1:
            raise Killed
        load_chunk(*args, **kwargs)

    send(admin_client, file, **options)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "load_chunk", load)
        with pytest.raises(Killed):
            work()
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    abandoned_sweep()
    work()
    job = Job.objects.get()
    told = {name: job.result[name] for name in ("rows", "created", "superseded", "rejected")}
    assert told == {"rows": 17, "created": 9, "superseded": 5, "rejected": 3}
    assert job.result["updated"] == job.result["unchanged"] == 0
    assert (job.result["outcomesCreated"], job.done) == (Outcome.objects.count(), 17)
    assert Lead.history.count() == 9
    bad = admin_client.get(f"{LIST}{job.pk}/download/").getvalue().decode()
    assert [row["rejected_line"] for row in csv.DictReader(bad.splitlines())] == ["4", "5", "18"]


@pytest.mark.parametrize(
    ("content", "fields", "says"),
    [
        ("a,b\n1,2\n", {}, "“Id column”: there is no column"),
        ("id\n1\n", {"seen_on": "nix"}, "“Known since”: there is no column"),
        ("id,s\n1,x\n", {"outcome": "s"}, "mean what: “Won means” VALUE"),
        ("", {}, "empty"),
        ("id\n1\n", {"map": "nothing=id"}, "there is no field"),
        ("id\n1\n", {"won": "x"}, "which column holds the outcome"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_the_form(admin_client, content, fields, says):
    page = send(admin_client, content, **fields)
    assert says in page.content.decode()
    assert not Job.objects.exists()


def test_a_file_that_is_too_large_is_refused(admin_client, settings):
    settings.UPLOAD_MAX_MB = 0
    assert b"A file may have 0 MB" in send(admin_client, "id\n1\n").content


def test_leads_are_exported_without_formulas(admin_client):
    for number in range(3):
        Lead.objects.create(external_id=f"L{number}", name="=1+1")
    admin_client.post(f"{LIST}export/", DIALOG)
    work()
    job = Job.objects.get()
    text = admin_client.get(f"{LIST}{job.pk}/download/").getvalue().decode()
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["id"] for row in rows] == ["L0", "L1", "L2"]
    assert not rows[0]["name"].startswith("=")


def test_whoever_may_only_look_may_do_nothing(client):
    may(client, "view_job", "view_modelversion")
    job = start()
    assert client.get(f"{LIST}{job.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{job.pk}/cancel/", DIALOG).status_code == 403
    assert client.post(f"{LIST}export/", DIALOG).status_code == 403
    assert client.get(f"{LIST}import-file/").status_code == 403
    assert client.post("/admin/scoring/modelversion/retrain/", DIALOG).status_code == 403
    assert Job.objects.get().state == "queued"


def test_the_file_of_an_export_is_for_those_who_may_export(client):
    may(client, "view_job")
    Lead.objects.create(external_id="1")
    job = start()
    work()
    assert client.get(f"{LIST}{job.pk}/download/").status_code == 403


@pytest.mark.parametrize("path", ["x/download/", "0/download/", "999/download/"])
def test_an_address_that_names_no_job_is_404(admin_client, path):
    assert admin_client.get(LIST + path).status_code == 404
