"""Courses side by side, days off and public holidays: in the form, on the pages, in files; the same dates."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from groundwork.events.models import AuditEntry
from groundwork.frameworks.models import Role
from groundwork.learners import public_holidays
from groundwork.learners.models import Learner
from groundwork.plans import studying
from groundwork.plans.models import Plan
from groundwork.plans.sessions import TimeOff
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db
PATH = "/roles/kernel-engineer/path/"
WIDE = "/roles/wide-engineer/path/"
DAY = timedelta(days=1)


@pytest.fixture
def wide(world: World) -> Role:
    """Beside the 50 hours of kernel tuning 20 of something that needs nothing; 16 weeks at five hours."""
    builders.make_course("aside", hours=20, teaches={"law": 1}, title_en="Law aside")
    return builders.make_role(
        "wide-engineer", requires={"kernel-tuning": 4, "law": 1}, name_en="Wide engineer"
    )


@pytest.fixture
def ada(ada: Client, people: Cast) -> Client:
    """Ada, who has said what she can do."""
    builders.give_levels(people.ada_learner, {"zig-tooling": 3})
    return ada


def text_of(page: Any) -> str:
    assert page.status_code == 200
    return unescape(page.content.decode())


def dates(page: Any) -> dict[str, tuple[date, date]]:
    return {step.course.slug: (step.starts_on, step.ends_on) for step in page.context["path"].steps}


def chips(page: Any) -> dict[str, str]:
    return {chip.text: chip.undo for chip in page.context["chips"]}


def take_off(people: Cast, first: date, last: date) -> None:
    studying.take_off(actor=people.actor(people.ada), learner=people.ada_learner, first=first, last=last)


def test_two_courses_at_once_lie_above_each_other_and_are_taken_back_by_a_link(confirmed: Client, wide: Role):
    one_by_one = confirmed.get(f"{WIDE}?hours=5&languages=en")
    together = confirmed.get(f"{WIDE}?hours=5&languages=en&courses=2")
    found = dates(together)
    assert found["aside"][0] == found["first-steps"][0]
    assert found["second-steps"][0] > found["first-steps"][1] - DAY
    last = one_by_one.context["path"].ends_on
    assert together.context["path"].ends_on == last
    assert together.context["path"].weeks == one_by_one.context["path"].weeks
    drawn = {one.title: (one.x, one.y) for one in together.context["timeline"].strata}
    assert drawn["Law aside"][0] == drawn["First steps"][0] == 0
    assert drawn["Law aside"][1] != drawn["First steps"][1]
    page = text_of(together)
    assert "· beside 2" in page
    assert "· beside 1" in page
    assert "beside" not in text_of(one_by_one)
    assert chips(together) == {"2 courses at once": "hours=5&languages=en", **hours_chip(together)}
    assert "courses=2" in together.context["query"]


def hours_chip(page: Any) -> dict[str, str]:
    return {text: undo for text, undo in chips(page).items() if "hours a week" in text}


@pytest.mark.parametrize("wish", ["courses=0", "courses=4", "courses=x", "holidays=XX"])
def test_what_cannot_be_wished_is_said(confirmed: Client, wish: str):
    answer = confirmed.get(f"{PATH}?hours=5&{wish}")
    assert answer.status_code == 422
    assert "path" not in answer.context


def test_public_holidays_are_named_in_the_drawing_and_below_it(confirmed: Client):
    plain = confirmed.get(f"{PATH}?hours=2&languages=en")
    page = confirmed.get(f"{PATH}?hours=2&languages=en&holidays=CN")
    first, last = timezone.localdate(), page.context["path"].ends_on
    known = public_holidays.between("CN", first, last)
    assert known, "half a year holds some"
    off = sum((min(one.last, last) - max(one.first, first)).days + 1 for one in known)
    assert last >= plain.context["path"].ends_on + off * DAY
    text = text_of(page)
    assert text.count('<rect class="off"') == len(known)
    assert f"{known[0].first} – {known[0].last} {known[0].name}" in text or known[0].name in text
    assert "times off on the way" in text
    assert "Off on the public holidays of: China" in text
    assert 'class="off"' not in text_of(plain)
    chinese = confirmed.get(
        f"{PATH}?hours=2&languages=en&holidays=CN", headers={"accept-language": "zh-hans"}
    )
    named = public_holidays.between("CN", first, last, language="zh-hans")[0].name
    assert named in text_of(chinese)


def test_marks_stay_few_enough_for_a_narrow_screen(confirmed: Client):
    for hours, words in ((50, "Week 1"), (3, "Week 1"), (1, "")):
        page = confirmed.get(f"{PATH}?hours={hours}")
        marks = page.context["timeline"].marks
        assert 1 <= len(marks) <= 6
        assert all(0 <= one.x <= 1000 for one in marks)
        text = text_of(page)
        assert all(f'<text x="{one.percent}"' in text for one in marks if one.has_room)
        assert not words or marks[0].name == words


def test_days_off_leave_fewer_hours_until_the_last_day(ada: Client, people: Cast, world: World):
    today = timezone.localdate()
    last = today + 34 * DAY
    wished = f"{PATH}?hours=10&deadline={last}"
    page = ada.get(wished)
    assert page.context["path"].status == "optimal"
    assert page.context["path"].ends_on <= last
    take_off(people, today + 3 * DAY, today + 4 * DAY)
    page = ada.get(f"{wished}&max_price=0")
    assert page.context["path"].status == "infeasible"
    assert f"Finished by {last}: at most 47 hours" in text_of(page)
    later = next(one for one in page.context["exits"] if "until" in one.texts[0])
    followed = ada.get(f"{PATH}?{later.query}")
    assert followed.context["path"].status == "optimal"
    wished_day = followed.context["timeline"].deadline[1]
    assert followed.context["path"].ends_on == wished_day
    assert followed.context["path"].weeks == later.weeks
    more = next(one for one in page.context["exits"] if "hours a week instead" in one.texts[0])
    followed = ada.get(f"{PATH}?{more.query}")
    assert followed.context["path"].status == "optimal"
    assert followed.context["path"].ends_on <= last


def test_beside_the_path_the_fastest_one_knows_days_off_too(ada: Client, people: Cast, world: World):
    today = timezone.localdate()
    take_off(people, today + 3 * DAY, today + 20 * DAY)
    page = ada.get("/roles/kernel-engineer/path/alternatives/?hours=10&max_price=0")
    fastest = next(one for one in page.context["columns"] if one.name == "Finished first")
    followed = ada.get(f"{PATH}?{fastest.query}")
    assert followed.context["path"].ends_on == fastest.ends_on
    assert followed.context["path"].weeks == fastest.weeks


def test_keeping_a_path_keeps_its_days_and_every_page_tells_the_same_dates(
    ada: Client, people: Cast, wide: Role
):
    today = timezone.localdate()
    take_off(people, today + 2 * DAY, today + 5 * DAY)
    query = "hours=5&languages=en&courses=2&holidays=US"
    computed = dates(ada.get(f"{WIDE}?{query}"))
    ada.post(f"/roles/wide-engineer/keep/?{query}")
    plan = Plan.objects.get()
    learner = Learner.objects.get(pk=people.ada_learner.pk)
    assert (learner.courses_at_once, learner.public_holidays) == (2, "US")
    page = ada.get(f"/me/plans/{plan.pk}/")
    assert dates(page) == computed
    assert "day off" in text_of(page)
    calendar = Calendar.from_ical(ada.get(f"/me/plans/{plan.pk}/plan.ics").content)
    events = {str(one["summary"]): (one.start, one.end - DAY) for one in calendar.events}
    assert events["Law aside"] == computed["aside"]
    table = ada.get(f"/me/plans/{plan.pk}/plan.csv").content.decode()
    for first, last in computed.values():
        assert f"{first},{last}" in table
    assert f"Planned until {plan.ends_on}" in text_of(ada.get("/me/"))
    # And what the week holds is what the days of study of that week have room for.
    week = ada.get("/me/week/")
    monday = week.context["monday"]
    minutes = {row.course.slug: row.planned for row in week.context["rows"]}
    assert abs(minutes.get("aside", 0) - minutes.get("first-steps", 0)) <= 60
    assert sum(minutes.values()) <= 300
    assert monday <= today


def test_the_time_for_study_is_chosen_on_my_page_and_plans_follow(ada: Client, people: Cast, wide: Role):
    ada.post("/roles/wide-engineer/keep/?hours=5&languages=en")
    plan = Plan.objects.get()
    before = dates(ada.get(f"/me/plans/{plan.pk}/"))
    page = ada.post("/me/hours/", {"hours": "5", "courses": "3", "holidays": "CN"}, follow=True)
    assert "Your plans follow your days" in text_of(page)
    assert '<option value="3" selected>' in page.content.decode()
    assert '<option value="CN" selected>' in page.content.decode()
    after = dates(ada.get(f"/me/plans/{plan.pk}/"))
    assert after["aside"][0] == after["first-steps"][0] != before["second-steps"][0]
    assert AuditEntry.objects.filter(action="learner.study-days-changed").count() == 1
    assert AuditEntry.objects.filter(action="plan.redated").count() == 1
    ada.post("/me/hours/", {"hours": "6"})
    learner = Learner.objects.get(pk=people.ada_learner.pk)
    assert (learner.hours_per_week, learner.courses_at_once, learner.public_holidays) == (6, 3, "CN")
    ada.post("/me/hours/", {"hours": "6", "courses": "9"})
    learner.refresh_from_db()
    assert learner.courses_at_once == 3
    # What the person chose holds on the next path, without a wish.
    page = ada.get(WIDE)
    assert (page.context["form"]["courses"].value(), page.context["form"]["holidays"].value()) == ("3", "CN")
    assert page.context["chips"] == []
    assert "no country" in text_of(ada.get(f"{WIDE}?hours=6&languages=en&courses=3"))


def test_whoever_else_sees_the_plan_sees_dates_and_no_days_off(
    ada: Client, hana: Client, visitor: Client, people: Cast, world: World
):
    today = timezone.localdate()
    plan = builders.make_plan(people.ada_learner, world.role)
    take_off(people, today + 2 * DAY, today + 5 * DAY)
    own, others = ada.get(f"/me/plans/{plan.pk}/"), hana.get(f"/me/plans/{plan.pk}/")
    assert dates(own) == dates(others)
    assert 'class="off"' in text_of(own)
    assert 'class="off"' not in text_of(others)
    assert "day off" not in text_of(others)
    made = ada.post(f"/me/plans/{plan.pk}/share/", {"life": "30"})
    shared = visitor.get(made.context["address"].partition("testserver")[2])
    assert dates(shared) == dates(own)
    assert 'class="off"' not in text_of(shared)


def test_the_week_names_its_public_holidays(ada: Client, people: Cast, world: World):
    builders.make_plan(people.ada_learner, world.role)
    ada.post("/me/hours/", {"hours": "8", "holidays": "DE"})
    page = text_of(ada.get("/me/week/?week=2026-W52"))
    assert "Christmas Day, 2026-12-25 to 2026-12-26: nothing is planned for these days." in page
    assert "German Unity Day, 2029-10-03: nothing is planned for it." in text_of(
        ada.get("/me/week/?week=2029-W40")
    )


def test_a_plan_that_days_off_make_late_is_offered_anew(ada: Client, people: Cast, world: World):
    last = timezone.localdate() + 34 * DAY
    ada.post(f"/roles/kernel-engineer/keep/?hours=10&max_price=0&deadline={last}")
    plan = Plan.objects.get()
    assert plan.finish_by == last
    page = ada.get(f"/me/plans/{plan.pk}/")
    assert page.context["timeline"].deadline[1] == last
    assert page.context["offer"] is None
    first = (timezone.localdate() + DAY).isoformat()
    ada.post("/me/week/off/", {"first": first, "last": first})
    text = text_of(ada.get(f"/me/plans/{plan.pk}/"))
    assert "With your days off, the plan no longer ends by the day you wished for." in text
    ada.post(f"/me/week/off/{TimeOff.objects.get().pk}/take-back/")
    assert ada.get(f"/me/plans/{plan.pk}/").context["offer"] is None


def test_two_roles_together_are_laid_out_on_the_persons_days(ada: Client, people: Cast, wide: Role):
    ada.post("/me/hours/", {"hours": "5", "courses": "2"})
    today = timezone.localdate()
    take_off(people, today, today + DAY)
    page = ada.get("/roles/combine/?roles=kernel-engineer,wide-engineer")
    found = dates(page)
    assert found["aside"][0] == found["first-steps"][0] == today + 2 * DAY
    ada.post("/roles/combine/keep/", {"roles": "kernel-engineer,wide-engineer"})
    plan = Plan.objects.get()
    assert dates(ada.get(f"/me/plans/{plan.pk}/")) == found
