"""`Idempotency-Key`: the same POST twice has one effect and one answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from groundwork.api.base import ApiView
from groundwork.api.problems import UNPROCESSABLE, Refusal
from groundwork.events.models import IdempotencyKey

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
MAX_LENGTH = 200

Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """A POST handler that honours the header.

    The key, the effect and the answer are one transaction: a refused request leaves no key behind, and two
    requests at the same moment queue up in the database, where the second finds the first one's answer.
    """

    @wraps(handler)
    def guarded(view: ApiView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        _check(key)
        with transaction.atomic():
            entry, created = _entry(key, request=request, label=view.actor.label)
            if not created:
                return _replayed(entry)
            response = handler(view, request, *args, **kwargs)
            entry.status = response.status_code
            entry.body = json.loads(JSONRenderer().render(response.data))
            entry.save(update_fields=["status", "body"])
            return response

    return guarded


def _check(key: str) -> None:
    if not 1 <= len(key) <= MAX_LENGTH or not key.isascii() or not key.isprintable():
        raise Refusal(
            status=400,
            code="malformed",
            message=_("An idempotency key has 1 to %(limit)d printable ASCII characters.")
            % {"limit": MAX_LENGTH},
        )


def _entry(key: str, *, request: Request, label: str) -> tuple[IdempotencyKey, bool]:
    content = json.dumps([request.method, request.path, request.data], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    IdempotencyKey.objects.filter(actor=label, created_at__lt=timezone.now() - KEPT).delete()
    entry, created = IdempotencyKey.objects.get_or_create(
        actor=label, key=key, defaults={"request_digest": digest}
    )
    if entry.request_digest != digest:
        raise Refusal(
            status=UNPROCESSABLE,
            code="idempotency-key-reused",
            message=_("This idempotency key was used for another request. Choose a new one."),
        )
    return entry, created


def _replayed(entry: IdempotencyKey) -> Response:
    body = entry.body or {}
    headers = {"Idempotency-Replayed": "true"}
    if entry.status in (201, 202):
        headers["Location"] = body["url"]
    return Response(body, status=entry.status, headers=headers)
