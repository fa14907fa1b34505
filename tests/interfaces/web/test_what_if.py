"""The path as a what-if: every wish in the address, taken back by a link, its change told, and ways out."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from groundwork.plans import relaxing
from groundwork.plans.models import Plan
from tests import builders
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db

Counter = Callable[[int], AbstractContextManager[object]]
PATH = "/roles/kernel-engineer/path/"


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def text_of(page: Any) -> str:
    return unescape(page.content.decode())


def offered(page: Any) -> dict[str, str]:
    """The ways out: what they say -> where they lead."""
    return {" + ".join(one.texts): one.query for one in page.context["exits"]}


def slugs(page: Any) -> list[str]:
    return [step.course.slug for step in page.context["path"].steps]


def test_a_price_limit_without_a_path_offers_links_that_lead_to_one(confirmed: Client):
    page = confirmed.get(f"{PATH}?hours=5&languages=en&max_price=8000&without=first-steps")
    ways = offered(page)
    assert list(ways) == [
        "Take First steps back in",
        "Allow 1000 yuan more",
        "Do without Kernel tuning for now",
    ]
    for one in page.context["exits"]:
        assert f'href="?{one.query}"' in text_of(page)
        followed = confirmed.get(f"{PATH}?{one.query}")
        found = followed.context["path"]
        assert found.status == "optimal"
        assert (found.hours, found.weeks, found.price) == (one.hours, one.weeks, one.price)
        assert followed.context["exits"] == []
    assert slugs(confirmed.get(f"{PATH}?{ways['Allow 1000 yuan more']}")) == ["dear-steps"]


def test_a_last_day_too_early_offers_more_weeks_or_more_hours_a_week(confirmed: Client):
    page = confirmed.get(f"{PATH}?hours=5&max_price=0&deadline={in_days(34)}")
    ways = offered(page)
    # 5 weeks of 5 hours are 25; the free path takes 50, the other 20.
    later = f"Allow 5 more weeks, until {in_days(69)}"
    assert {later, "Study 10 hours a week instead of 5", "Allow 9000 yuan more"} < set(ways)
    assert "Be content with Kernel tuning at level 2 instead of 4" in ways
    for text, days in ((later, 69), ("Study 10 hours a week instead of 5", 34)):
        followed = confirmed.get(f"{PATH}?{ways[text]}")
        assert slugs(followed) == ["first-steps", "second-steps"]
        assert followed.context["path"].ends_on <= in_days(days)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found must not depend on how busy the machine is."""
    for name in ("GLANCE", "SECONDS"):
        monkeypatch.setattr(relaxing, name, 60.0)


@pytest.fixture
def hurry(patience: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A glance is too short to find anything; see `patience` for the rest."""
    cache.clear()
    monkeypatch.setattr(relaxing, "GLANCE", 0.0)


NARROW = f"{PATH}?hours=5&max_price=8000&without=first-steps"


@pytest.mark.usefixtures("hurry")
def test_ways_out_that_take_longer_come_after_the_page(confirmed: Client):
    page = confirmed.get(NARROW)
    assert offered(page) == {}
    (query,) = set(re.findall(r'hx-get="\?([^"]+)"', text_of(page)))
    assert f'<a href="?{query}#ways-out">Look for more</a>' in text_of(page)
    part = confirmed.get(f"{PATH}?{query}", headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)
    assert "Allow 1000 yuan more" in offered(part)
    assert "hx-get" not in text_of(part)
    # Once found they stand there at once.
    again = confirmed.get(NARROW)
    assert offered(again) == offered(part)
    assert "hx-get" not in text_of(again)


@pytest.mark.usefixtures("hurry")
def test_ways_out_are_a_click_away_without_a_script(confirmed: Client):
    page = confirmed.get(f"{NARROW}&ways=1")
    assert "Allow 1000 yuan more" in offered(page)
    assert "<html" in text_of(page)
    for one in page.context["exits"]:
        assert "ways=" not in one.query


def test_a_goal_nobody_teaches_can_be_given_up_and_wanted_again(confirmed: Client):
    page = confirmed.get("/roles/far-engineer/path/")
    (query,) = offered(page).values()
    given_up = confirmed.get(f"/roles/far-engineer/path/?{query}")
    assert "Without Untaught for now" in text_of(given_up)
    (chip,) = given_up.context["chips"]
    assert offered(confirmed.get(f"/roles/far-engineer/path/?{chip.undo}")) == offered(page)


def test_two_changes_are_one_way_out_where_one_is_not_enough(confirmed: Client):
    role = builders.make_role("both", requires={"kernel-tuning": 4, "untaught": 1})
    page = confirmed.get(f"/roles/{role.slug}/path/?hours=5&max_price=0&without=first-steps")
    ways = offered(page)
    assert "Do without Untaught for now + Take First steps back in" in ways
    for query in ways.values():
        assert confirmed.get(f"/roles/{role.slug}/path/?{query}").context["path"].status == "optimal"


def test_a_language_is_a_way_out_by_its_name_or_as_any(confirmed: Client):
    for language in ("zh", "de"):
        builders.make_course(f"in-{language}", hours=10, teaches={"porting": 2}, language=language)
    builders.make_role("porter", requires={"porting": 2})
    ways = offered(confirmed.get("/roles/porter/path/"))
    assert set(ways) == {
        "Allow courses in Chinese, too",
        "Allow courses in any language",
        "Do without Porting for now",
    }
    for text in ("Allow courses in Chinese, too", "Allow courses in any language"):
        assert confirmed.get(f"/roles/porter/path/?{ways[text]}").context["path"].hours == 10


def test_a_practice_share_and_an_insisted_course_are_ways_out(confirmed: Client):
    ways = offered(confirmed.get(f"{PATH}?hours=5&practice=90"))
    less = ways["Be content with 50 % hands-on instead of 90 %"]
    assert confirmed.get(f"{PATH}?{less}").context["path"].status == "optimal"
    builders.make_course("stuck", requires={"untaught": 1}, teaches={"other": 1})
    page = confirmed.get(f"{PATH}?hours=5&insist=stuck")
    assert offered(page).keys() == {"Do not insist on Stuck"}


WISHES = {
    "hours=9": "9 hours a week",
    "max_price=9500": "At most 9500 yuan",
    "languages=en&languages=zh": "Taught in: English + Chinese",
    "practice=10": "At least 10 % hands-on",
    "optional=on": "Optional requirements included",
    "strategic=2": "Skills of strategic priority preferred: 2 of 5",
    "demanded=3": "Skills in demand preferred: 3 of 5",
    "without=dear-steps": "Left out at your wish: Dear steps.",
    "insist=second-steps": "Taken in any case: Second steps.",
    "lower=kernel-tuning:3": "Kernel tuning: level 3 is enough for now",
}


@pytest.mark.parametrize(("wish", "text"), WISHES.items())
def test_each_wish_is_a_chip_that_takes_it_back(confirmed: Client, wish: str, text: str):
    own = confirmed.get(PATH)
    assert own.context["chips"] == []
    hours = "" if wish.startswith("hours") else f"hours={own.context['person'].hours_per_week}&"
    languages = "" if wish.startswith("languages") else "&languages=en"
    page = confirmed.get(f"{PATH}?{hours}{wish}{languages}")
    (chip,) = page.context["chips"]
    assert chip.text == text
    assert text in text_of(page)
    back = confirmed.get(f"{PATH}?{chip.undo}")
    assert (back.context["chips"], back.context["difference"]) == ([], None)
    assert slugs(back) == slugs(own)


def test_all_wishes_together_stand_in_one_address(confirmed: Client):
    deadline = f"deadline={in_days(700)}"
    page = confirmed.get(f"{PATH}?{'&'.join([*WISHES, deadline])}")
    assert {chip.text for chip in page.context["chips"]} >= set(WISHES.values())
    assert len(page.context["chips"]) == len(WISHES) + 1
    assert f"Finished by {in_days(700)}: at most {9 * 701 // 7} hours" in text_of(page)
    assert "Undo all wishes" in text_of(page)
    again = confirmed.get(f"{PATH}?{page.context['query']}")
    assert again.context["chips"] == page.context["chips"]
    assert again.context["query"] == page.context["query"]


def test_the_change_is_told_in_hours_weeks_price_and_courses(confirmed: Client):
    page = confirmed.get(f"{PATH}?hours=10&without=first-steps")
    found = page.context["difference"]
    own = page.context["person"].hours_per_week
    assert (found.hours, found.weeks, found.price) == (-30, 2 - -(-50 // own), 9000)
    assert (found.coming, found.going) == (["Dear steps"], ["First steps", "Second steps"])
    text = text_of(page)
    assert re.search(r"Courses that come in:</strong> Dear steps", text)
    assert re.search(r"Courses that go out:</strong> First steps · Second steps", text)


def test_a_wish_that_changes_nothing_says_so(confirmed: Client):
    page = confirmed.get(f"{PATH}?without=unknown")
    assert "Your wishes change nothing" in text_of(page)
    assert "There is no such course: unknown." in text_of(page)
    assert "Your wishes change nothing" not in text_of(confirmed.get(PATH))


def test_a_step_is_insisted_on_left_out_or_replaced_by_links(confirmed: Client):
    kept = confirmed.get(f"{PATH}?hours=5&take=dear-steps", follow=True)
    assert slugs(kept) == ["dear-steps"]
    assert "at your wish" in text_of(kept)
    dropped = confirmed.get(f"{PATH}?{kept.context['query']}&drop=dear-steps", follow=True)
    assert slugs(dropped) == ["first-steps", "second-steps"]
    instead = confirmed.get(
        f"{PATH}?{dropped.context['query']}&take=dear-steps&drop=second-steps", follow=True
    )
    assert slugs(instead) == ["dear-steps"]
    assert {chip.text for chip in instead.context["chips"]} >= {
        "Taken in any case: Dear steps.",
        "Left out at your wish: Second steps.",
    }


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ("deadline=2020-01-01", "This day leaves no time. Choose a later one."),
        ("deadline=soon", "Enter a valid date."),
        ("practice=101", "Choose a whole number from 0 to 100."),
    ],
)
def test_an_impossible_wish_is_refused_in_words(confirmed: Client, wish: str, error: str):
    page = confirmed.get(f"{PATH}?{wish}")
    assert page.status_code == 422
    assert error in text_of(page)


@pytest.mark.parametrize(
    "junk", ["lower=x", "lower=a:9+:3+kernel-tuning:", "insist=%00", "without=<b>", "lower=é:1"]
)
def test_what_cannot_be_read_changes_nothing_and_is_escaped(confirmed: Client, junk: str):
    page = confirmed.get(f"{PATH}?{junk}")
    assert page.status_code in (200, 422)
    assert "<b>" not in page.content.decode()


def test_it_says_the_same_in_chinese(confirmed: Client):
    chinese = {"accept-language": "zh-hans"}
    wishes = "hours=5&languages=en&max_price=8000&without=first-steps"
    page = confirmed.get(f"{PATH}?{wishes}", headers=chinese)
    assert list(offered(page)) == ["重新纳入“课程 first-steps”", "放宽 1000 元", "暂不要求内核调优"]
    assert {"最多 8000 元", "每周 5 小时"} <= {chip.text for chip in page.context["chips"]}
    changed = confirmed.get(f"{PATH}?hours=5&without=first-steps", headers=chinese)
    assert "与不设条件的路径相比" in text_of(changed)


def test_what_was_wished_is_kept(ada: Client, world: World):
    ada.post(f"/roles/kernel-engineer/keep/?hours=10&languages=en&insist=dear-steps&deadline={in_days(60)}")
    plan = Plan.objects.get()
    assert [step.course.slug for step in plan.steps.all()] == ["dear-steps"]
    assert plan.problem["constraints"]["max_hours"] == 10 * 61 // 7


def test_a_kept_plan_says_what_it_gives_way_on(ada: Client, world: World):
    ada.post("/roles/kernel-engineer/keep/?hours=10&languages=en&lower=kernel-tuning:2")
    plan = Plan.objects.get()
    assert plan.given_way == {"kernel-tuning": 4}
    assert "Kernel tuning: level 2 of the 4 required" in text_of(ada.get(f"/me/plans/{plan.pk}/"))
    ada.post("/roles/kernel-engineer/keep/?hours=10&languages=en&lower=kernel-tuning:5")
    whole = Plan.objects.current().get()
    assert whole.given_way == {}
    assert "gives way" not in text_of(ada.get(f"/me/plans/{whole.pk}/"))


def test_the_page_costs_the_same_for_one_wish_and_for_many(
    confirmed: Client, world: World, django_assert_num_queries: Counter
):
    for number in range(6):
        builders.make_course(f"more-{number}", teaches={"kernel-tuning": 1})
    one = "hours=5&without=more-0&lower=kernel-tuning:3"
    many = "hours=5&without=more-0+more-1+more-2&insist=more-3+more-4&lower=kernel-tuning:3+zig-tooling:0"
    for query in (one, many):
        confirmed.get(f"{PATH}?{query}")
        with django_assert_num_queries(11):
            assert confirmed.get(f"{PATH}?{query}").status_code == 200


def test_ways_out_cost_the_same_for_one_skill_and_for_four(
    confirmed: Client, django_assert_num_queries: Counter
):
    for count in (1, 4):
        builders.make_role(f"far-{count}", requires={f"untaught-{number}": 1 for number in range(count)})
        confirmed.get(f"/roles/far-{count}/path/")
        with django_assert_num_queries(9):
            page = confirmed.get(f"/roles/far-{count}/path/")
        (way,) = page.context["exits"]
        assert len(way.texts) == count


def test_the_last_day_wished_stands_in_the_drawing(confirmed: Client):
    assert confirmed.get(f"{PATH}?hours=5").context["timeline"].deadline is None
    day = in_days(400)
    page = confirmed.get(f"{PATH}?hours=5&deadline={day}")
    timeline = page.context["timeline"]
    (x, marked), last = timeline.deadline, timeline.strata[-1]
    assert marked == timeline.ends_on == day
    assert last.x + last.width < x <= timeline.width
    assert f"last day {day}" in text_of(page)
