"""Rings, the activity calendar, and refreshers for lapsing skills."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.learners.models import Proficiency
from groundwork.plans import studying
from groundwork.plans.models import Plan
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-hans"}


@pytest.fixture
def plan(people: Cast, world: World) -> Plan:
    return builders.make_plan(people.ada_learner, world.role)


def text(client: Client, address: str, **more: object) -> str:
    answer = client.get(address, **more)  # type: ignore[arg-type]  # headers
    assert answer.status_code == 200
    return answer.content.decode()


def study(people: Cast, plan: Plan, *, on: date, minutes: int) -> None:
    course = plan.steps.get(position=1).course
    studying.log(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        course=course,
        on=on,
        minutes=minutes,
        on_date=timezone.localdate(),
    )


def test_the_rings_say_what_is_done_mastered_and_lapsing(ada: Client, plan: Plan, people: Cast):
    page = text(ada, f"/me/plans/{plan.pk}/")
    for words in ("0 of 50 hours done", "0 of 1 skills<", "0 of 1 skills within a year"):
        assert words in page
    assert 'class="share"' not in page
    for step in plan.steps.all():
        ada.post(f"/me/plans/{plan.pk}/steps/{step.pk}/complete/")
    for address in (f"/me/plans/{plan.pk}/", "/me/"):
        page = text(ada, address)
        for words in ("50 of 50 hours done", "1 of 1 skills<", "1 of 1 skills within a year"):
            assert words in page
        assert page.count('stroke-dasharray="100 100"') == 3, "a tool fades within a year"


def test_an_administrator_sees_progress_without_rings(hana: Client, plan: Plan):
    page = text(hana, f"/me/plans/{plan.pk}/")
    assert "0 of 50 hours done" in page
    assert 'class="rings"' not in page


def test_the_calendar_has_every_day_and_tells_it_as_tables(ada: Client, plan: Plan, people: Cast):
    study(people, plan, on=date(2024, 2, 29), minutes=150)
    study(people, plan, on=date(2024, 3, 1), minutes=30)
    page = text(ada, "/me/activity/?year=2024")
    assert page.count("<rect") == 366
    assert "2024-02-29: 2.5 hours" in page
    assert 'class="shade-3"' in page
    assert ">3 <small>hours</small>" in page
    assert '<a href="/me/week/?week=2024-W09">2024-02-29</a>' in page
    assert "No hours are logged in this year." in text(ada, "/me/activity/?year=2023")


@pytest.mark.parametrize("year", ["x", "1999", "2101", "20240", "-1", "２０２４"])
def test_a_year_that_is_none_is_not_there(ada: Client, year: str):
    assert ada.get("/me/activity/", {"year": year}).status_code == 404


def test_a_lapsed_skill_is_refreshed_by_the_plan_that_needs_it(ada: Client, people: Cast, world: World):
    # Nothing is left to do, but the skill fades within a year.
    builders.give_levels(people.ada_learner, {"kernel-tuning": 4})
    plan = builders.make_plan(people.ada_learner, world.role)
    page = text(ada, "/me/refresh/")
    assert "needed for Kernel engineer" in page
    assert "Dear steps" in page, "20 hours teach it to level 4, 30 hours too"
    answer = ada.post(f"/me/plans/{plan.pk}/take/dear-steps/", follow=True)
    assert "The plan now has Dear steps." in answer.content.decode()
    now = Plan.objects.current().get()
    assert [step.course.slug for step in now.steps.all()] == ["dear-steps"]
    assert "Your plan refreshes it already." in text(ada, "/me/refresh/")


def test_a_refresher_keeps_the_wishes_of_the_plan(ada: Client, people: Cast, world: World):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 4})
    ada.post("/roles/kernel-engineer/keep/?hours=5&max_price=100&without=first-steps&deadline=2099-01-01")
    plan = Plan.objects.current().get()
    ada.post(f"/me/plans/{plan.pk}/take/second-steps/")
    limits = Plan.objects.current().get().problem["constraints"]
    assert limits["max_price"] == 100
    assert limits["exclude"] == ["first-steps"]
    assert limits["include"] == ["second-steps"]
    assert limits["max_hours"] == plan.problem["constraints"]["max_hours"]


def test_only_the_learner_puts_a_course_into_a_plan(hana: Client, otto: Client, ada: Client, plan: Plan):
    for client in (hana, otto):
        assert client.post(f"/me/plans/{plan.pk}/take/dear-steps/").status_code == 404
    assert ada.post(f"/me/plans/{plan.pk}/take/no-such-course/").status_code == 404
    assert Plan.objects.count() == 1


def test_nothing_that_lapses_is_said_too(ada: Client, people: Cast):
    assert not Proficiency.objects.exists()
    assert "Nothing lapses within 12 months." in text(ada, "/me/refresh/")


def test_the_pages_speak_chinese(ada: Client, people: Cast, world: World):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 4})
    builders.make_plan(people.ada_learner, world.role)
    assert "巩固" in text(ada, "/me/refresh/", headers=CHINESE)
    assert "加入我的计划" in text(ada, "/me/refresh/", headers=CHINESE)
    assert "学习日历" in text(ada, "/me/activity/", headers=CHINESE)
    assert "已掌握" in text(ada, "/me/", headers=CHINESE)


def test_the_pages_cost_the_same_for_little_and_for_much(
    ada: Client,
    people: Cast,
    world: World,
    django_assert_num_queries: Callable[[int], AbstractContextManager],
):
    def check() -> None:
        for address, queries in (("/me/activity/", 12), ("/me/refresh/", 18)):
            with django_assert_num_queries(queries):
                assert ada.get(address).status_code == 200

    builders.give_levels(people.ada_learner, {"kernel-tuning": 4})
    plan = builders.make_plan(people.ada_learner, world.role)
    ada.post(f"/me/plans/{plan.pk}/take/dear-steps/")
    check()
    for number in range(5):
        builders.make_skill(f"tool-{number}", half_life="tool")
        builders.make_course(f"tool-{number}", teaches={f"tool-{number}": 3})
        builders.make_plan(
            people.ada_learner, builders.make_role(f"tool-{number}", requires={f"tool-{number}": 3})
        )
        study(
            people,
            Plan.objects.current().get(role__slug="kernel-engineer"),
            on=timezone.localdate() - timedelta(days=number),
            minutes=60,
        )
    builders.give_levels(people.ada_learner, {f"tool-{number}": 3 for number in range(5)})
    check()
