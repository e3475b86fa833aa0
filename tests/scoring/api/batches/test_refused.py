"""What cannot be scored, or may not, and what the caller is told."""

from __future__ import annotations

import gzip
import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from scoring.api import uploading
from scoring.models import Job
from tests.http import ApiClient
from tests.scoring.api.batches.over_http import FILE, post_file, score_file, table

pytestmark = pytest.mark.django_db


def test_stored_leads_need_the_right_to_read_them(api: ApiClient):
    response = ApiClient("batches").send("POST", "/api/batches", {"leads": {}})
    assert response.status_code == 403
    assert "`leads`" in response.json()["error"]["message"]
    user = User.objects.create_user("ada")
    user.user_permissions.add(Permission.objects.get(codename="add_job"))
    client = Client()
    client.force_login(user)
    response = client.post("/api/batches", {"leads": {}}, "application/json")
    assert response.status_code == 403


def test_another_callers_batch_is_not_found(api: ApiClient):
    batch = score_file(api, FILE)
    other = ApiClient()
    for path in ("", "/results", "/rejected"):
        assert other.get(f"/api/batches/{batch['id']}{path}").status_code == 404
    assert other.delete(f"/api/batches/{batch['id']}").status_code == 404
    assert other.get("/api/batches").json() == {"batches": [], "next": None}
    assert [each["id"] for each in api.get("/api/batches").json()["batches"]] == [batch["id"]]


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (b"\n\n", {}, "is empty"),
        (b"a,b\n1,2\n", {}, "`id`: there is no column 'id'"),
        (b"id,a\n1,2\n", {"seenOn": "day"}, "`seenOn`: there is no column 'day'"),
        (b"id,a\n1,2\n", {"map": "nothing=a"}, "there is no field 'nothing'"),
        (b"id,id\n1,2\n", {}, "Two columns are named 'id'"),
        (b"id,a\n1,2\n", {"encoding": "klingon"}, "no text encoding named"),
        (b"PK\x03\x04zip", {}, "no readable"),
        (b"PAR1half", {}, "no readable Parquet file"),
        (gzip.compress(FILE.encode(), mtime=0)[:15], {}, "is cut off"),
    ],
)
def test_a_file_that_cannot_be_scored_is_refused_at_once_and_not_kept(
    api: ApiClient, content: bytes, options: dict[str, str], says: str
):
    response = post_file(api, content, **options)
    assert response.status_code == 400
    assert says in response.json()["error"]["message"]
    assert "/tmp" not in response.json()["error"]["message"]  # noqa: S108 - no path of ours
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("id,interactions\n", "has a header and no rows"),
        ("id,lastContact\n1,soon\n", "holds no dates"),
        ("id,lastContact\n1,03/04/2025\n", "add `dateFormat`"),
    ],
)
def test_what_only_the_rows_show_fails_the_batch_with_what_to_do(
    api: ApiClient, content: str, says: str
):
    batch = score_file(api, content)
    assert batch["state"] == "failed"
    assert says in batch["error"]
    assert table(api, batch["results"]) == []


@pytest.mark.parametrize("options", [{"unknown": "1"}, {"id": ["a", "b"]}, {"explain": "maybe"}])
def test_wrong_parameters_are_named(api: ApiClient, options: dict[str, Any]):
    response = post_file(api, FILE, **options)
    assert response.status_code == 400
    assert set(response.json()["error"]["fields"]) == set(options)


@pytest.mark.parametrize("options", [{}, {"id": "id"}])
def test_a_file_of_another_type_is_refused_with_the_types_there_are(
    api: ApiClient, options: dict[str, str]
):
    response = post_file(api, FILE, "application/vnd.ms-excel", **options)
    assert response.status_code == 415
    assert "`text/csv`" in response.json()["error"]["message"]


def test_a_file_that_is_too_large_is_refused_unread(api: ApiClient, settings):
    settings.UPLOAD_MAX_MB = 0
    response = post_file(api, FILE)
    assert response.status_code == 413
    assert not Job.objects.exists()


def test_half_a_file_is_not_kept(api: ApiClient):
    body: dict[str, Any] = {
        "CONTENT_LENGTH": str(len(FILE) + 9),
        "wsgi.input": io.BytesIO(FILE.encode()),
    }
    response = api.generic("POST", "/api/batches", FILE.encode(), "text/csv", **body)
    assert response.status_code == 400
    assert "broke off" in response.json()["error"]["message"]
    assert not Job.objects.exists()


def test_an_empty_file_is_refused(api: ApiClient):
    empty: dict[str, Any] = {"CONTENT_TYPE": "text/csv", "CONTENT_LENGTH": "0"}
    response = api.generic("POST", "/api/batches", **empty)
    assert response.status_code == 400
    assert "is empty" in response.json()["error"]["message"]


def test_a_full_disk_is_said_and_nothing_is_kept(api: ApiClient, monkeypatch):
    def full(*_arguments: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploading, "_receive", full)
    response = post_file(api, FILE)
    assert response.status_code == 503
    assert "No space left on device" in response.json()["error"]["message"]
    assert not Job.objects.exists()


def test_without_a_model_the_batch_says_what_to_do(db: None):
    batch = score_file(ApiClient("batches"), FILE, modelType="random-forest")
    assert "`manage.py retrain --model-type random-forest`" in batch["error"]
