"""Dates of kept plans follow days off, public holidays and courses at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from groundwork.core.errors import ForbiddenError, InvalidError
from groundwork.events.models import AuditEntry
from groundwork.plans import (
    deadlines,
    enrolling,
    offering,
    planning,
    redating,
    renewing,
    snapshot,
    study_days,
    studying,
    weeks,
)
from groundwork.plans.models import Plan
from groundwork.plans.offering import Cause
from groundwork.plans.snapshot import Wishes
from groundwork.plans.study_days import Dates
from groundwork.plans.timetables import monday_of
from recommender import explain
from tests import builders, cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def people():
    people = cast.gather()
    people.ada_learner.hours_per_week = 14
    people.ada_learner.save()
    return people


@pytest.fixture
def ada(people):
    return people.actor(people.ada)


@pytest.fixture
def role():
    """Basics (20 h), then ml (30 h); law (20 h) needs neither. At two hours a day."""
    builders.make_course("basics", hours=20, teaches={"python": 2})
    builders.make_course("ml", hours=30, requires={"python": 2}, teaches={"ml": 3})
    builders.make_course("law", hours=20, teaches={"law": 2})
    return builders.make_role("engineer", requires={"ml": 3, "law": 2})


@pytest.fixture
def plan(people, role):
    return builders.make_plan(people.ada_learner, role, starts_on=MONDAY)


def days_of(plan):
    """Course -> its first and last day, counted from 0, in the order of the list."""
    rows = plan.steps.order_by("position").values_list("course__slug", "starts_on", "ends_on")
    return {slug: ((first - MONDAY).days, (last - MONDAY).days) for slug, first, last in rows}


def portions_of(plan):
    return {
        slug: sum(sevenths for _week, sevenths in portions) / 7
        for slug, portions in plan.steps.values_list("course__slug", "portions")
    }


def take_off(ada, people, first, last):
    return studying.take_off(
        actor=ada, learner=people.ada_learner, first=MONDAY + first * DAY, last=MONDAY + last * DAY
    )


def test_days_off_move_what_follows_and_back_again(people, ada, plan):
    before = days_of(plan)
    assert before == {"basics": (0, 9), "law": (10, 19), "ml": (20, 34)}
    days = take_off(ada, people, 12, 14)
    assert days_of(plan) == {"basics": (0, 9), "law": (10, 22), "ml": (23, 37)}
    plan.refresh_from_db()
    assert plan.ends_on == MONDAY + 37 * DAY
    assert plan.dated_at == plan.redated_at
    assert portions_of(plan) == {"basics": 20, "law": 20, "ml": 30}
    studying.work_after_all(actor=ada, days=days)
    assert days_of(plan) == before
    moves = AuditEntry.objects.filter(action="plan.redated").order_by("pk")
    assert [(one.details["from"], one.details["to"]) for one in moves] == [
        ("2026-12-27", "2026-12-30"),
        ("2026-12-30", "2026-12-27"),
    ]


def test_days_off_after_the_end_move_nothing(people, ada, plan):
    take_off(ada, people, 60, 70)
    plan.refresh_from_db()
    assert plan.redated_at is None
    assert not AuditEntry.objects.filter(action="plan.redated").exists()


def test_a_finished_step_keeps_its_dates(people, ada, plan):
    step = plan.steps.get(course__slug="basics")
    enrolling.complete(actor=ada, step=step, on_date=MONDAY + 5 * DAY)
    portions = step.portions
    take_off(ada, people, 2, 4)
    assert days_of(plan) == {"basics": (0, 9), "law": (13, 22), "ml": (23, 37)}
    step.refresh_from_db()
    assert step.portions == portions


def test_courses_at_once_run_beside_each_other_and_end_no_sooner(people, ada, plan):
    former = planning.make_plan(
        actor=ada, learner=people.ada_learner, role=plan.role, starts_on=MONDAY, wishes=Wishes()
    )
    redating.choose(actor=ada, learner=people.ada_learner, courses_at_once=2, country="")
    assert days_of(former) == {"basics": (0, 19), "law": (0, 19), "ml": (20, 34)}
    redating.choose(actor=ada, learner=people.ada_learner, courses_at_once=1, country="")
    assert days_of(former) == {"basics": (0, 9), "law": (10, 19), "ml": (20, 34)}


def test_steps_stand_in_the_order_in_which_they_begin_with_the_reasons_of_that_order(people, ada):
    builders.make_course("a-first", hours=10, teaches={"x": 1})
    builders.make_course("b-next", hours=10, requires={"x": 1}, teaches={"x": 2, "y": 1})
    builders.make_course("c-other", hours=40, teaches={"z": 4})
    role = builders.make_role("wide", requires={"x": 2, "y": 1, "z": 4})
    plan = builders.make_plan(people.ada_learner, role, starts_on=MONDAY)
    assert list(days_of(plan)) == ["a-first", "b-next", "c-other"]
    redating.choose(actor=ada, learner=people.ada_learner, courses_at_once=3, country="")
    assert list(days_of(plan)) == ["a-first", "c-other", "b-next"]
    fresh = snapshot.stored_problem(plan)
    reasons = explain.explain(fresh, list(days_of(plan)))
    stored = plan.steps.order_by("position").values_list("reasons", flat=True)
    assert [one["gains"] for one in stored] == [
        [{"skill": g.skill, "before": g.before, "after": g.after, "needed": g.needed} for g in one.gains]
        for one in reasons
    ]
    again = planning.compute(
        fresh, hours_per_week=14, starts_on=MONDAY, days=study_days.of(people.ada_learner)
    )
    assert [(one.course, one.starts_on, one.ends_on) for one in again.steps] == list(
        plan.steps.order_by("position").values_list("course__slug", "starts_on", "ends_on")
    )


def test_public_holidays_are_off_once_they_are_chosen(people, ada, plan):
    moved = redating.choose(actor=ada, learner=people.ada_learner, courses_at_once=1, country="DE")
    assert moved == [plan]
    plan.refresh_from_db()
    # Christmas, a Friday and a Saturday.
    assert plan.ends_on == MONDAY + 36 * DAY
    assert redating.choose(actor=ada, learner=people.ada_learner, courses_at_once=1, country="DE") == []


def test_only_the_learner_chooses_and_only_what_there_is(people, ada, plan):
    hana = people.actor(people.hana)
    for courses, country in ((2, "DE"), (1, "")):
        with pytest.raises(ForbiddenError):
            redating.choose(actor=hana, learner=people.ada_learner, courses_at_once=courses, country=country)
    for courses, country in ((0, ""), (4, ""), (1, "XX")):
        with pytest.raises(InvalidError):
            redating.choose(actor=ada, learner=people.ada_learner, courses_at_once=courses, country=country)
    people.ada_learner.refresh_from_db()
    assert (people.ada_learner.courses_at_once, people.ada_learner.public_holidays) == (1, "")


def test_a_plan_made_by_the_employer_keeps_the_days_off_too(people, ada, plan):
    take_off(ada, people, 12, 14)
    builders.make_course("more", hours=4, teaches={"git": 1})
    role = builders.make_role("other", requires={"ml": 3, "git": 1})
    made = planning.make_plan(
        actor=people.actor(people.hana), learner=people.ada_learner, role=role, starts_on=MONDAY + 12 * DAY
    )
    assert made.steps.get(position=1).starts_on == MONDAY + 15 * DAY


def test_a_plan_brought_back_knows_days_off_taken_meanwhile(people, ada, plan):
    builders.give_levels(people.ada_learner, {"law": 2}, on_date=MONDAY)
    later = planning.make_plan(actor=ada, learner=people.ada_learner, role=plan.role, starts_on=MONDAY)
    assert later != plan
    take_off(ada, people, 12, 14)
    assert plan.steps.get(course__slug="ml").ends_on == MONDAY + 34 * DAY
    renewing.bring_back(actor=ada, plan=plan)
    assert plan.steps.get(course__slug="ml").ends_on == MONDAY + 37 * DAY


def test_days_off_taken_while_a_plan_is_computed_count(people, ada, role, monkeypatch):
    compute = planning.compute

    def and_then_take_off(*args, **kwargs):
        planned = compute(*args, **kwargs)
        take_off(ada, people, 12, 14)
        return planned

    monkeypatch.setattr(planning, "compute", and_then_take_off)
    plan = builders.make_plan(people.ada_learner, role, starts_on=MONDAY)
    assert plan.ends_on == MONDAY + 37 * DAY


def test_the_week_holds_the_portions_and_the_pace_agrees(people, ada, plan):
    redating.choose(actor=ada, learner=people.ada_learner, courses_at_once=2, country="")
    take_off(ada, people, 7, 8)
    found = Plan.objects.with_steps().get(pk=plan.pk)
    held = {one.step.course.slug: one.minutes for one in weeks.parts(found, monday=MONDAY + 7 * DAY)}
    assert held == {"basics": 300, "law": 300}, "five days of two hours, shared"
    days = study_days.of(type(people.ada_learner).objects.get(pk=people.ada_learner.pk))
    pace = weeks.pace(found, logged={}, on_date=MONDAY + 14 * DAY, days=days)
    planned = sum(
        one.minutes for number in (0, 7) for one in weeks.parts(found, monday=MONDAY + number * DAY)
    )
    assert pace.due == planned == 60 * (14 + 10)


def test_weeks_of_a_plan_from_a_thursday_add_up(people, role):
    thursday = MONDAY + 3 * DAY
    plan = Plan.objects.with_steps().get(
        pk=builders.make_plan(people.ada_learner, role, starts_on=thursday).pk
    )
    mondays = [monday_of(thursday) + 7 * number * DAY for number in range(7)]
    minutes = [sum(one.minutes for one in weeks.parts(plan, monday=monday)) for monday in mondays]
    assert minutes == [480, 840, 840, 840, 840, 360, 0]


@pytest.fixture
def with_last_day(people, ada, role):
    """70 hours by the day they end on at 14 a week."""
    last = MONDAY + 34 * DAY
    wishes = Wishes(max_hours=70, finish_by=last)
    return planning.make_plan(
        actor=ada, learner=people.ada_learner, role=role, starts_on=MONDAY, wishes=wishes
    )


def test_the_last_day_wished_stays_the_same_day_whatever_is_taken_off(people, ada, with_last_day):
    take_off(ada, people, 0, 1)
    plan = Plan.objects.with_steps().get(pk=with_last_day.pk)
    assert plan.ends_late
    learner = plan.learner
    wishes = renewing.wishes_of(plan, on_date=MONDAY)
    assert wishes.finish_by == with_last_day.finish_by
    assert wishes.max_hours == 66
    pace = weeks.pace(plan, logged={}, on_date=MONDAY, days=study_days.of(learner))
    offer = offering.of(plan, pace=pace, left=(), has_moved_on=False, on_date=MONDAY)
    assert offer is not None
    assert Cause.LATE in offer.causes
    assert offer.drops_deadline
    renewed = renewing.renew(actor=ada, plan=plan, on_date=MONDAY, drops_deadline=True)
    assert renewed.finish_by is None
    assert not renewed.ends_late


def test_a_plan_from_before_last_days_were_stored_keeps_its_own(people, ada, with_last_day):
    Plan.objects.filter(pk=with_last_day.pk).update(finish_by=None)
    take_off(ada, people, 0, 1)
    plan = Plan.objects.with_steps().get(pk=with_last_day.pk)
    assert renewing.wishes_of(plan, on_date=MONDAY).finish_by == MONDAY + 34 * DAY


def test_a_plan_said_to_be_in_time_is_in_time_on_its_dates(people, ada, role):
    take_off(ada, people, 3, 9)
    days = study_days.of(people.ada_learner)
    dates: Dates = {"starts_on": MONDAY, "hours_per_week": 14, "days": days}
    for number in (41, 40):
        last = MONDAY + number * DAY
        wishes = Wishes(max_hours=deadlines.hours_until(last, **dates), finish_by=last)
        plan = planning.make_plan(
            actor=ada, learner=people.ada_learner, role=role, starts_on=MONDAY, wishes=wishes
        )
        assert (plan.status == Plan.Status.OPTIMAL) is (number == 41)
        assert not plan.ends_late


def test_a_plan_without_steps_has_no_dates_to_move(people, ada, role):
    builders.give_levels(people.ada_learner, {"ml": 3, "law": 2})
    plan = builders.make_plan(people.ada_learner, role, starts_on=timezone.localdate())
    assert not plan.steps.exists()
    take_off(ada, people, 0, 3)
    plan.refresh_from_db()
    assert (plan.ends_on, plan.redated_at) == (None, None)
