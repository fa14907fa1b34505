"""What knowing a level for sure would save is what planning says with it and without it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groundwork.frameworks.models import Role, Skill
from groundwork.learners import believing
from groundwork.learners.believing import Belief
from groundwork.plans import certainty, distances, planning, snapshot
from groundwork.plans.snapshot import Wishes
from tests import builders, cast

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)


def belief(careful: int, upper: int) -> Belief:
    return Belief(careful=careful, upper=upper, chance=0.3)


@pytest.fixture
def role(db: None) -> Role:  # rows need the database
    builders.make_course("first", hours=20, teaches={"kernel": 2})
    builders.make_course("second", hours=30, requires={"kernel": 2}, teaches={"kernel": 4})
    builders.make_course("maths", hours=12, teaches={"algebra": 3})
    made = builders.make_role("engineer", requires={"kernel": 4, "algebra": 3})
    return Role.objects.with_requirements().get(pk=made.pk)


def test_the_saving_is_the_difference_of_two_paths(role: Role):
    beliefs = {"kernel": belief(2, 4), "algebra": belief(2, 3), "gardening": belief(1, 5)}
    levels = {"kernel": 2, "algebra": 2}
    found = certainty.savings(levels=levels, beliefs=beliefs, roles=[role])
    assert [(one.skill, one.now, one.then, one.saved) for one in found] == [
        ("kernel", 42, 12, 30),
        ("algebra", 42, 30, 12),
    ]
    assert all(one.proven for one in found)


def test_of_several_roles_the_one_with_the_largest_saving_is_named(role: Role):
    small = builders.make_role("helper", requires={"kernel": 2})
    roles = [Role.objects.with_requirements().get(pk=small.pk), role]
    found = certainty.savings(levels={"kernel": 1}, beliefs={"kernel": belief(1, 4)}, roles=roles)
    assert [(one.role.slug, one.saved) for one in found] == [("engineer", 50)]


def test_a_level_that_changes_nothing_and_a_role_out_of_reach_save_nothing(role: Role):
    far = builders.make_role("far", requires={"untaught": 3})
    roles = [role, Role.objects.with_requirements().get(pk=far.pk)]
    assert certainty.savings(levels={"kernel": 2}, beliefs={"kernel": belief(2, 3)}, roles=roles) == ()


def test_no_time_means_no_answer_and_no_error(role: Role):
    beliefs = {"kernel": belief(2, 4)}
    assert certainty.savings(levels={}, beliefs=beliefs, roles=[role], seconds=0) == ()


def test_wishes_hold_for_both_paths(role: Role):
    builders.make_course("dear", hours=5, price=9000, requires={"kernel": 2}, teaches={"kernel": 4})
    beliefs = {"kernel": belief(2, 4)}
    wishes = Wishes(max_price=100)
    (one,) = certainty.savings(levels={"kernel": 2}, beliefs=beliefs, roles=[role], wishes=wishes)
    assert one.saved == 30


def test_the_queries_are_those_of_one_problem_however_many_skills(role: Role):
    for number in range(5):
        builders.make_course(f"more-{number}", hours=10, teaches={f"skill-{number}": 3})
    wide = builders.make_role("wide", requires={"kernel": 4, **{f"skill-{n}": 3 for n in range(5)}})
    roles = [Role.objects.with_requirements().get(pk=wide.pk)]
    beliefs = {f"skill-{n}": belief(2, 3) for n in range(5)}
    levels = dict.fromkeys(beliefs, 2)
    certainty.savings(levels=levels, beliefs=beliefs, roles=roles)
    with CaptureQueriesContext(
        connection,
    ) as few:
        certainty.savings(levels=levels, beliefs=dict(list(beliefs.items())[:1]), roles=roles)
    with CaptureQueriesContext(connection) as many:
        assert len(certainty.savings(levels=levels, beliefs=beliefs, roles=roles)) == 5
    assert len(few) == len(many) == 1


def test_on_the_real_catalogue_each_figure_is_what_planning_says(monkeypatch):
    # Time enough for a proof on any machine, however busy it is.
    monkeypatch.setattr(distances, "SECONDS_PER_ROLE", 60.0)
    call_command("seed", verbosity=0)
    levels = {"python": 3, "linux": 2, "cpp": 2, "linear-algebra": 2, "operating-systems": 1}
    held = {skill: (level, TODAY) for skill, level in levels.items()}
    beliefs = believing.said(held, on_date=TODAY)
    python = beliefs["python"]
    assert (python.careful, python.upper) == (3, 4)
    assert python.chance == pytest.approx(0.289, abs=0.001)
    role = Role.objects.with_requirements().get(slug="llm-inference-systems-engineer")
    found = certainty.savings(levels=levels, beliefs=beliefs, roles=[role], seconds=60)
    assert found
    for one in found:
        assert one.proven
        better = {**levels, one.skill: one.belief.upper}
        plans = [
            planning.compute(
                snapshot.take(levels=some, role=role), hours_per_week=8, starts_on=TODAY, seconds=60
            )
            for some in (levels, better)
        ]
        assert [plan.hours for plan in plans] == [one.now, one.then]


def test_beliefs_of_a_learner_follow_the_evidence(role: Role):
    ada = cast.gather().ada_learner
    builders.give_levels(ada, {"kernel": 3})
    today = timezone.localdate()
    assert believing.of_learner(ada, on_date=today)["kernel"].upper == 4
    Skill.objects.filter(slug="kernel").update(half_life=Skill.HalfLife.TOOL)
    later = believing.of_learner(ada, on_date=today + timedelta(days=1000))["kernel"]
    assert later.careful < 3, "what fades is read more carefully"
    assert later.upper > later.careful


def test_what_is_known_for_sure_is_not_offered():
    held = {"sure": (5, TODAY)}
    builders.make_skill("sure")
    assert believing.said(held, on_date=TODAY) == {}
