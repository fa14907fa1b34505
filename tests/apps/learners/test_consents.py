"""Each use of a person's data is switched by them alone; off, nothing of it is used."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from groundwork.core.errors import ForbiddenError
from groundwork.events.models import AuditEntry
from groundwork.learners import consents
from groundwork.learners.consents import Use
from groundwork.learners.models import Learner
from groundwork.plans import past, planning, snapshot
from groundwork.plans.estimating import EstimatedCatalogue
from tests import builders, cast
from tests.apps.plans import attempts

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def people() -> cast.Cast:
    return cast.gather()


def switch(people: cast.Cast, use: Use, given: bool) -> Learner:
    consents.choose(actor=people.actor(people.ada), learner=people.ada_learner, use=use, given=given, now=NOW)
    return Learner.objects.get(pk=people.ada_learner.pk)


def test_a_choice_is_dated_and_on_the_trail_and_the_same_again_is_none(people):
    learner = switch(people, Use.WORDS, False)
    switch(people, Use.WORDS, False)
    said = {one.use: (one.given, one.since) for one in consents.of(learner)}
    assert said == {
        Use.PERSONALISATION: (True, None),
        Use.ATTEMPTS: (True, None),
        Use.WORDS: (False, NOW),
    }
    [entry] = AuditEntry.objects.filter(action="consent.withdrawn")
    assert entry.details == {"use": "words"}
    assert consents.is_given(switch(people, Use.WORDS, True), Use.WORDS)
    assert AuditEntry.objects.filter(action="consent.given").count() == 1


def test_nobody_chooses_for_somebody_else(people):
    with pytest.raises(ForbiddenError):
        consents.choose(
            actor=people.actor(people.hana),
            learner=people.ada_learner,
            use=Use.WORDS,
            given=False,
            now=NOW,
        )


def test_without_personalisation_a_plan_is_the_one_of_somebody_unknown(people):
    builders.make_course("basics", hours=20, teaches={"python": 2})
    builders.make_course("advanced", hours=30, requires={"python": 2}, teaches={"ml": 3})
    role = builders.make_role("ml-engineer", requires={"ml": 3})
    builders.give_levels(people.ada_learner, {"python": 2})
    own = builders.make_plan(people.ada_learner, role)
    assert [step.course.slug for step in own.steps.select_related("course")] == ["advanced"]
    learner = switch(people, Use.PERSONALISATION, False)
    plain = builders.make_plan(learner, role)
    assert [step.course.slug for step in plain.steps.select_related("course")] == ["basics", "advanced"]
    nobodys = snapshot.problem_document(snapshot.take(levels={}, role=role))
    posed = planning.pose(
        learner, role=role, also=None, wishes=snapshot.Wishes(), on_date=timezone.localdate()
    )
    assert snapshot.problem_document(posed) == nobodys
    assert plain.problem["profile"] == nobodys["profile"]
    again = switch(people, Use.PERSONALISATION, True)
    assert [step.course.slug for step in builders.make_plan(again, role).steps.select_related("course")] == [
        "advanced"
    ]


def test_without_personalisation_the_own_pace_is_not_looked_at(people):
    courses = [builders.make_course(f"course-of-pace-{n}", hours=20) for n in range(6)]
    group = attempts.make_people(8)
    for course in courses:
        attempts.make_attempts(group, course, factor=1.5)
        attempts.make_attempts([people.ada_learner], course, factor=2.5)
    attempts.retrained(on_date=date(2026, 11, 1))
    common = snapshot.offered()
    assert isinstance(common, EstimatedCatalogue)
    assert snapshot.offered(people.ada_learner).digest != common.digest
    learner = switch(people, Use.PERSONALISATION, False)
    assert snapshot.offered(learner).digest == common.digest


def test_attempts_that_may_not_be_used_teach_nobody(people):
    course = builders.make_course("tried", hours=20)
    attempts.make_attempts([*attempts.make_people(2), people.ada_learner], course)
    assert len(past.everybody()) == 3
    learner = switch(people, Use.ATTEMPTS, False)
    assert people.ada_learner.pk not in {row.learner for row in past.everybody()}
    assert len(past.everybody()) == 2
    assert len(past.of_learner(learner)) == 1
    switch(people, Use.ATTEMPTS, True)
    assert len(past.everybody()) == 3
