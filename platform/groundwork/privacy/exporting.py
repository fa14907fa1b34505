"""Everything on record about a person as one file that they may keep, read, and take elsewhere.

The format is `groundwork-person/1` (docs/guide/privacy.md): a ZIP with `person.json`, the catalogues that the
plans were computed on, uploaded files, and a signature.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from groundwork.accounts.models import Invitation, User
from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.events.models import AuditEntry
from groundwork.plans.models import CatalogueSnapshot
from groundwork.privacy import holdings, references, signing
from groundwork.privacy.holdings import Held

FORMAT = "groundwork-person/1"
PERSON = "person.json"
SIGNATURE = "signature.jws"
README = "README.txt"
CATALOGUES = "catalogues/"
FILES = "files/"

# Of sessions only what the person told us; the rest is the machinery of signing in.
_TOLD = ("found", "levels", "example", "removed")


def archive(*, user: User, actor: Actor, now: datetime) -> bytes:
    """The ZIP, recorded in the audit trail."""
    with transaction.atomic():
        outbox.record(actor=actor, action="person.exported", subject=user)
        document = document_of(user, now=now)
    body = json.dumps(document, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(README, _readme())
        parts.writestr(PERSON, body)
        parts.writestr(SIGNATURE, signing.sign(body, now=now))
        for name, content in _attached(user):
            parts.writestr(name, content)
    return packed.getvalue()


def document_of(user: User, *, now: datetime) -> dict[str, Any]:
    """`person.json` as data: head, tables, and what is about the person without being theirs alone."""
    return {
        "format": FORMAT,
        "made_at": now,
        "made_by": settings.BASE_URL,
        "address": user.email.lower(),
        "tables": {label: list(_rows(held, user)) for label, held in _in_order()},
        "left_out": {label: sorted(one.without) for label, one in holdings.DECIDED.items() if one.without},
        "invitations": list(
            Invitation.objects.filter(email__iexact=user.email).values(
                "organisation__name", "kind", "created_at", "accepted_at"
            )
        ),
        "sessions": list(_sessions(user)),
        "audit": list(_audit(user)),
    }


def is_confirmed(user: User) -> bool:
    """Whether the person has shown that the address of the account is theirs."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists())


def _in_order() -> Iterator[tuple[str, Held]]:
    """As decided; what nobody decided on goes last."""
    found = holdings.found()
    known = [label for label in holdings.DECIDED if label in found]
    yield from ((label, found[label]) for label in known)
    yield from ((label, held) for label, held in found.items() if label not in holdings.DECIDED)


def _rows(held: Held, user: User) -> Iterator[dict[str, Any]]:
    decision = holdings.DECIDED.get(held.label)
    # Of a table nobody decided on, that there are rows is told, and nothing that might be a secret.
    columns = [
        column
        for column in held.model._meta.concrete_fields
        if column.primary_key or (decision and column.name not in decision.without)
    ]
    shared = [
        column.name
        for column in columns
        if isinstance(column, models.ForeignKey) and column.related_model._meta.label in references.NATURAL
    ]
    for row in held.of(user).select_related(*shared):
        yield {column.name: _value(column, row, user=user) for column in columns}


def _value(column: Any, row: models.Model, *, user: User) -> Any:
    if isinstance(column, models.ForeignKey) and not column.primary_key:
        return references.named(column, row, user=user)
    value = getattr(row, column.attname)
    if column.primary_key:
        return references.plain(value)
    if isinstance(column, models.FileField):
        return value.name
    if isinstance(column, models.CharField) and column.name.endswith("_by"):
        return references.who(value, user=user)
    return value


def _attached(user: User) -> Iterator[tuple[str, bytes]]:
    """Catalogues and uploaded files by their names in the archive."""
    used = CatalogueSnapshot.objects.filter(pk__in=_catalogues(user))
    for snapshot in used.order_by("pk"):
        yield f"{CATALOGUES}{snapshot.pk}.json.gz", bytes(snapshot.body)
    for held in holdings.found().values():
        names = [one.name for one in held.model._meta.concrete_fields if isinstance(one, models.FileField)]
        for row in held.of(user) if names else ():
            for file in filter(None, (getattr(row, name) for name in names)):
                with file.open("rb") as opened:
                    yield f"{FILES}{file.name}", opened.read()


def _catalogues(user: User) -> models.QuerySet[Any, Any]:
    return holdings.found()["plans.Plan"].of(user).order_by().values("catalogue_id")


def _sessions(user: User) -> Iterator[dict[str, Any]]:
    for session in sessions_of(user):
        told = session.get_decoded()
        yield {"ends_at": session.expire_date, **{key: told[key] for key in _TOLD if told.get(key)}}


def sessions_of(user: User) -> Iterator[Session]:
    """The sessions in which the person is signed in; each has to be opened to know."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            yield session


def _audit(user: User) -> Iterator[dict[str, Any]]:
    """What the person did, and what was done to what is theirs; of others' things not what, only that."""
    own = set(_subjects(user))
    label = f"user:{user.pk}"
    about = models.Q(subject_id__in={key for _type, key in own})
    entries = AuditEntry.objects.filter(about | models.Q(actor=label))
    for entry in entries.order_by("pk"):
        theirs = (entry.subject_type, entry.subject_id) in own
        if theirs or entry.actor == label:
            yield {
                "at": entry.at,
                "who": references.who(entry.actor, user=user),
                "action": entry.action,
                "subject": f"{entry.subject_type}:{entry.subject_id}" if theirs else entry.subject_type,
                "details": entry.details if theirs else {},
            }


def _subjects(user: User) -> Iterator[tuple[str, str]]:
    """Type and key of every row that is the person's, as the trail names subjects."""
    for held in holdings.found().values():
        label = held.model._meta.label_lower
        yield from ((label, str(key)) for key in held.of(user).values_list("pk", flat=True))


def _readme() -> str:
    return (
        "person.json     everything on record about you (format groundwork-person/1, UTF-8)\n"
        "catalogues/     the courses your plans were computed on; `verify` replays a plan with them\n"
        "files/          files you uploaded, where there are any\n"
        "signature.jws   shows to us that we made this; needed to take it into a new account\n"
        "\n"
        "person.json     关于您的全部记录（格式 groundwork-person/1，UTF-8）\n"
        "catalogues/     计算您的计划所用的课程目录\n"
        "files/          您上传的文件（如有）\n"
        "signature.jws   证明本文件由我们生成；导入新账户时需要\n"
    )
