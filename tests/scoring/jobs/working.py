"""Jobs to try the engine with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from scoring.jobs import run
from scoring.jobs.claims import job_claim
from scoring.jobs.handle import JobHandle
from scoring.models import Job

KIND = Job.Kind.EXPORT
_works: dict[str, Callable[[JobHandle], Mapping[str, Any]]] = {}


def work(handle: JobHandle) -> Mapping[str, Any]:
    """What `doing` said."""
    return _works[KIND](handle)


def doing(
    monkeypatch: pytest.MonkeyPatch, function: Callable[[JobHandle], Mapping[str, Any]]
) -> None:
    """From now on jobs of KIND do this."""
    monkeypatch.setitem(_works, KIND, function)
    monkeypatch.setattr(run, "KINDS", {KIND: f"{__name__}.work"})


def claim(worker: str = "w1") -> Job:
    job = job_claim(worker=worker)
    assert job is not None
    return job


def run_next(stop: threading.Event | None = None) -> Job:
    """Claim the next job, do it, and read what is stored of it."""
    job = claim()
    run.job_run(JobHandle(job, stop))
    return Job.objects.get(pk=job.pk)
