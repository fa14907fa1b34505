"""“Not for me” on the page of a path: a reason, the path made anew, the wish behind the reason, and undo."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from groundwork.catalogue.models import Course, Provider
from groundwork.events.models import AuditEntry
from groundwork.learners.models import Evidence, Proficiency
from groundwork.plans.models import Plan
from groundwork.plans.refusals import CourseRefusal
from tests import builders
from tests.interfaces.web.conftest import World
from tests.interfaces.web.test_visitor import CHINESE, rows_about_people

pytestmark = pytest.mark.django_db

ROLE = "/roles/kernel-engineer/"
PATH = f"{ROLE}path/"


def refuse(client: Client, course: str, reason: str, *, query: str = "hours=5", **extra: Any) -> Any:
    address = f"{PATH}refuse/{course}/?{query}"
    return client.post(address, {"reason": reason}, follow=True, **extra)


def taken(page: Any) -> list[str]:
    return [step.course.slug for step in page.context["path"].steps]


def text_of(page: Any) -> str:
    return unescape(page.content.decode())


def offered(page: Any) -> dict[str, str]:
    return {one.text: one.query for one in page.context["replanned"].offers}


@pytest.fixture
def learner(ada: Client) -> Client:
    """Ada, with one confirmed skill on record."""
    ada.post("/skills/save/", {"add": "Zig tooling"})
    ada.post("/skills/save/", {"skill": "zig-tooling", "level-zig-tooling": "3"})
    return ada


@pytest.fixture(params=["confirmed", "learner"])
def somebody(request: pytest.FixtureRequest) -> Client:
    """A visitor, then a learner: both are asked the same."""
    client: Client = request.getfixturevalue(request.param)
    return client


def test_the_page_asks_for_a_reason_without_any_script(somebody: Client):
    page = text_of(somebody.get(f"{PATH}?hours=5"))
    form = re.search(
        r'<form method="post" action="[^"]+/refuse/first-steps/\?hours=5[^"]*">.*?</form>', page, re.S
    )
    assert form
    assert re.findall(r'option value="(\w+)"', form.group()) == list(CourseRefusal.Reason.values)
    assert re.search(r'<label for="reason-1">Why\?</label><select id="reason-1" name="reason">', form.group())


def test_a_refused_course_leaves_this_path_and_every_other(somebody: Client):
    page = refuse(somebody, "first-steps", "price")
    assert taken(page) == ["dear-steps"]
    assert page.redirect_chain[0][0].endswith("refused=first-steps#not-for-me")
    told = page.context["replanned"]
    assert (told.difference.hours, told.difference.price) == (-30, 9000)
    assert (told.difference.coming, told.difference.going) == (
        ["Dear steps"],
        ["First steps", "Second steps"],
    )
    assert "Not for me: First steps (too expensive)" in text_of(page)
    later = somebody.get(PATH)
    assert taken(later) == ["dear-steps"]
    assert later.context["replanned"] is None
    assert [one.course for one in later.context["refused"]] == ["first-steps"]


def test_it_can_be_taken_back(somebody: Client):
    refuse(somebody, "first-steps", "price")
    page = somebody.post(f"{PATH}take-back/first-steps/?hours=5", follow=True)
    assert taken(page) == ["first-steps", "second-steps"]
    assert page.context["refused"] == []
    assert somebody.post(f"{PATH}take-back/first-steps/?hours=5").status_code == 404


def test_who_insists_takes_a_refused_course_all_the_same(somebody: Client):
    refuse(somebody, "dear-steps", "price", query="hours=5&insist=dear-steps")
    assert taken(somebody.get(f"{PATH}?hours=5")) == ["first-steps", "second-steps"]
    page = somebody.get(f"{PATH}?hours=5&take=dear-steps", follow=True)
    assert taken(page) == ["dear-steps"]
    assert taken(refuse(somebody, "dear-steps", "hard", query=page.context["query"])) == [
        "first-steps",
        "second-steps",
    ]
    assert "(too hard)" in text_of(somebody.get(PATH))


def test_who_knows_a_course_says_so_for_its_skills(somebody: Client):
    page = refuse(somebody, "first-steps", "known")
    assert page.context["replanned"].is_known
    assert page.context["person"].levels["kernel-tuning"] == 2
    assert taken(page) == ["second-steps"]
    assert "on record as your own word" in text_of(page)
    page = somebody.post(f"{PATH}take-back/first-steps/?hours=5", follow=True)
    assert "kernel-tuning" not in page.context["person"].levels
    assert taken(page) == ["first-steps", "second-steps"]


def test_a_visitors_refusals_are_in_the_visit_only_and_move_to_the_account(
    confirmed: Client, world: World, people: Any
):
    before = rows_about_people()
    refuse(confirmed, "first-steps", "provider")
    assert rows_about_people() == before
    assert confirmed.session["refused"]["first-steps"]["reason"] == "provider"
    confirmed.force_login(people.ada)
    confirmed.post("/skills/keep/", {"next": "/"})
    row = CourseRefusal.objects.get()
    assert (row.learner, row.course.slug, row.reason) == (people.ada_learner, "first-steps", "provider")
    assert "refused" not in confirmed.session


def test_a_visitor_forgets_refusals_with_everything_else(confirmed: Client):
    refuse(confirmed, "first-steps", "price")
    confirmed.post("/forget/")
    assert {"refused", "replanned"}.isdisjoint(confirmed.session.keys())


def test_a_learners_refusal_is_kept_audited_and_counts_in_the_plan_that_is_kept(learner: Client):
    refuse(learner, "first-steps", "experience")
    assert CourseRefusal.objects.get().reason == "experience"
    assert AuditEntry.objects.filter(action="course.refused").count() == 1
    learner.post(f"{ROLE}keep/?hours=8")
    assert [step.course.slug for step in Plan.objects.get().steps.all()] == ["dear-steps"]
    learner.post(f"{PATH}take-back/first-steps/")
    assert not CourseRefusal.objects.exists()
    assert AuditEntry.objects.filter(action="course.accepted-after-all").count() == 1


def test_what_a_learner_knows_is_their_own_word(learner: Client, people: Any):
    refuse(learner, "first-steps", "known")
    line = Evidence.objects.get(learner=people.ada_learner, skill__slug="kernel-tuning")
    assert (line.kind, line.course.slug if line.course else "") == ("self-report", "first-steps")
    learner.post(f"{PATH}take-back/first-steps/")
    assert not Proficiency.objects.filter(learner=people.ada_learner, skill__slug="kernel-tuning").exists()


def test_without_a_course_that_every_route_takes_it_is_only_looked_at(somebody: Client):
    page = refuse(somebody, "first-steps", "price", query="hours=5&without=dear-steps")
    assert "Without First steps no path is left" in text_of(page)
    assert page.context["path"].status == "infeasible"
    assert "Take First steps back in" in {" + ".join(one.texts) for one in page.context["exits"]}
    assert page.context["refused"] == []
    assert not CourseRefusal.objects.exists()


def test_a_way_out_takes_a_refused_course_back_in(somebody: Client):
    refuse(somebody, "first-steps", "price")
    page = somebody.get(f"{PATH}?hours=5&max_price=100&languages=en")
    ways = {" + ".join(one.texts): one.query for one in page.context["exits"]}
    assert taken(somebody.get(f"{PATH}?{ways['Take First steps back in']}")) == [
        "first-steps",
        "second-steps",
    ]


def test_too_expensive_offers_a_limit(somebody: Client, world: World):
    Course.objects.filter(slug="second-steps").update(price=500)
    builders.make_course("free-steps", hours=90, price=0, teaches={"kernel-tuning": 4})
    Course.objects.filter(slug="first-steps").update(price=400)
    page = refuse(somebody, "second-steps", "price")
    assert taken(page) == ["free-steps"]
    assert offered(page) == {}, "what is left costs nothing"
    page = refuse(somebody, "free-steps", "price")
    assert taken(page) == ["dear-steps"]
    assert list(offered(page)) == ["Take free courses only"]
    assert "max_price=0" in offered(page)["Take free courses only"]


def test_the_language_is_wished_at_one_click(somebody: Client, world: World):
    builders.make_course("chinese-steps", hours=10, teaches={"kernel-tuning": 4}, language="zh")
    both = "hours=5&languages=en&languages=zh"
    page = refuse(somebody, "chinese-steps", "language", query=both)
    (query,) = offered(page).values()
    assert query == "hours=5&languages=en"
    assert taken(somebody.get(f"{PATH}?{query}")) == ["first-steps", "second-steps"]


def test_nothing_of_a_provider_or_a_format_is_a_wish_of_the_address(somebody: Client, world: World):
    house = Provider.objects.create(name="Steps & Co")
    Course.objects.filter(slug__in=["first-steps", "second-steps"]).update(provider=house, format="book")
    page = refuse(somebody, "second-steps", "provider")
    assert offered(page) == {"Nothing by Steps & Co": f"hours=5&avoid=provider%3A{house.pk}"}
    somebody.post(f"{PATH}take-back/second-steps/?hours=5")
    page = somebody.get(f"{PATH}?hours=5&avoid=provider:{house.pk}")
    assert taken(page) == ["dear-steps"]
    assert "Nothing by Steps & Co" in {chip.text for chip in page.context["chips"]}
    page = somebody.get(f"{PATH}?hours=5&avoid=format:book+format:nonsense+junk")
    assert taken(page) == ["dear-steps"]
    assert "Nothing of this format: Book" in {chip.text for chip in page.context["chips"]}
    page = refuse(somebody, "dear-steps", "format", query="hours=5&insist=dear-steps")
    assert "Nothing of this format: Course" in offered(page)


def test_too_hard_offers_less_for_now(somebody: Client):
    page = refuse(somebody, "second-steps", "hard")
    ((text, query),) = offered(page).items()
    assert text == "Be content with Kernel tuning at level 3 instead of 4"
    assert somebody.get(f"{PATH}?{query}").context["form"].cleaned_data["lower"] == {"kernel-tuning": 3}


@pytest.mark.parametrize(("course", "reason"), [("first-steps", "whim"), ("nowhere", "price")])
def test_no_reason_and_no_such_step_change_nothing(somebody: Client, course: str, reason: str):
    page = refuse(somebody, course, reason)
    assert taken(page) == ["first-steps", "second-steps"]
    assert page.context["refused"] == []


def test_who_has_told_no_skill_has_nothing_to_refuse(visitor: Client):
    assert refuse(visitor, "first-steps", "price").status_code == 404
    assert visitor.get(f"{PATH}refuse/first-steps/").status_code == 405


def test_it_speaks_chinese(confirmed: Client):
    page = text_of(refuse(confirmed, "second-steps", "hard", headers=CHINESE))
    assert "不适合我" in page
    assert "太难" in page
