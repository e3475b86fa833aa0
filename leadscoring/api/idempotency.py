"""`Idempotency-Key`: the same request sent again gets the same answer, and has one effect.

A request is claimed (committed at once, with a lease), then its effect and its answer are
committed together. If the process dies in between, nothing has happened, and after the lease the
next try takes the claim over.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.access.models import IdempotentRequest
from leadscoring.access.principals import principal
from leadscoring.api.parsing import read_body
from leadscoring.api.rendering import MEDIA_TYPE, render
from leadscoring.errors import Problem, handle_exception

KEPT_FOR = timedelta(hours=24)
# Longer than any request that these routes can make last, lock waits included.
LEASE = timedelta(minutes=2)
_FORM = re.compile(r"[\x21-\x7e]{1,255}")
# Not kept, so that a later try can succeed: what may be otherwise then.
_PASSING = frozenset({409, 429})

View = TypeVar("View")
Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer a request, until somebody takes it over."""

    pk: int
    token: uuid.UUID


class ClaimLost(Exception):
    """Somebody took the claim over: what was done is undone."""


def _body(request: Request, **_kwargs: Any) -> bytes:
    return read_body(request._request)


def idempotent(
    handler: Handler, *, body: Callable[..., bytes] = _body
) -> Callable[..., HttpResponse | Response]:
    """A view's method that heeds the header `Idempotency-Key`. Costs nothing without it.

    body: what the request and the method's arguments say that was sent; two requests with one
    key are the same if it is.
    """

    @wraps(handler)
    def heeding(view: Any, request: Request, **kwargs: Any) -> HttpResponse | Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, **kwargs)
        if not _FORM.fullmatch(key):
            raise Problem(
                400, "invalid", "Idempotency-Key must be 1 to 255 visible ASCII characters."
            )
        fingerprint = _fingerprint(request, body(request, **kwargs))
        found = _claim(principal(request).id, key, fingerprint)
        if isinstance(found, IdempotentRequest):
            return _replay(found)
        return _answer_once(found, lambda: handler(view, request, **kwargs), request)

    return heeding


def forget_old_answers() -> int:
    """Delete what was kept for longer than a day; how many requests that were."""
    old = IdempotentRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    with transaction.atomic():
        # Skipping what another process is deleting, so that two never wait for each other.
        pks = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True))
        return IdempotentRequest.objects.filter(pk__in=pks).delete()[0]


def _fingerprint(request: Request, body: bytes) -> str:
    text = f"{request.method} {request.get_full_path()}\n".encode() + body
    return hashlib.sha256(text).hexdigest()


def _claim(principal: str, key: str, fingerprint: str) -> Claim | IdempotentRequest:
    """The claim on this request, or the request as it was answered before."""
    forget_old_answers()
    now = timezone.now()
    token = uuid.uuid4()
    ours = {"token": token, "leased_until": now + LEASE}
    row, created = IdempotentRequest.objects.get_or_create(
        principal=principal,
        key=key,
        defaults={**ours, "fingerprint": fingerprint, "created_at": now},
    )
    if created:
        return Claim(row.pk, token)
    if row.fingerprint != fingerprint:
        raise Problem(
            422,
            "idempotency_key_reused",
            "This Idempotency-Key came with another request: take a new one.",
        )
    if row.status is not None:
        return row
    free = IdempotentRequest.objects.filter(pk=row.pk, token=row.token, leased_until__lte=now)
    if not free.update(**ours):
        raise Problem(409, "still_running", "The first request with this key is still running.")
    return Claim(row.pk, token)


def _answer_once(claim: Claim, answer: Callable[[], Response], request: Request) -> HttpResponse:
    try:
        with transaction.atomic():
            response = answer()
            content = _keep(claim, response)
    except ClaimLost:
        raise Problem(409, "still_running", "Another request with this key took over.") from None
    except Exception as exc:  # noqa: BLE001 - each becomes an answer, as it does without a key
        response = handle_exception(exc, {"request": request})
        content = _keep_error(claim, response)
    answered = HttpResponse(content, status=response.status_code, content_type=MEDIA_TYPE)
    if "Retry-After" in response.headers:
        answered.headers["Retry-After"] = response.headers["Retry-After"]
    return answered


def _keep(claim: Claim, response: Response) -> bytes:
    content = render(response.data)
    ours = IdempotentRequest.objects.filter(pk=claim.pk, token=claim.token)
    if not ours.update(status=response.status_code, body=content):
        raise ClaimLost
    return content


def _keep_error(claim: Claim, response: Response) -> bytes:
    """Nothing was done. Say the same again next time, unless it may work by then."""
    ours = IdempotentRequest.objects.filter(pk=claim.pk, token=claim.token)
    content = render(response.data)
    if response.status_code >= 500 or response.status_code in _PASSING:
        ours.delete()
    else:
        ours.update(status=response.status_code, body=content)
    return content


def _replay(row: IdempotentRequest) -> HttpResponse:
    return HttpResponse(
        bytes(row.body or b""),
        status=row.status,
        content_type=MEDIA_TYPE,
        headers={"Idempotency-Replayed": "true"},
    )
