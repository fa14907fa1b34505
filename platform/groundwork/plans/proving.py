"""Files, links and results for finished courses: checked, kept privately, deleted on demand, each audited."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath, PureWindowsPath

from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, InvalidError
from groundwork.events import outbox
from groundwork.learners import recording
from groundwork.learners.models import Learner
from groundwork.plans.proofs import NAME, Proof

MOST_BYTES = 5_000_000
MOST = 10
"""Proofs of one course."""
TYPES = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
}
"""What may be kept, by the bytes it begins with: nothing that a browser would run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What somebody shows: a file with its name, a link, a result; "" and b"" where there is none."""

    content: bytes = b""
    name: str = ""
    link: str = ""
    result: str = ""

    @property
    def is_any(self) -> bool:
        """Whether there is anything."""
        return bool(self.content or self.link or self.result)

    @property
    def media_type(self) -> str:
        """The type by the content, "" without a file. Raises InvalidError for one that is not kept."""
        if not self.content:
            return ""
        for media_type, beginnings in TYPES.items():
            if self.content.startswith(beginnings):
                return media_type
        raise InvalidError(
            _("Only PDF, PNG and JPEG files are kept. Save it as one of these, or give a link.")
        )

    def check(self) -> None:
        """Raise InvalidError for what cannot be kept."""
        if len(self.content) > MOST_BYTES:
            raise InvalidError(_("The file is larger than 5 MB. Save it smaller, or give a link."))
        if self.link and not self.link.lower().startswith(("https://", "http://")):
            raise InvalidError(_("A link begins with https:// or http://."))
        if not self.media_type and self.name:
            raise InvalidError(_("The file is empty."))


@transaction.atomic
def add(*, actor: Actor, learner: Learner, course: Course, shown: Shown) -> Proof:
    """Keep what `learner` shows for `course`. Raises ForbiddenError for anybody else, InvalidError for what
    cannot be kept, ConflictError where there is plenty already."""
    learner.check_own(actor)
    shown.check()
    if not shown.is_any:
        raise InvalidError(_("Give a file, a link or a result."))
    recording.lock(learner)
    if Proof.objects.filter(learner=learner, course=course).count() >= MOST:
        raise ConflictError(_("A course can have 10 proofs. Delete one first."))
    proof = Proof(learner=learner, course=course, link=shown.link, result=shown.result)
    if shown.content:
        proof.name, proof.media_type, proof.size = plain(shown.name), shown.media_type, len(shown.content)
        proof.file.save(proof.name, ContentFile(shown.content), save=False)
    try:
        with transaction.atomic():
            proof.save()
    except DatabaseError:
        # Without its row nobody would ever find the file again.
        if proof.file:
            proof.file.delete(save=False)
        raise
    _record(actor, proof, action="proof.added")
    return proof


@transaction.atomic
def delete(*, actor: Actor, proof: Proof) -> None:
    """The row, and the file once that is certain."""
    proof.learner.check_own(actor)
    _record(actor, proof, action="proof.deleted")
    if proof.file.name:
        transaction.on_commit(partial(proof.file.storage.delete, proof.file.name))
    proof.delete()


def plain(name: str) -> str:
    """The last part of a file name without anything that a header or a page could stumble over.

    >>> plain("../a/b/Zeugnis\\n2026.pdf")
    'Zeugnis 2026.pdf'
    """
    last = PurePosixPath(PureWindowsPath(name).name).name
    kept = "".join(one if one.isprintable() and one not in '"\\;' else " " for one in last)
    return " ".join(kept.split())[-NAME:] or "proof"


def _record(actor: Actor, proof: Proof, *, action: str) -> None:
    outbox.record(
        actor=actor,
        action=action,
        subject=proof,
        organisation_id=proof.learner.organisation_id,
        details={"course": proof.course.slug},
    )
