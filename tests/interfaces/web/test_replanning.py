"""Offers to plan anew, earlier versions, and courses that are not for somebody: never silent, with undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.catalogue.models import Course
from groundwork.events.models import AuditEntry
from groundwork.plans.models import Plan
from groundwork.plans.refusals import CourseRefusal
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-hans"}
OFFER = "Reality and plan differ"


def planned(people: Cast, world: World, *, days_ago: int = 0) -> Plan:
    """20 hours of first steps and 30 of second ones, 8 a week."""
    began = timezone.localdate() - timedelta(days=days_ago)
    return builders.make_plan(people.ada_learner, world.role, starts_on=began)


def page_of(client: Client, plan: Plan, **more: object) -> str:
    answer = client.get(f"/me/plans/{plan.pk}/", **more)  # type: ignore[arg-type]  # headers
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, plan: Plan, action: str, **values: str) -> str:
    answer = client.post(f"/me/plans/{plan.pk}/{action}/", values, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def now() -> Plan:
    return Plan.objects.current().get()


def slugs(plan: Plan) -> list[str]:
    return [step.course.slug for step in plan.steps.select_related("course")]


def refuse(client: Client, plan: Plan, slug: str, reason: str = "price") -> str:
    step = plan.steps.get(course__slug=slug)
    return post(client, plan, f"steps/{step.pk}/refuse", reason=reason)


def test_a_plan_that_fits_is_left_alone(ada: Client, people: Cast, world: World):
    assert OFFER not in page_of(ada, planned(people, world))


def test_who_is_more_than_a_week_behind_is_offered_new_dates(ada: Client, people: Cast, world: World):
    assert OFFER not in page_of(ada, planned(people, world, days_ago=7))
    Plan.objects.all().delete()
    plan = planned(people, world, days_ago=20)
    page = page_of(ada, plan)
    assert "You are more than a week behind the timetable." in page
    assert "The courses stay the same; only the dates move." in page
    assert now() == plan, "nothing happens by itself"
    assert "The plan is made anew." in post(ada, plan, "renew")
    assert now() != plan
    assert now().starts_on == timezone.localdate()
    assert slugs(now()) == slugs(plan)
    assert OFFER not in page_of(ada, now())


def test_an_offer_that_is_dismissed_stays_away_until_reality_changes(ada: Client, people: Cast, world: World):
    plan = planned(people, world, days_ago=20)
    digest = ada.get(f"/me/plans/{plan.pk}/").context["offer"].digest
    assert "The plan stays as it is." in post(ada, plan, "keep", offer=digest)
    assert OFFER not in page_of(ada, plan)
    step = plan.steps.get(position=1)
    ada.post(f"/me/plans/{plan.pk}/steps/{step.pk}/stop/", {"how": "failed"})
    assert "A course was given up or not passed." in page_of(ada, plan)
    assert AuditEntry.objects.filter(action="plan.offer-dismissed").count() == 1


def test_a_withdrawn_course_is_told_with_what_comes_instead(ada: Client, people: Cast, world: World):
    plan = planned(people, world)
    builders.make_course("other-steps", hours=35, requires={"kernel-tuning": 2}, teaches={"kernel-tuning": 4})
    course = Course.objects.get(slug="second-steps")
    course.withdrawn_on = timezone.localdate()
    course.save()
    page = page_of(ada, plan)
    assert "A course of the plan is no longer on offer." in page
    assert "Courses that come in:</strong> Other steps" in page
    assert "Courses that go out:</strong> Second steps" in page
    assert "+5 <small>hours" in page


def test_a_better_course_is_offered_and_another_one_is_not(ada: Client, people: Cast, world: World):
    plan = planned(people, world)
    builders.make_course("longer", hours=40, requires={"kernel-tuning": 2}, teaches={"kernel-tuning": 4})
    assert OFFER not in page_of(ada, plan)
    builders.make_course("shorter", hours=25, requires={"kernel-tuning": 2}, teaches={"kernel-tuning": 4})
    page = page_of(ada, plan)
    assert "The catalogue has changed since this plan was made." in page
    assert "Courses that come in:</strong> Shorter" in page
    assert "-5 <small>hours" in page


def test_changed_skills_and_hours_are_told(ada: Client, people: Cast, world: World):
    plan = planned(people, world)
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    page = page_of(ada, plan)
    assert "Your skills have changed since this plan was made." in page
    assert "-20 <small>hours" in page
    ada.post("/me/hours/", {"hours": "20"})
    page = page_of(ada, plan)
    assert "Your hours per week have changed." in page
    assert "-5 <small>weeks" in page, "seven weeks at 8 hours, two at 20"


def test_a_new_plan_keeps_the_wishes_and_the_last_day(ada: Client, people: Cast, world: World):
    last = timezone.localdate() + timedelta(days=600)
    ada.post(f"/roles/kernel-engineer/keep/?hours=8&max_price=100&deadline={last}")
    plan = now()
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    post(ada, plan, "renew")
    limits = now().problem["constraints"]
    assert limits["max_price"] == 100
    assert limits["max_hours"] == plan.problem["constraints"]["max_hours"]


def test_a_last_day_that_cannot_be_kept_is_said(ada: Client, people: Cast, world: World):
    last = timezone.localdate() + timedelta(days=44)
    ada.post(f"/roles/kernel-engineer/keep/?hours=8&max_price=100&deadline={last}")
    plan = now()
    earlier: date = plan.starts_on - timedelta(days=20)
    Plan.objects.filter(pk=plan.pk).update(starts_on=earlier, finish_by=last - timedelta(days=20))
    page = page_of(ada, plan)
    assert "The last day you wished can no longer be kept" in page
    post(ada, plan, "renew", deadline="drop")
    assert "max_hours" not in now().problem["constraints"]


def test_a_former_version_is_brought_back_with_what_was_finished(ada: Client, people: Cast, world: World):
    plan = planned(people, world, days_ago=20)
    post(ada, plan, "renew")
    later = now()
    step = later.steps.get(position=1)
    ada.post(f"/me/plans/{later.pk}/steps/{step.pk}/complete/")
    assert "Earlier versions" in page_of(ada, later)
    page = post(ada, plan, "bring-back")
    assert "This version is your current plan again." in page
    assert now() == plan
    assert plan.steps.get(position=1).completed_on == timezone.localdate()
    assert "This is your current plan already." in post(ada, plan, "bring-back")
    assert "A later plan has taken the place of this one." in post(ada, later, "renew")


@pytest.mark.parametrize("reason", ["language", "price", "experience", "other"])
def test_a_course_that_is_not_for_somebody_goes_and_comes_back(
    ada: Client, people: Cast, world: World, reason: str
):
    plan = planned(people, world)
    page = refuse(ada, plan, "second-steps", reason)
    assert "Planned anew." in page
    assert slugs(now()) == ["dear-steps"]
    post(ada, now(), "renew")
    assert slugs(now()) == ["dear-steps"], "it stays away"
    refusal = CourseRefusal.objects.get()
    assert refusal.get_reason_display() in page
    post(ada, now(), f"refusals/{refusal.pk}/take-back")
    assert slugs(now()) == ["first-steps", "second-steps"]
    assert not CourseRefusal.objects.exists()


def test_who_knows_a_course_declares_what_it_teaches(ada: Client, people: Cast, world: World):
    plan = planned(people, world)
    refuse(ada, plan, "first-steps", "known")
    assert people.ada_learner.levels() == {"kernel-tuning": 2}
    assert slugs(now()) == ["second-steps"]
    post(ada, now(), f"refusals/{CourseRefusal.objects.get().pk}/take-back")
    assert people.ada_learner.levels() == {}
    assert slugs(now()) == ["first-steps", "second-steps"]


def test_where_no_path_would_be_left_nothing_changes(ada: Client, people: Cast, world: World):
    Course.objects.filter(slug="dear-steps").delete()
    plan = planned(people, world)
    assert "Without this course no path is left" in refuse(ada, plan, "first-steps")
    assert now() == plan
    assert not CourseRefusal.objects.exists()
    assert "Choose a reason." in refuse(ada, plan, "first-steps", "whim")


def test_nobody_else_changes_a_plan(ada: Client, hana: Client, otto: Client, people: Cast, world: World):
    plan = planned(people, world, days_ago=20)
    refuse(ada, plan, "first-steps")
    current, refusal = now(), CourseRefusal.objects.get()
    step = current.steps.first()
    assert step is not None
    actions = [
        "renew",
        "keep",
        "bring-back",
        f"steps/{step.pk}/refuse",
        f"refusals/{refusal.pk}/take-back",
    ]
    for client in (hana, otto):
        for action in actions:
            assert client.post(f"/me/plans/{current.pk}/{action}/").status_code == 404
    assert "too expensive" not in hana.get(f"/me/plans/{current.pk}/").content.decode()
    assert now() == current


def test_the_offer_speaks_chinese(ada: Client, people: Cast, world: World):
    page = page_of(ada, planned(people, world, days_ago=20), headers=CHINESE)
    assert "计划与实际有出入" in page
    assert "不适合我" in page
    assert "behind" not in page


def test_an_offer_costs_the_same_for_two_steps_and_for_six(
    ada: Client, people: Cast, world: World, django_assert_num_queries
):
    for number in range(1, 6):
        builders.make_course(
            f"rung-{number}", requires={"rung": number - 1} if number > 1 else {}, teaches={"rung": number}
        )
    began = timezone.localdate() - timedelta(days=60)
    for height in (2, 5):
        role = builders.make_role(f"climber-{height}", requires={"rung": height})
        plan = builders.make_plan(people.ada_learner, role, starts_on=began)
        page_of(ada, plan)
        with django_assert_num_queries(29):
            assert OFFER in page_of(ada, plan)
