"""Work that outlives a request: what was asked, how far it is, who holds it, what came of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class JobQuerySet(models.QuerySet["Job"]):
    """Named questions about jobs."""

    def waiting(self) -> JobQuerySet:
        """Those that a worker may claim now, in their order."""
        due = Q(run_after=None) | Q(run_after__lte=timezone.now())
        return self.filter(due, state=Job.State.QUEUED).order_by("pk")

    def abandoned(self) -> JobQuerySet:
        """Those whose worker has not been heard of for longer than its lease."""
        return self.filter(state=Job.State.RUNNING, leased_until__lt=timezone.now())

    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])


class Job(models.Model):
    """A piece of work and its progress.

    While it runs, `token` is the claim of one worker until `leased_until`; every write of that
    worker is conditional on it, so that whoever lost the claim can store nothing any more.
    `checkpoint` is what the next worker goes on from; `attempts` counts tries since the last one.
    """

    class Kind(models.TextChoices):
        BATCH = "batch", "Bulk scoring"
        IMPORT = "import", "Import"
        RETRAIN = "retrain", "Retrain"
        EXPORT = "export", "Export"

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    public_id = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    owner = models.CharField(
        max_length=100, db_index=True, help_text="Who asked: `user:5`, or an API key's `key:abc`."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    payload = models.JSONField(default=dict, help_text="What was asked for.")
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    message = models.CharField(max_length=200, blank=True)
    cancel_requested = models.BooleanField(default=False)
    token = models.UUIDField(null=True, editable=False)
    worker = models.CharField(max_length=100, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    run_after = models.DateTimeField(null=True)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["state", "run_after"],
                condition=Q(state__in=["queued", "running"]),
                name="job_unfinished",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="running") | Q(token__isnull=False, leased_until__isnull=False),
                name="job_running_has_a_claim",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.public_id)[:8]}"

    @property
    def finished(self) -> bool:
        """Nothing more will happen to it."""
        return self.state not in (Job.State.QUEUED, Job.State.RUNNING)

    @property
    def share(self) -> float | None:
        """How much of it is done, 0 to 1; None if nobody can tell."""
        if self.state == Job.State.SUCCEEDED:
            return 1.0
        return min(1.0, self.done / self.total) if self.total else None


class Upload(models.Model):
    """A file that somebody sent, in parts, where every machine's workers can read it.

    It goes when its job has ended.
    """

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="upload")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class UploadPart(models.Model):
    """The next bytes of an upload."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="one_part_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}, part {self.number}"


class JobChunk(models.Model):
    """What a job made of its chunk of this number: stored with the checkpoint, so exactly once.

    data: packed; what is in it is the business of the job's kind.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="one_chunk_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.job_id}, chunk {self.number}"
