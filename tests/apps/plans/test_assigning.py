"""Employers assign roles to their own people, with a date that lies ahead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from groundwork.accounts import provisioning
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events.models import AuditEntry
from groundwork.plans import assigning
from groundwork.plans.models import Assignment
from tests import builders, cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LATER = TODAY + timedelta(days=90)


@pytest.fixture
def people():
    return cast.gather()


@pytest.fixture
def role():
    return builders.make_role("engineer", requires={"ml": 3})


def test_an_assignment_is_seen_by_the_person_and_its_administrators_only(people, role):
    assignment = assigning.assign(
        actor=people.actor(people.hana), learner=people.ada_learner, role=role, due_on=LATER, on_date=TODAY
    )
    assert assignment.assigned_by == people.hana
    for user, count in ((people.ada, 1), (people.ben, 1), (people.otto, 0)):
        assert Assignment.objects.visible_to(people.actor(user)).count() == count


@pytest.mark.parametrize("due_on", [TODAY, TODAY - timedelta(days=1)])
def test_a_date_that_has_passed_is_refused(people, role, due_on):
    with pytest.raises(InvalidError):
        assigning.assign(
            actor=people.actor(people.hana),
            learner=people.ada_learner,
            role=role,
            due_on=due_on,
            on_date=TODAY,
        )


def test_people_of_others_cannot_be_assigned_to(people, role):
    for user in (people.otto, people.ada):
        with pytest.raises(ForbiddenError):
            assigning.assign(
                actor=people.actor(user),
                learner=people.ada_learner,
                role=role,
                due_on=LATER,
                on_date=TODAY,
            )
    assert not Assignment.objects.exists()


def test_a_role_is_assigned_once_until_it_is_withdrawn(people, role):
    hana = people.actor(people.hana)
    values = {"actor": hana, "learner": people.ada_learner, "role": role, "due_on": LATER, "on_date": TODAY}
    first = assigning.assign(**values)
    with pytest.raises(ConflictError):
        assigning.assign(**values)
    assigning.withdraw(actor=hana, assignment=first)
    assert assigning.assign(**values) != first


def test_a_team_gets_it_and_who_has_it_already_is_left_alone(people, role):
    hana = people.actor(people.hana)
    team = provisioning.form_team(
        actor=hana, name="Core", members=[people.ada.membership, people.ben.membership]
    )
    assigning.assign(actor=hana, learner=people.ada_learner, role=role, due_on=LATER, on_date=TODAY)
    (made,) = assigning.assign_to_team(actor=hana, team=team, role=role, due_on=LATER, on_date=TODAY)
    assert made.learner.user == people.ben
    assert made.team == team
    with pytest.raises(ConflictError):
        assigning.assign_to_team(actor=hana, team=team, role=role, due_on=LATER, on_date=TODAY)


def test_what_a_former_employer_asked_for_ends_and_is_seen_by_them_no_more(
    people, role, django_capture_on_commit_callbacks
):
    hana = people.actor(people.hana)
    assignment = assigning.assign(
        actor=hana, learner=people.ada_learner, role=role, due_on=LATER, on_date=TODAY
    )
    with django_capture_on_commit_callbacks(execute=True):
        provisioning.leave(membership=people.ada.membership, actor=hana)
    assert not Assignment.objects.visible_to(hana).exists()
    assert not Assignment.objects.current().filter(pk=assignment.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        provisioning.join(
            user=people.ada, organisation=people.theirs, kind="member", actor=people.actor(people.otto)
        )
    people.ada_learner.refresh_from_db()
    builders.make_assignment(people.ada_learner, role)


def test_withdrawing_twice_is_one_withdrawal(people, role):
    hana = people.actor(people.hana)
    assignment = builders.make_assignment(people.ada_learner, role)
    for _ in range(2):
        assigning.withdraw(actor=hana, assignment=assignment)
    assert AuditEntry.objects.filter(action="assignment.withdrawn").count() == 1


def test_a_team_of_others_cannot_be_assigned_to(people, role):
    team = provisioning.form_team(actor=people.actor(people.hana), name="Core", members=[])
    with pytest.raises(ForbiddenError):
        assigning.assign_to_team(
            actor=people.actor(people.otto), team=team, role=role, due_on=LATER, on_date=TODAY
        )


def test_an_assignment_is_late_once_its_date_has_passed_or_its_plan_ends_after_it(people, role):
    assignment = assigning.assign(
        actor=people.actor(people.hana), learner=people.ada_learner, role=role, due_on=LATER, on_date=TODAY
    )
    builders.make_course("long", hours=400, teaches={"ml": 3})
    assert not assignment.is_late(plan=None, on_date=LATER)
    assert assignment.is_late(plan=None, on_date=LATER + timedelta(days=1))
    plan = builders.make_plan(people.ada_learner, role, starts_on=TODAY)
    assert assignment.is_late(plan=plan, on_date=TODAY)
    plan.steps.update(completed_on=TODAY)
    plan.refresh_from_db()
    assert not assignment.is_late(plan=plan, on_date=LATER + timedelta(days=1))
