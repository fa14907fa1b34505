"""Employers assign roles to people; people and plans follow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Membership, Team, User
from groundwork.core.actors import SYSTEM, Actor, Right
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events import outbox
from groundwork.events.models import Event
from groundwork.frameworks.models import Role
from groundwork.learners import recording
from groundwork.learners.models import Learner
from groundwork.plans.models import Assignment


@transaction.atomic
def assign(
    *, actor: Actor, learner: Learner, role: Role, due_on: date, on_date: date, team: Team | None = None
) -> Assignment:
    """Ask `learner` to grow into `role` by `due_on`, which must lie after `on_date`.

    Raises ForbiddenError for people of other organisations, InvalidError for a day that has passed,
    ConflictError when the role is assigned already.
    """
    _may_assign(actor, learner)
    if due_on <= on_date:
        raise InvalidError(_("The due date must lie in the future."))
    try:
        with transaction.atomic():
            assignment = Assignment.objects.create(
                organisation_id=actor.employer_id,
                learner=learner,
                role=role,
                team=team,
                due_on=due_on,
                assigned_by=User.objects.filter(pk=actor.user_id).first() if actor.user_id else None,
            )
    except IntegrityError as error:
        raise ConflictError(
            _("%(role)s is assigned to %(person)s already.") % {"role": role.name, "person": learner.name}
        ) from error
    outbox.record(
        actor=actor,
        action="assignment.made",
        subject=assignment,
        details={"learner": str(learner.pk), "role": role.slug, "due_on": due_on.isoformat()},
    )
    return assignment


@transaction.atomic
def assign_to_team(*, actor: Actor, team: Team, role: Role, due_on: date, on_date: date) -> list[Assignment]:
    """Assign to everybody in the team who has not been assigned the role yet."""
    if team.organisation_id != actor.organisation_id:
        raise ForbiddenError(_("You may not assign roles to this team."))
    learners = learners_in(team.members.select_related("user", "organisation"), actor=actor)
    assigned = set(
        Assignment.objects.current().filter(learner__in=learners, role=role).values_list("learner", flat=True)
    )
    made = [
        assign(actor=actor, learner=learner, role=role, due_on=due_on, on_date=on_date, team=team)
        # In one order for everybody: two who assign at once must not wait for each other.
        for learner in sorted(learners, key=lambda learner: learner.pk)
        if learner.pk not in assigned
    ]
    if not made:
        raise ConflictError(_("Nobody in this team is left to assign the role to."))
    return made


def learners_in(memberships: Iterable[Membership], *, actor: Actor) -> list[Learner]:
    """The learner of each member, made where a member has not signed in since joining."""
    return [recording.learner_of(membership.user, actor=actor) for membership in memberships]


@transaction.atomic
def withdraw(*, actor: Actor, assignment: Assignment) -> None:
    """Take an assignment back, once; the person's own plan stays."""
    _may_assign(actor, assignment.learner)
    _withdraw(assignment, actor=actor)


def on_learner_moved(event: Event) -> None:
    """What a former employer asked for ends with the employment."""
    with transaction.atomic():
        learner = Learner.objects.get(pk=event.subject_id)
        for assignment in Assignment.objects.current().filter(learner=learner).select_for_update():
            if assignment.organisation_id != learner.organisation_id:
                _withdraw(assignment, actor=SYSTEM)


def _withdraw(assignment: Assignment, *, actor: Actor) -> None:
    assignment.withdrawn_at = timezone.now()
    current = Assignment.objects.current().filter(pk=assignment.pk)
    if current.update(withdrawn_at=assignment.withdrawn_at):
        outbox.record(
            actor=actor,
            action="assignment.withdrawn",
            subject=assignment,
            organisation_id=assignment.organisation_id,
        )


def _may_assign(actor: Actor, learner: Learner) -> None:
    if not actor.may(Right.WRITE_PLANS) or learner.organisation_id != actor.organisation_id:
        raise ForbiddenError(_("You may not assign roles to this person."))
