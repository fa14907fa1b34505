"""The catalogue: search, filters, order, pages, and the page of a course."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test import Client

from groundwork.catalogue.models import Course, PrerequisiteNeed, Provider
from tests import builders
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db
Counter = Callable[[int], AbstractContextManager[object]]
CHINESE = {"accept-language": "zh-hans"}


@pytest.fixture
def catalogue(world: World) -> None:  # beside the three courses of the world
    """A Chinese book, a competition whose hours nobody states, a withdrawn course."""
    builders.make_course(
        "chip-book",
        hours=90,
        title_en="Chip design by hand",
        title_zh="手工芯片设计",
        language="zh",
        format="book",
        requires={"kernel-tuning": 2},
        teaches={"kernel-tuning": 3},
        hours_basis="estimate",
        prerequisites_text="Some electronics",
        provenance="hours estimated by the editors; hours and levels editorial",
    )
    contest = builders.make_course("contest", format="competition", price_class="freemium", hands_on=True)
    Course.objects.filter(pk=contest.pk).update(hours=None, hours_basis="", price=None, price_basis="")
    builders.make_course("gone", withdrawn_on=date(2026, 1, 1))


def listed(client: Client, query: str = "", *, headers: dict[str, str] | None = None) -> list[str]:
    page = client.get(f"/courses/{query}", headers=headers)
    assert page.status_code == 200
    return [row["course"].slug for row in page.context["rows"]]


def test_the_courses_on_offer_stand_by_title(visitor: Client, catalogue: None):
    assert listed(visitor) == ["chip-book", "contest", "dear-steps", "first-steps", "second-steps"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=chip", ["chip-book"]),
        ("?q=xinpian", ["chip-book"]),
        ("?q=xp", ["chip-book"]),
        ("?q=芯片", ["chip-book"]),
        ("?q=neihetiaoyou&language=zh", ["chip-book"]),
        ("?language=zh", ["chip-book"]),
        ("?format=competition", ["contest"]),
        ("?cost=paid", ["dear-steps"]),
        ("?cost=free&practice=yes", ["contest", "first-steps"]),
        ("?practice=no&language=en", ["dear-steps", "second-steps"]),
        ("?provider=test+prov&q=first", ["first-steps"]),
        ("?provider=nobody", []),
        ("?q=nothing+here", []),
        ("?order=hours", ["dear-steps", "first-steps", "second-steps", "chip-book", "contest"]),
        ("?language=nonsense&q=chip", ["chip-book"]),
    ],
)
def test_the_list_is_searched_narrowed_and_ordered(
    visitor: Client, catalogue: None, query: str, found: list[str]
):
    assert listed(visitor, query) == found


def test_titles_that_match_stand_before_courses_that_teach_it(visitor: Client, catalogue: None):
    builders.make_course("a-kernel", title_en="Zz kernel tuning", teaches={"rung": 1})
    assert listed(visitor, "?q=kernel+tuning")[0] == "a-kernel"
    assert listed(visitor, "?q=kernel+tuning&order=hours")[-1] == "chip-book"


def test_nothing_found_says_so_and_leads_back(visitor: Client, catalogue: None):
    said = visitor.get("/courses/?q=nothing").content.decode()
    assert "No course matches. Choose a wider search." in said
    assert '<a class="button quiet" href="/courses/">' in said


def test_an_empty_catalogue_has_no_way_back_to_offer(client: Client):
    assert "There are no courses yet." in client.get("/courses/").content.decode()


def test_pages_keep_the_search_and_cost_the_same(
    visitor: Client, catalogue: None, django_assert_num_queries: Counter
):
    with django_assert_num_queries(4):
        listed(visitor)
    for number in range(30):
        builders.make_course(f"more-{number:02}", teaches={f"skill-of-{number}": 1})
    with django_assert_num_queries(4):
        assert len(listed(visitor)) == 20
    second = visitor.get("/courses/?q=more&page=2")
    assert len(second.context["rows"]) == 10
    assert 'href="?q=more&amp;page=1"' in second.content.decode()


def test_a_course_says_what_it_teaches_needs_and_serves(confirmed: Client, catalogue: None):
    said = confirmed.get("/courses/chip-book/").content.decode()
    for words in (
        "Chip design by hand",
        "Estimate",
        "3 independent",
        "2 assisted",
        "Some electronics",
        "hours estimated by the editors",
        'href="https://courses.example/chip-book"',
        'href="/roles/kernel-engineer/"',
        "Kernel tuning 4",
    ):
        assert words in said, words
    assert "reached" not in said.replace("“reached”", "")
    assert '<span class="badge good">reached</span>' in confirmed.get("/courses/dear-steps/").content.decode()


def test_a_course_names_those_its_text_asks_for(visitor: Client, catalogue: None):
    course, target = Course.objects.get(slug="second-steps"), Course.objects.get(slug="first-steps")
    PrerequisiteNeed.objects.create(
        course=course, target=target, group=0, alternative=0, position=0, kind="course", text="First"
    )
    assert 'href="/courses/first-steps/"' in visitor.get("/courses/second-steps/").content.decode()


def test_unknown_figures_are_said_to_be_unknown(visitor: Client, catalogue: None):
    assert "hours not stated" in visitor.get("/courses/").content.decode()
    assert "not stated" in visitor.get("/courses/contest/").content.decode()


def test_a_withdrawn_course_is_still_told_of(visitor: Client, catalogue: None):
    assert "No longer on offer since 2026-01-01." in visitor.get("/courses/gone/").content.decode()
    assert visitor.get("/courses/never-was/").status_code == 404


def test_names_from_sources_are_escaped(visitor: Client, world: World):
    provider = Provider.objects.create(name="<b>Odd & Sons</b>")
    course = builders.make_course("odd", title_en="<script>alert(1)</script>")
    Course.objects.filter(pk=course.pk).update(provider=provider)
    for address in ("/courses/", "/courses/odd/"):
        said = visitor.get(address).content.decode()
        assert "<script>alert" not in said
        assert "<b>Odd" not in said
    assert listed(visitor, "?provider=%3Cb%3EOdd%20%26%20Sons%3C%2Fb%3E") == ["odd"]


def test_the_page_of_a_course_costs_the_same_for_many_skills_and_roles(
    visitor: Client, catalogue: None, django_assert_num_queries: Counter
):
    with django_assert_num_queries(7):
        visitor.get("/courses/chip-book/")
    for number in range(4):
        builders.make_role(f"user-{number}", requires={"kernel-tuning": 2, f"s-{number}": 1})
    course = Course.objects.get(slug="chip-book")
    for number in range(4):
        course.outcomes.create(skill=builders.make_skill(f"s-{number}"), level=2)
    with django_assert_num_queries(7):
        assert len(visitor.get("/courses/chip-book/").context["roles"]) == 5


def test_in_chinese_titles_go_by_pinyin_and_nothing_is_left_in_english(visitor: Client, catalogue: None):
    for slug, title in (("c1", "网络"), ("c2", "编程"), ("c3", "云计算")):
        builders.make_course(slug, title_zh=title)
    order = [slug for slug in listed(visitor, headers=CHINESE) if slug in ("c1", "c2", "c3")]
    assert order == ["c2", "c1", "c3"]
    said = visitor.get("/courses/", headers=CHINESE).content.decode()
    said += visitor.get("/courses/chip-book/", headers=CHINESE).content.decode()
    for word in ("Courses", "Teaches", "hands-on", "estimate", "Provider", "What it", "Roles that", "Search"):
        assert f">{word}" not in said
        assert f'"{word}' not in said
