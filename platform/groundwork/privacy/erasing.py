"""A person is erased in steps, each done once and whole; a run that was killed goes on at the next one.

What hangs on the account by foreign keys is found by `holdings`, everything else by `sweeping` and `queues`.
The account goes last, for without it nothing could be searched for; what then stands in the trail and beside
what others did is a pseudonym.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Membership, Organisation, User
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, ForbiddenError
from groundwork.credentials import issuing
from groundwork.events import outbox
from groundwork.learners.models import Learner
from groundwork.privacy import exporting, holdings, queues, sweeping
from groundwork.privacy.holdings import Held
from groundwork.privacy.models import Erasure
from groundwork.privacy.subjects import Subject

ACTOR = Actor(system="erasure")
LAST = "account"
_NEEDED = (*holdings.DESCRIBING, "accounts.Membership", "account.EmailAddress")
"""Tables by which a later step knows the person; they go with the account."""

Step = Callable[[Subject], object]
State = Erasure.State


class SoleAdministratorError(ConflictError):
    """Others would be left without anybody who can act for the organisation."""

    code = "sole-administrator"


# --- asking, and taking it back ---


@transaction.atomic
def request(*, user: User, actor: Actor, now: datetime, at_once: bool) -> Erasure:
    """Erase `user` after the days of grace, or `at_once`; the request that stands, where there is one.

    Raises ForbiddenError for anybody but the person and the system (which acts for the operator), and
    SoleAdministratorError.
    """
    if actor.user_id != user.pk and not actor.system:
        raise ForbiddenError(_("Only the person can ask for this."))
    User.objects.select_for_update().get(pk=user.pk)
    check_possible(user)
    standing = Erasure.objects.open().filter(user_id=user.pk).first()
    grace = timedelta(days=0 if at_once else settings.ERASURE_GRACE_DAYS)
    found = standing or Erasure(user_id=user.pk, requested_at=now)
    found.due_at = min(now + grace, found.due_at) if standing else now + grace
    found.save()
    if found.due_at <= now:
        _close(user)
    outbox.record(
        actor=actor, action="erasure.requested", subject=found, details={"due": found.due_at.isoformat()}
    )
    return found


@transaction.atomic
def keep(*, user: User, actor: Actor) -> None:
    """Take the request back. Raises ConflictError once it runs, or where there is none."""
    if actor.user_id != user.pk:
        raise ForbiddenError(_("Only the person can ask for this."))
    waiting = Erasure.objects.select_for_update().filter(
        user_id=user.pk, state__in=[State.WAITING, State.BLOCKED]
    )
    found = waiting.first()
    if found is None:
        raise ConflictError(_("There is nothing to take back."))
    found.state, found.user_id, found.finished_at = State.KEPT, None, timezone.now()
    found.save()
    outbox.record(actor=actor, action="erasure.taken-back", subject=found)


def check_possible(user: User) -> None:
    """Raises SoleAdministratorError where others need the person as administrator."""
    membership = Membership.objects.select_related("organisation").filter(user=user).first()
    if membership is None or membership.kind != Membership.Kind.ADMINISTRATOR:
        return
    others = membership.organisation.memberships.exclude(pk=membership.pk)
    if others.filter(kind=Membership.Kind.ADMINISTRATOR).exists() or is_alone(membership):
        return
    raise SoleAdministratorError(
        _(
            "You are the only administrator of %(organisation)s, and other people are in it. "
            "Invite another administrator first, or remove the people."
        )
        % {"organisation": membership.organisation.name}
    )


def is_alone(membership: Membership) -> bool:
    """Whether nobody else is in the organisation: then it goes with its only person."""
    organisation = membership.organisation
    others = Learner.objects.filter(organisation=organisation).exclude(user_id=membership.user_id)
    return not others.exists() and organisation.memberships.count() == 1


# --- running ---


def run(erasure_id: UUID, *, has_time: Callable[[], bool] = lambda: True) -> bool:
    """Do what is left while there is time; True when nothing is. Safe beside another run of the same."""
    while has_time():
        if not _one_step(erasure_id):
            return True
    return False


def steps() -> Iterator[tuple[str, Step]]:
    """All steps by name, in their order."""
    yield "access", lambda one: _close(one.user)
    yield "credentials", _erase_credentials
    yield "trail", sweeping.sweep
    yield "sessions", _end_sessions
    yield "cache", queues.clear_cache
    yield "queue", queues.clear_queue
    # What hangs on other tables of the person goes before these.
    for held in reversed([*holdings.found().values()]):
        if held.label not in _NEEDED:
            yield held.label, partial(_erase_rows, held)
    yield LAST, _erase_account


def number_of_steps() -> int:
    """How many there are."""
    return sum(1 for _step in steps())


@transaction.atomic
def _one_step(erasure_id: UUID) -> bool:
    """Do the next step and remember it, both or neither; False when there is none."""
    erasure = Erasure.objects.select_for_update().filter(pk=erasure_id, state__in=Erasure.OPEN).first()
    if erasure is None or not _may_begin(erasure):
        return False
    subject = Subject(user=User.objects.get(pk=erasure.of_person()), pseudonym=erasure.pseudonym)
    for name, step in steps():
        if name not in erasure.steps:
            step(subject)
            erasure.steps = [*erasure.steps, name]
            break
    if LAST in erasure.steps:
        erasure.state, erasure.user_id, erasure.finished_at = State.DONE, None, timezone.now()
        outbox.record(actor=ACTOR, action="erasure.done", subject=erasure)
    erasure.save()
    return erasure.state != State.DONE


def _may_begin(erasure: Erasure) -> bool:
    if erasure.state == State.RUNNING:
        return True
    user = User.objects.filter(pk=erasure.of_person()).first()
    if user is None:
        # An operator deleted the account by hand; nothing is left to search by.
        Erasure.objects.filter(pk=erasure.pk).update(
            state=State.DONE, user_id=None, finished_at=timezone.now()
        )
        return False
    try:
        check_possible(user)
    except SoleAdministratorError:
        Erasure.objects.filter(pk=erasure.pk).update(state=State.BLOCKED)
        return False
    erasure.state, erasure.started_at = State.RUNNING, timezone.now()
    return True


def _close(user: User) -> None:
    """Nobody signs in any more, and every link to what is theirs is dead."""
    User.objects.filter(pk=user.pk).update(is_active=False)


def _erase_credentials(subject: Subject) -> None:
    for learner in subject.learners:
        issuing.erase(learner, now=timezone.now())


def _end_sessions(subject: Subject) -> None:
    for session in exporting.sessions_of(subject.user):
        session.delete()


def _erase_rows(held: Held, subject: Subject) -> None:
    rows = held.of(subject.user)
    _delete_files(held, rows)
    rows.delete()


def _delete_files(held: Held, rows: models.QuerySet[models.Model]) -> None:
    """Before the rows: a run that is killed in between finds them again."""
    names = [one.name for one in held.model._meta.concrete_fields if isinstance(one, models.FileField)]
    for row in rows if names else ():
        for file in filter(None, (getattr(row, name) for name in names)):
            file.storage.delete(file.name)


def _erase_account(subject: Subject) -> None:
    """The rest at once, with whatever was written about the person since the first step."""
    membership = Membership.objects.filter(user=subject.user).first()
    alone = membership.organisation_id if membership and is_alone(membership) else None
    _erase_credentials(subject)
    for learner in subject.learners:
        learner.delete()
    sweeping.sweep(subject)
    subject.user.delete()
    if alone:
        Organisation.objects.filter(pk=alone).delete()
