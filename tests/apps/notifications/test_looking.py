"""Dates that come near are told once, in each person's own morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from groundwork.credentials import issuing
from groundwork.frameworks.models import Skill
from groundwork.learners import lapsing, recording
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from groundwork.notifications import looking
from groundwork.notifications import people as readers
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import DeliverySettings, Notification
from groundwork.plans import assigning, enrolling
from groundwork.plans.models import Assignment, Plan
from tests import builders, cast
from tests.apps.notifications.telling import deliver, told
from tests.cast import Cast

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 6, 15)


@pytest.fixture
def people(db: None) -> Cast:
    gathered = cast.gather()
    deliver()
    Notification.objects.all().delete()
    return gathered


def morning(day: date, *, hour: int = 6) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=UTC)


def look_on(day: date) -> None:
    looking.look(now=morning(day))


def assign(people: Cast, *, on: date, due_on: date) -> Assignment:
    found = assigning.assign(
        actor=builders.administrator_of(people.ours),
        learner=people.ada_learner,
        role=builders.make_role("engineer"),
        due_on=due_on,
        on_date=on,
    )
    Assignment.objects.filter(pk=found.pk).update(created_at=morning(on))
    return found


def stages(people: Cast) -> list[tuple[str, str]]:
    kinds = (Kind.DUE_SOON, Kind.OVERDUE)
    rows = Notification.objects.filter(user=people.ada, kind__in=kinds).order_by("pk")
    return list(rows.values_list("kind", "period"))


def test_a_due_date_is_told_two_weeks_and_three_days_before_and_after_it(people: Cast):
    due = MONDAY + timedelta(days=60)
    assign(people, on=MONDAY, due_on=due)
    seen = []
    for left in range(20, -4, -1):
        look_on(due - timedelta(days=left))
        seen.append((left, len(stages(people))))
    assert [left for (left, count), (_, before) in zip(seen[1:], seen, strict=False) if count > before] == [
        14,
        3,
        -1,
    ]
    assert stages(people) == [(Kind.DUE_SOON, "14"), (Kind.DUE_SOON, "3"), (Kind.OVERDUE, "past")]


def test_a_look_that_was_missed_is_made_up_for(people: Cast):
    due = MONDAY + timedelta(days=60)
    assign(people, on=MONDAY, due_on=due)
    look_on(due - timedelta(days=9))
    assert stages(people) == [(Kind.DUE_SOON, "14")]


def test_a_role_that_is_assigned_shortly_before_its_date_is_not_told_twice_at_once(people: Cast):
    due = MONDAY + timedelta(days=10)
    assign(people, on=MONDAY, due_on=due)
    look_on(MONDAY + timedelta(days=1))
    assert stages(people) == []
    look_on(due - timedelta(days=3))
    assert stages(people) == [(Kind.DUE_SOON, "3")]


def test_a_finished_plan_and_a_withdrawn_assignment_are_let_be(people: Cast):
    assignment = assign(people, on=MONDAY, due_on=MONDAY + timedelta(days=60))
    builders.make_course(hours=10, teaches={"python": 2})
    plan = builders.make_plan(people.ada_learner, assignment.role)
    ada = people.actor(people.ada)
    for step in plan.steps.select_related("plan__learner", "course"):
        enrolling.complete(actor=ada, step=step, on_date=timezone.localdate())
    look_on(assignment.due_on - timedelta(days=3))
    assert stages(people) == []
    other = builders.make_assignment(people.ada_learner, builders.make_role("second"))
    assigning.withdraw(actor=builders.administrator_of(people.ours), assignment=other)
    look_on(other.due_on + timedelta(days=1))
    assert stages(people) == []


def test_a_date_that_passed_long_ago_is_no_news(people: Cast):
    due = MONDAY + timedelta(days=60)
    assign(people, on=MONDAY, due_on=due)
    look_on(due + timedelta(days=31))
    assert stages(people) == []


def lapse_of(people: Cast) -> lapsing.Lapse:
    builders.make_skill("python", half_life=Skill.HalfLife.TOOL)
    builders.give_levels(people.ada_learner, {"python": 4}, on_date=MONDAY)
    coming = lapsing.of_learner(people.ada_learner, on_date=MONDAY)
    return next(one for one in coming if not one.is_past)


def test_a_lapse_is_told_once_a_month_before(people: Cast):
    lapse = lapse_of(people)
    look_on(lapse.on - timedelta(days=31))
    assert not told(people.ada, Kind.LAPSING)
    for left in (30, 29, 10, 1):
        look_on(lapse.on - timedelta(days=left))
    [notification] = told(people.ada, Kind.LAPSING)
    assert notification.data == {
        "skill": "python",
        "on": lapse.on.isoformat(),
        "level": lapse.level,
        "to_level": lapse.to_level,
    }


def test_a_lapse_that_moves_by_some_days_is_the_same_one(people: Cast):
    lapse = lapse_of(people)
    look_on(lapse.on - timedelta(days=30))
    Notification.objects.filter(kind=Kind.LAPSING).update(period=(lapse.on - timedelta(days=2)).isoformat())
    look_on(lapse.on - timedelta(days=29))
    assert len(told(people.ada, Kind.LAPSING)) == 1


def test_the_next_lapse_of_a_skill_is_told_anew(people: Cast):
    first = lapse_of(people)
    look_on(first.on - timedelta(days=20))
    coming = lapsing.of_learner(people.ada_learner, on_date=first.on)
    second = next(one for one in coming if not one.is_past)
    look_on(second.on - timedelta(days=20))
    assert [one.data["level"] for one in told(people.ada, Kind.LAPSING)] == [first.level, second.level]


def test_a_credential_is_told_once_before_it_expires(people: Cast):
    builders.make_skill("python")
    recording.record_evidence(
        actor=people.actor(people.hana),
        learner=people.ada_learner,
        observations=[
            Observation(
                skill="python",
                level=3,
                kind=Evidence.Kind.CERTIFICATE,
                evidenced_on=timezone.localdate(),
            )
        ],
    )
    award = issuing.issue_for_skill(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        skill=Skill.objects.get(slug="python"),
        with_name=False,
        now=timezone.now(),
    )
    ends = award.valid_until.date()
    look_on(ends - timedelta(days=32))
    assert not told(people.ada, Kind.CREDENTIAL_EXPIRING)
    look_on(ends - timedelta(days=29))
    look_on(ends - timedelta(days=28))
    [notification] = told(people.ada, Kind.CREDENTIAL_EXPIRING)
    assert notification.data["skill"] == "python"
    assert notification.data["until"] == ends.isoformat()


@pytest.fixture
def plan(people: Cast) -> Plan:
    """Two courses of ten hours; made on the Thursday before."""
    builders.make_course("first", hours=10, teaches={"python": 1})
    builders.make_course("second", hours=10, requires={"python": 1}, teaches={"python": 3})
    role = builders.make_role("engineer", requires={"python": 3})
    made = builders.make_plan(people.ada_learner, role, starts_on=MONDAY - timedelta(days=11))
    Plan.objects.filter(pk=made.pk).update(created_at=morning(MONDAY - timedelta(days=11)))
    return made


def finish_first(people: Cast, plan: Plan, *, on: date) -> None:
    step = plan.steps.select_related("plan__learner", "course").get(course__slug="first")
    enrolling.complete(actor=people.actor(people.ada), step=step, on_date=on)


def week_of(people: Cast) -> list[dict[str, Any]]:
    return [one.data for one in told(people.ada, Kind.WEEK)]


def test_the_study_week_says_what_was_done_and_what_comes(people: Cast, plan: Plan):
    finish_first(people, plan, on=MONDAY - timedelta(days=3))
    look_on(MONDAY)
    look_on(MONDAY + timedelta(days=1))
    [said] = week_of(people)
    late = plan.steps.get(course__slug="second").ends_on < MONDAY
    assert said == {
        "monday": MONDAY.isoformat(),
        "done": 1,
        "hours": 10,
        "late": int(late),
        "next": "second",
    }


def test_a_monday_without_a_look_is_made_up_for_on_the_next_day(people: Cast, plan: Plan):
    look_on(MONDAY + timedelta(days=1))
    assert [one["monday"] for one in week_of(people)] == [MONDAY.isoformat()]


def test_who_has_no_plan_or_made_it_this_week_gets_no_summary(people: Cast, plan: Plan):
    Plan.objects.update(created_at=morning(MONDAY, hour=1))
    look_on(MONDAY)
    assert week_of(people) == []


def test_who_did_nothing_for_four_weeks_is_left_in_peace(people: Cast, plan: Plan):
    weeks = [MONDAY + timedelta(weeks=number) for number in range(6)]
    for monday in weeks:
        look_on(monday)
    assert [one["monday"] for one in week_of(people)] == [one.isoformat() for one in weeks[:3]]


def test_nobody_is_looked_at_twice_a_day_or_before_their_morning(people: Cast, monkeypatch):
    assert looking.look(now=morning(MONDAY, hour=looking.MORNING - 1)) == 0
    assert looking.look(now=morning(MONDAY, hour=looking.MORNING)) == 4
    assert looking.look(now=morning(MONDAY, hour=9)) == 0
    assert DeliverySettings.objects.get(user=people.ada).looked_on == MONDAY


def test_a_look_that_runs_out_of_time_is_taken_up_again(people: Cast):
    turns = iter([True, True, False])
    assert looking.look(now=morning(MONDAY), has_time=lambda: next(turns)) == 2
    assert looking.look(now=morning(MONDAY)) == 2


def test_one_persons_broken_data_do_not_keep_the_others_from_their_reminders(
    people: Cast, caplog: pytest.LogCaptureFixture
):
    due = MONDAY + timedelta(days=60)
    assign(people, on=MONDAY, due_on=due)
    builders.give_levels(people.otto_learner, {"python": 2})
    Skill.objects.update(half_life="broken")
    assert looking.look(now=morning(due - timedelta(days=3))) == 3
    assert stages(people) == [(Kind.DUE_SOON, "3")]
    assert "could not be looked through" in caplog.text
    Skill.objects.update(half_life=Skill.HalfLife.METHOD)
    assert looking.look(now=morning(due - timedelta(days=3), hour=9)) == 1


def test_a_person_is_looked_at_in_the_morning_of_their_own_zone(people: Cast):
    people.ada.time_zone = "Asia/Shanghai"
    people.ada.save()
    assert str(readers.zone_of(people.ada)) == "Asia/Shanghai"
    assert looking.look(now=datetime(2026, 6, 14, 22, 5, tzinfo=UTC)) == 4
    assert DeliverySettings.objects.get(user=people.ada).looked_on == MONDAY
    assert DeliverySettings.objects.get(user=people.ben).looked_on == MONDAY - timedelta(days=1)


def test_looking_costs_the_same_for_a_person_with_one_skill_and_with_six(
    people: Cast, plan: Plan, django_assert_num_queries
):
    builders.give_levels(people.ada_learner, {"python": 2}, on_date=MONDAY)
    look_on(MONDAY - timedelta(days=14))
    # Four people; for each a transaction, the day, due dates, levels, credentials, the week.
    with django_assert_num_queries(39):
        look_on(MONDAY - timedelta(days=7))
    for number in range(5):
        builders.give_levels(people.ada_learner, {f"skill-{number}": 2}, on_date=MONDAY)
    with django_assert_num_queries(39):
        look_on(MONDAY)
    assert len(week_of(people)) == 2
