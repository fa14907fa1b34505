"""Two people click at once: one effect, and a clear word for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from groundwork.accounts import provisioning
from groundwork.accounts.models import Membership, User
from groundwork.core.errors import ConflictError, DomainError
from groundwork.learners import recording
from groundwork.learners.models import Evidence, Learner
from groundwork.plans import assigning, enrolling, planning
from groundwork.plans.models import Assignment, Plan, PlanStep
from tests import builders, cast

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 23)


@pytest.fixture
def people():
    return cast.gather()


@pytest.fixture
def role():
    builders.make_course("basics", teaches={"python": 2})
    return builders.make_role("engineer", requires={"python": 2})


def at_once(*calls: Callable[[], Any]) -> list[DomainError]:
    """Run `calls` at the same time, each on a connection of its own; the domain errors they ended in."""
    barrier = threading.Barrier(len(calls), timeout=20)

    def run(call: Callable[[], Any]) -> DomainError | None:
        try:
            barrier.wait()
            call()
        except DomainError as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return [error for error in pool.map(run, calls) if error]


def test_two_plans_made_at_once_leave_one_current(people, role, monkeypatch):
    compute, both = planning.compute, threading.Barrier(2, timeout=20)

    def compute_and_wait(*args, **kwargs):
        planned = compute(*args, **kwargs)
        both.wait()
        return planned

    monkeypatch.setattr(planning, "compute", compute_and_wait)
    assert not at_once(*[lambda: builders.make_plan(people.ada_learner, role)] * 2)
    assert Plan.objects.filter(learner=people.ada_learner).count() == 2
    assert Plan.objects.current().filter(learner=people.ada_learner).count() == 1


def test_two_clicks_on_finished_are_one_piece_of_evidence(people, role):
    plan = builders.make_plan(people.ada_learner, role)
    steps = [PlanStep.objects.select_related("plan__learner", "course").get(plan=plan) for _ in range(2)]
    ada = people.actor(people.ada)
    calls = [lambda step=step: enrolling.complete(actor=ada, step=step, on_date=TODAY) for step in steps]
    (error,) = at_once(*calls)
    assert isinstance(error, ConflictError)
    assert Evidence.objects.filter(learner=people.ada_learner).count() == 1


def test_two_assignments_at_once_are_one(people, role):
    def assign(user: User) -> None:
        assigning.assign(
            actor=people.actor(user),
            learner=people.ada_learner,
            role=role,
            due_on=TODAY + timedelta(days=9),
            on_date=TODAY,
        )

    (error,) = at_once(lambda: assign(people.hana), lambda: assign(people.ben))
    assert isinstance(error, ConflictError)
    assert Assignment.objects.count() == 1


def test_an_invitation_accepted_twice_at_once_is_one_membership(people):
    _invitation, secret = provisioning.invite(
        actor=people.actor(people.hana), email="new@example.com", kind=Membership.Kind.MEMBER
    )
    user = builders.make_user("new@example.com")

    def accept() -> None:
        fresh = User.objects.get(pk=user.pk)
        provisioning.accept(secret=secret, user=fresh, actor=people.actor(fresh), now=timezone.now())

    (error,) = at_once(accept, accept)
    assert error.status in (404, 409)
    assert Membership.objects.filter(user=user).count() == 1


def test_two_administrators_who_leave_at_once_do_not_leave_an_organisation_without_one(people):
    memberships = [people.hana.membership, people.ben.membership]
    calls = [
        lambda one=one: provisioning.leave(membership=one, actor=people.actor(one.user))
        for one in memberships
    ]
    (error,) = at_once(*calls)
    assert isinstance(error, ConflictError)
    assert Membership.objects.filter(organisation=people.ours, kind="administrator").count() == 1


def test_a_person_entered_twice_at_once_is_one_person(people):
    hana = people.actor(people.hana)
    (error,) = at_once(*[lambda: recording.enter_person(actor=hana, name="Eve", external_id="7")] * 2)
    assert isinstance(error, ConflictError)
    assert Learner.objects.filter(external_id="7").count() == 1


def test_two_first_requests_make_one_learner():
    user = builders.make_user()

    def first() -> None:
        recording.learner_of(User.objects.get(pk=user.pk), actor=builders.administrator_of(organisation))

    organisation = builders.make_organisation()
    assert not at_once(first, first, first)
    assert Learner.objects.filter(user=user).count() == 1
