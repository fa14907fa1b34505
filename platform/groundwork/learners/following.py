"""Learners follow their people into an organisation and out of it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from groundwork.accounts.models import Membership, User
from groundwork.core.actors import SYSTEM, Actor
from groundwork.events import outbox
from groundwork.events.models import Event
from groundwork.learners import clocks
from groundwork.learners.models import Learner
from groundwork.learners.recording import MAX_NAME


def on_membership_changed(event: Event) -> None:
    """The employer of today sees the person's learning, a former one nothing any more.

    Looks at where the person belongs now: events may arrive late, twice, or out of order.
    """
    follow(user_id=UUID(event.payload["user"]), actor=SYSTEM)


def on_account_changed(event: Event) -> None:
    """Who calls themselves otherwise is called so as a learner, too; without a name, by the address."""
    if "name" not in event.payload["fields"]:
        return
    user = User.objects.filter(pk=event.payload["user"]).first()
    if user is not None:
        Learner.objects.filter(user=user).update(name=(user.name or user.email)[:MAX_NAME])


@transaction.atomic
def follow(*, user_id: UUID, actor: Actor) -> None:
    """Bring a person's learner to where the person belongs now.

    A person whom the employer had entered under the same address takes over that learner, unless they have
    one of their own that is in use already: then both stay.
    """
    user = User.objects.get(pk=user_id)
    employer = Membership.objects.filter(user=user).values_list("organisation_id", flat=True).first()
    own = Learner.objects.select_for_update().filter(user=user).first()
    entered = _entered(user, organisation_id=employer) if employer else None
    if entered and (own is None or _is_unused(own)):
        if own:
            own.delete()
        entered.user = user
        entered.save(update_fields=["user"])
        outbox.record(actor=actor, action="learner.taken-over", subject=entered, organisation_id=employer)
    elif own and own.organisation_id != employer:
        own.organisation_id = employer
        # Both were the former employer's words for the person.
        own.external_id = own.email = ""
        own.save(update_fields=["organisation", "external_id", "email"])
        clocks.restate([own.pk], clocks=clocks.of(employer))
        outbox.record(actor=actor, action="learner.moved", subject=own, organisation_id=employer)


def _entered(user: User, *, organisation_id: UUID) -> Learner | None:
    entered = Learner.objects.filter(organisation_id=organisation_id, user=None, email=user.email.lower())
    return entered.select_for_update().first()


def _is_unused(learner: Learner) -> bool:
    """Whether no evidence, plan or anything else hangs on a learner that was made in passing."""
    return not any(
        relation.related_model._base_manager.filter(**{relation.field.name: learner}).exists()
        for relation in learner._meta.related_objects
    )
