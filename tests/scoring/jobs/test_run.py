import errno
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone

from scoring.errors import JobFinished, JobNotFound, NotEnoughData
from scoring.jobs import job_cancel, job_find, job_start
from scoring.jobs.claims import abandoned_sweep, job_claim, job_renew
from scoring.jobs.handle import ClaimLost, JobCancelled, JobHandle, TryLater
from scoring.jobs.prune import jobs_prune
from scoring.models import Job
from tests.scoring.jobs.working import KIND, claim, doing, run_next

pytestmark = pytest.mark.django_db


def start(**fields: Any) -> Job:
    job = job_start(kind=KIND, owner="key:a", payload={"of": "a test"})
    Job.objects.filter(pk=job.pk).update(**fields)
    return job


def stored(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def let_the_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_claimed_by_one_worker_alone():
    start()
    job = claim("first")
    assert (job.state, job.worker, job.attempts) == ("running", "first", 1)
    assert job_claim(worker="second") is None


def test_jobs_are_taken_up_in_the_order_in_which_they_were_started():
    jobs = [start(), start()]
    assert [claim().pk, claim().pk] == [job.pk for job in jobs]


def test_what_a_function_gives_back_is_the_result(monkeypatch):
    doing(monkeypatch, lambda handle: {"got": handle.payload["of"]})
    start()
    job = run_next()
    assert (job.state, job.result, job.share) == ("succeeded", {"got": "a test"}, 1.0)
    assert job.finished_at
    assert job.started_at
    assert job.finished_at >= job.started_at >= job.created_at
    assert job.token is None


@pytest.mark.parametrize("error", [ZeroDivisionError("secret"), SystemExit(3), KeyError("k")])
def test_a_function_that_breaks_fails_its_job_and_not_the_worker(monkeypatch, error):
    def broken(handle: JobHandle) -> dict[str, Any]:
        raise error

    doing(monkeypatch, broken)
    start()
    job = run_next()
    assert job.state == "failed"
    assert type(error).__name__ in job.error
    assert "secret" not in job.error


def test_what_cannot_be_done_says_why(monkeypatch):
    def refuse(handle: JobHandle) -> dict[str, Any]:
        raise NotEnoughData("Too few leads were won: record outcomes first.")

    doing(monkeypatch, refuse)
    start()
    assert run_next().error == "Too few leads were won: record outcomes first."


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), OperationalError("disk is full")]
)
def test_a_full_disk_is_waited_for_a_few_times_and_then_named(monkeypatch, error):
    def full(handle: JobHandle) -> dict[str, Any]:
        raise error

    doing(monkeypatch, full)
    start()
    for _ in range(settings.JOB_ATTEMPTS - 1):
        job = run_next()
        assert job.state == "queued"
        assert job.run_after
        assert job.run_after > timezone.now()
        Job.objects.update(run_after=None)
    job = run_next()
    assert job.state == "failed"
    assert str(error) in job.error


def test_what_has_to_wait_is_tried_later_and_is_no_failed_attempt(monkeypatch):
    def busy(handle: JobHandle) -> dict[str, Any]:
        raise TryLater("Another retrain is running.", 30)

    doing(monkeypatch, busy)
    start()
    job = run_next()
    assert (job.state, job.attempts, job.message) == ("queued", 0, "Another retrain is running.")
    assert job_claim(worker="w") is None


def test_a_stopping_worker_gives_the_job_back_with_its_checkpoint(monkeypatch):
    stop = threading.Event()

    def count(handle: JobHandle) -> dict[str, Any]:
        for done in range(handle.checkpoint.get("done", 0), 5):
            handle.check()
            handle.save({"done": done + 1}, done=done + 1, total=5)
            if done == 2:
                stop.set()
        return {"last": handle.checkpoint["done"]}

    doing(monkeypatch, count)
    start()
    job = run_next(stop)
    assert (job.state, job.worker, job.checkpoint, job.share) == ("queued", "", {"done": 3}, 0.6)
    assert run_next().result == {"last": 5}


def test_a_dead_workers_job_is_taken_up_by_another():
    job = start()
    claim("dead")
    assert abandoned_sweep() == 0
    let_the_lease_run_out(job)
    assert abandoned_sweep() == 1
    assert claim("alive").pk == job.pk


def test_a_worker_that_lost_its_claim_stores_nothing(monkeypatch):
    start()
    slow = JobHandle(claim("slow"))
    let_the_lease_run_out(slow.job)
    abandoned_sweep()
    quick = JobHandle(claim("quick"))

    @transaction.atomic
    def store() -> None:
        Job.objects.filter(pk=slow.job.pk).update(message="stored by the slow one")
        slow.save({"by": "slow"}, done=1)

    with pytest.raises(ClaimLost):
        store()
    quick.save({"by": "quick"}, done=2)
    assert (stored(quick.job).checkpoint, stored(quick.job).message) == ({"by": "quick"}, "")
    assert not job_renew(job=slow.job)


def test_a_heartbeat_keeps_the_claim():
    job = start()
    handle = JobHandle(claim())
    let_the_lease_run_out(job)
    handle.beat()
    assert abandoned_sweep() == 0
    handle.check()


def test_a_heartbeat_that_finds_the_claim_lost_ends_the_function():
    job = start()
    handle = JobHandle(claim())
    let_the_lease_run_out(job)
    abandoned_sweep()
    handle.beat()
    with pytest.raises(ClaimLost):
        handle.check()


def test_a_job_that_kills_its_workers_fails_in_the_end_and_says_what_to_do():
    job = start()
    for _ in range(settings.JOB_ATTEMPTS):
        claim("a-worker")
        let_the_lease_run_out(job)
        abandoned_sweep()
    assert job_claim(worker="w") is None
    assert stored(job).state == "failed"
    assert "a-worker" in stored(job).error
    assert "too little memory" in stored(job).error


def test_workers_that_get_on_may_die_as_often_as_they_like():
    job = start()
    for done in range(3 * settings.JOB_ATTEMPTS):
        JobHandle(claim()).save({"done": done}, done=done)
        let_the_lease_run_out(job)
        abandoned_sweep()
    assert stored(job).state == "queued"


def test_what_it_is_at_is_told_with_each_checkpoint(monkeypatch):
    told = []

    def work(handle: JobHandle) -> dict[str, Any]:
        handle.progress(0, None, "Looking through: 5 rows")
        handle.save({"done": 1}, done=1, total=5, message="Scoring")
        told.append(stored(handle.job).message)
        return {}

    doing(monkeypatch, work)
    start()
    assert run_next().state == "succeeded"
    assert told == ["Scoring"]


def test_a_waiting_job_is_cancelled_at_once_and_never_taken_up():
    job = job_cancel(job=start())
    assert job.state == "cancelled"
    assert job_claim(worker="w") is None
    assert job_cancel(job=job).state == "cancelled"


def test_a_running_job_is_cancelled_at_its_next_checkpoint_with_what_it_has(monkeypatch):
    def work(handle: JobHandle) -> dict[str, Any]:
        handle.save({"done": 1}, done=1, total=9)
        job_cancel(job=stored(handle.job))
        handle.save({"done": 2}, done=2, total=9)
        raise AssertionError

    doing(monkeypatch, work)
    start()
    job = run_next()
    assert (job.state, job.checkpoint, job.done) == ("cancelled", {"done": 1}, 1)


def test_a_running_job_hears_of_its_cancelling_while_it_tells_how_far_it_is():
    job = start()
    handle = JobHandle(claim())
    job_cancel(job=stored(job))
    with pytest.raises(JobCancelled):
        handle.progress(1, 2, "half")


def test_a_cancelled_job_whose_worker_died_is_not_taken_up_again():
    job = start()
    claim()
    job_cancel(job=stored(job))
    let_the_lease_run_out(job)
    abandoned_sweep()
    assert stored(job).state == "cancelled"


def test_what_is_over_cannot_be_cancelled(monkeypatch):
    doing(monkeypatch, lambda handle: {})
    start()
    with pytest.raises(JobFinished, match="succeeded already"):
        job_cancel(job=run_next())


def test_progress_is_read_at_any_time():
    job = start()
    JobHandle(claim()).progress(3, 4, "Reading")
    assert (stored(job).share, stored(job).message) == (0.75, "Reading")


def test_another_owners_job_is_not_found():
    job = start()
    assert job_find(public_id=job.public_id, owner="key:a").pk == job.pk
    for owner, kind in (("key:b", None), ("key:a", Job.Kind.BATCH)):
        with pytest.raises(JobNotFound):
            job_find(public_id=job.public_id, owner=owner, kind=kind)


def test_old_jobs_go_and_running_ones_stay():
    long_ago = timezone.now() - timedelta(days=settings.JOB_KEPT_DAYS + 1)
    start(state="succeeded", finished_at=long_ago)
    kept = [start(state="failed", finished_at=timezone.now()), start(created_at=long_ago)]
    assert jobs_prune() == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {job.pk for job in kept}
