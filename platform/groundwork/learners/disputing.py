"""A line of evidence after it was recorded: withdrawn, disputed, settled, corrected, and each of it undone.

Lines are append-only, and so is what becomes of them: every step is a `Mark`. One's own lines can be
withdrawn at once; the lines of others are disputed in words, do not count from then on, and an administrator
settles it. An employer withdraws what it recorded, such as a certificate that is no longer valid.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor, Right
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events import outbox
from groundwork.learners import recording
from groundwork.learners.models import Evidence, Learner, Mark
from recommender.domain import LEVELS

SHOWN_BY_OTHERS = frozenset(
    {Evidence.Kind.ASSESSMENT, Evidence.Kind.MANAGER, Evidence.Kind.PEER, Evidence.Kind.FAILED_COURSE}
)
"""Kinds that are not one's own to withdraw, even where one's own click recorded them."""


def is_own(line: Evidence, *, learner: Learner) -> bool:
    """Whether the person may withdraw the line without asking anybody."""
    mine = learner.user_id is not None and line.recorded_by == f"user:{learner.user_id}"
    return mine and line.kind not in SHOWN_BY_OTHERS


def is_correctable(line: Evidence) -> bool:
    """Whether the level of a line of one's own is one's own to say."""
    return line.kind != Evidence.Kind.CERTIFICATE


@transaction.atomic
def withdraw(*, actor: Actor, line: Evidence) -> None:
    """The line no longer counts: one's own, or one that the employer recorded."""
    now = _latest(line)
    _may_withdraw(actor, now)
    _expect(now, counting=True, otherwise=_("This line does not count already."))
    _mark(actor, now, Mark.Kind.WITHDRAWN, action="evidence.withdrawn")


@transaction.atomic
def restore(*, actor: Actor, line: Evidence) -> None:
    """Undo `withdraw`; only the side that withdrew the line brings it back."""
    now = _latest(line)
    _may_withdraw(actor, now)
    if now.last_mark != Mark.Kind.WITHDRAWN:
        raise ConflictError(_("This line is not withdrawn."))
    _mark(actor, now, Mark.Kind.RESTORED, action="evidence.restored")


@transaction.atomic
def dispute(*, actor: Actor, line: Evidence, words: str) -> None:
    """The learner objects to a line of somebody else's; it does not count until that is settled.

    What was upheld once stays: it cannot be disputed again.
    """
    now = _latest(line)
    now.learner.check_own(actor)
    if is_own(now, learner=now.learner):
        raise ConflictError(_("This line is your own: withdraw it instead."))
    if now.marks.filter(kind=Mark.Kind.UPHELD).exists():
        raise ConflictError(_("This line was upheld by an administrator."))
    _expect(now, counting=True, otherwise=_("This line does not count already."))
    if not words.strip():
        raise InvalidError(_("Say in a few words what is wrong with this line."))
    _mark(actor, now, Mark.Kind.DISPUTED, action="evidence.disputed", words=words.strip())


@transaction.atomic
def drop(*, actor: Actor, line: Evidence) -> None:
    """The learner takes a dispute back that is not settled yet."""
    now = _latest(line)
    now.learner.check_own(actor)
    _expect_open(now)
    _mark(actor, now, Mark.Kind.DROPPED, action="dispute.dropped")


@transaction.atomic
def uphold(*, actor: Actor, line: Evidence) -> None:
    """An administrator lets a disputed or struck line count again."""
    now = _latest(line)
    _only_administrators(actor, now)
    if now.last_mark not in (Mark.Kind.DISPUTED, Mark.Kind.STRUCK):
        raise ConflictError(_("This line is not disputed."))
    _mark(actor, now, Mark.Kind.UPHELD, action="dispute.upheld")


@transaction.atomic
def strike(*, actor: Actor, line: Evidence, corrected: int | None = None) -> None:
    """An administrator agrees with a dispute; with `corrected`, the line is recorded anew at that level."""
    now = _latest(line)
    _only_administrators(actor, now)
    _expect_open(now)
    _mark(actor, now, Mark.Kind.STRUCK, action="dispute.agreed")
    if corrected is not None:
        _record_anew(actor, now, level=corrected, on_date=now.evidenced_on)


@transaction.atomic
def correct(*, actor: Actor, line: Evidence, level: int, on_date: date) -> None:
    """The learner puts another level, shown on `on_date`, in the place of a line of their own.

    Raises ConflictError for a certificate: its level is what others wrote there.
    """
    if not is_correctable(line):
        raise ConflictError(
            _("A certificate says what it says. Withdraw the line, or say your own level below.")
        )
    withdraw(actor=actor, line=line)
    _record_anew(actor, line, level=level, on_date=on_date)


def _record_anew(actor: Actor, line: Evidence, *, level: int, on_date: date) -> None:
    if level not in LEVELS:
        raise InvalidError(_("A level must be a whole number from 0 to 5."))
    observation = recording.Observation(
        skill=line.skill.slug,
        level=level,
        kind=line.kind,
        evidenced_on=on_date,
        words=line.words,
        course=line.course,
        used_until=line.used_until if line.used_until and line.used_until >= on_date else None,
        sd=line.sd,
    )
    recording.record_evidence(actor=actor, learner=line.learner, observations=[observation])


def _latest(line: Evidence) -> Evidence:
    """The line with its last mark, while nobody else can make one."""
    recording.lock(line.learner)
    return Evidence.objects.with_marks().select_related("skill", "learner").get(pk=line.pk)


def _mark(actor: Actor, line: Evidence, kind: str, *, action: str, words: str = "") -> None:
    Mark.objects.create(evidence=line, kind=kind, made_by=actor.label, words=words[: recording.MAX_WORDS])
    recording.restate(line.learner, skills=[line.skill_id])
    outbox.record(
        actor=actor,
        action=action,
        subject=line.learner,
        organisation_id=line.learner.organisation_id,
        details={"skill": line.skill.slug, "evidence": line.pk},
    )


def _expect(line: Evidence, *, counting: bool, otherwise: Promise | str) -> None:
    if (line.last_mark not in Mark.SILENCING) is not counting:
        raise ConflictError(otherwise)


def _expect_open(line: Evidence) -> None:
    if line.last_mark != Mark.Kind.DISPUTED:
        raise ConflictError(_("This line is not disputed."))


def _is_employer(actor: Actor, line: Evidence, right: Right) -> bool:
    employer = line.learner.organisation_id
    return employer is not None and employer == actor.organisation_id and actor.may(right)


def _only_administrators(actor: Actor, line: Evidence) -> None:
    if line.learner.is_user(actor) or not _is_employer(actor, line, Right.MANAGE_ORGANISATION):
        raise ForbiddenError(_("Another administrator of the organisation must settle this."))


def _may_withdraw(actor: Actor, line: Evidence) -> None:
    """The person for their own lines, the employer for all others."""
    own = is_own(line, learner=line.learner)
    if own and line.learner.is_user(actor):
        return
    if not own and not line.learner.is_user(actor) and _is_employer(actor, line, Right.WRITE_PEOPLE):
        return
    raise ForbiddenError(_("Only who recorded this line can do this."))
