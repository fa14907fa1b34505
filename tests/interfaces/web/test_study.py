"""The next step, the study week, logged hours and days off."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.plans import timetables
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import Plan
from groundwork.plans.sessions import StudySession, TimeOff
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-hans"}
TODAY = "%Y-%m-%d"


@pytest.fixture
def plan(people: Cast, world: World) -> Plan:
    """20 hours of first steps and 30 of second ones at 14 a week, 2 a day, begun ten days ago."""
    people.ada_learner.hours_per_week = 14
    people.ada_learner.save()
    began = timezone.localdate() - timedelta(days=10)
    return builders.make_plan(people.ada_learner, world.role, starts_on=began)


def text(client: Client, address: str = "/me/week/", **more: object) -> str:
    answer = client.get(address, **more)  # type: ignore[arg-type]  # headers
    assert answer.status_code == 200
    return answer.content.decode()


def log(client: Client, *, hours: str = "1.5", days_ago: int = 0, note: str = "", slug: str = "first-steps"):
    day = timezone.localdate() - timedelta(days=days_ago)
    values = {"on": day.isoformat(), "hours": hours, "note": note}
    return client.post(f"/me/week/log/{slug}/", values, follow=True)


def start(client: Client, plan: Plan, position: int = 1, **more: str):
    step = plan.steps.get(position=position)
    return client.post(f"/me/plans/{plan.pk}/steps/{step.pk}/start/", more, follow=True)


def test_the_next_step_is_told_with_one_button(ada: Client, plan: Plan):
    page = text(ada, "/me/")
    assert "Next: First steps" in page
    assert "about 20 hours left" in page
    assert "opens Second steps" in page
    assert page.count("Start this course") == 1
    answer = start(ada, plan, next="/me/week/")
    assert answer.redirect_chain[0][0] == "/me/week/"
    log(ada, hours="5")
    page = text(ada, "/me/")
    assert "about 15 hours left" in page
    assert "Start this course" not in page
    assert '/me/week/#course-first-steps">Log hours' in page
    step = plan.steps.get(position=1)
    ada.post(f"/me/plans/{plan.pk}/steps/{step.pk}/complete/")
    assert "Next: Second steps" in text(ada, "/me/")


def test_without_a_plan_the_week_says_what_to_do(ada: Client):
    assert "No plan yet." in text(ada)
    assert "Next:" not in text(ada, "/me/")


def test_a_week_holds_what_the_timetable_says(ada: Client, plan: Plan):
    monday = timetables.monday_of(plan.starts_on) + timedelta(days=7)
    page = text(ada, f"/me/week/?week={monday:%G-W%V}")
    assert ">14 <small>hours</small>" in page, "seven days at two hours"
    assert "First steps" in page
    after = monday + timedelta(days=7 * 40)
    assert "0 hours planned" in text(ada, f"/me/week/?week={after:%G-W%V}")


@pytest.mark.parametrize("week", ["2026-W54", "2026", "1999-W01", "2026-W00", "x"])
def test_a_week_that_is_none_is_not_there(ada: Client, week: str):
    assert ada.get(f"/me/week/?week={week}").status_code == 404


def test_hours_are_logged_and_taken_back(ada: Client, plan: Plan):
    page = log(ada, hours="2.25", note="chapter <3>").content.decode()
    assert "2.25 logged" in page
    assert "chapter &lt;3&gt;" in page
    session = StudySession.objects.get()
    assert session.minutes == 135
    page = ada.post(f"/me/week/sessions/{session.pk}/take-back/", follow=True).content.decode()
    assert "0 logged" in page
    assert not StudySession.objects.exists()


@pytest.mark.parametrize(
    ("hours", "days_ago", "words"),
    [
        ("many", 0, "Give hours in quarters"),
        ("0.3", 0, "Give hours in quarters"),
        ("25", 0, "Give hours in quarters"),
        ("1", -1, "today and for days before"),
    ],
)
def test_impossible_hours_are_refused_beside_the_field(
    ada: Client, plan: Plan, hours: str, days_ago: int, words: str
):
    answer = log(ada, hours=hours, days_ago=days_ago)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not StudySession.objects.exists()


def test_behind_on_time_and_ahead_are_said_plainly(ada: Client, plan: Plan):
    assert "20 hours behind the timetable" in text(ada)
    assert "20 hours were due by yesterday, 0 are done." in text(ada)
    for day in range(9):
        log(ada, hours="2", days_ago=day)
    assert "On time" in text(ada)
    step = plan.steps.get(position=1)
    ada.post(f"/me/plans/{plan.pk}/steps/{step.pk}/complete/")
    log(ada, hours="6", slug="second-steps")
    assert "6 hours ahead of the timetable" in text(ada)


def test_days_off_move_what_follows(ada: Client, plan: Plan):
    days = {"first": plan.starts_on.isoformat(), "last": (plan.starts_on + timedelta(days=3)).isoformat()}
    assert ada.post("/me/week/off/", days).status_code == 302
    assert "12 hours were due by yesterday" in text(ada)
    assert "Off from" in text(ada, f"/me/week/?week={plan.starts_on:%G-W%V}")
    again = ada.post("/me/week/off/", days)
    assert again.status_code == 422
    assert "These days are off already." in again.content.decode()
    assert ada.post("/me/week/off/", {"first": "x"}).status_code == 422
    ada.post(f"/me/week/off/{TimeOff.objects.get().pk}/take-back/")
    assert "20 hours were due by yesterday" in text(ada)


def test_starting_giving_up_and_taking_up_again_each_with_undo(ada: Client, plan: Plan):
    step = plan.steps.get(position=1)
    steps = f"/me/plans/{plan.pk}/steps/{step.pk}"
    assert "going on since" in start(ada, plan).content.decode()
    ada.post(f"{steps}/stop/", {"how": "withdrawn"})
    page = ada.post(f"{steps}/undo/", follow=True).content.decode()
    assert "going on since" in page
    ada.post(f"{steps}/undo/")
    assert not Enrolment.objects.exists()
    page = ada.post(f"{steps}/undo/", follow=True).content.decode()
    assert "There is nothing to take back." in page


def test_nobody_else_starts_or_takes_back(otto: Client, hana: Client, ada: Client, plan: Plan):
    log(ada)
    session, step = StudySession.objects.get(), plan.steps.get(position=1)
    for client in (otto, hana):
        assert client.post(f"/me/week/sessions/{session.pk}/take-back/").status_code == 404
        client.post(f"/me/plans/{plan.pk}/steps/{step.pk}/undo/")
    assert StudySession.objects.exists()
    assert Enrolment.objects.get().state == "started"


def test_the_week_speaks_chinese(ada: Client, plan: Plan):
    log(ada)
    page = text(ada, headers=CHINESE)
    for words in ("学习周", "记录学时", "休息日"):
        assert words in page
    assert "Log hours" not in page
    assert "下一步" in text(ada, "/me/", headers=CHINESE)


def test_my_pages_cost_the_same_for_one_plan_and_for_three(
    ada: Client, people: Cast, plan: Plan, django_assert_num_queries: Callable[[int], AbstractContextManager]
):
    def check() -> None:
        for address, queries in (("/me/", 19), ("/me/week/", 18)):
            with django_assert_num_queries(queries):
                assert ada.get(address).status_code == 200

    log(ada)
    ada.get("/me/")
    check()
    for number in (1, 2):
        builders.make_course(f"more-{number}", hours=40, teaches={f"more-{number}": 2})
        builders.make_plan(
            people.ada_learner, builders.make_role(f"more-{number}", requires={f"more-{number}": 2})
        )
        log(ada, slug=f"more-{number}")
    check()
