"""Roles, skills and courses: both languages, filters, pages, a fixed number of queries."""

from __future__ import annotations

import pytest

from groundwork.core.actors import Right
from tests import builders


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_a_role_says_what_it_asks_and_what_postings_say(api, role):
    builders.make_demand(builders.make_role("other"), postings=3, terms={"CUDA": 2})
    found = api.get("roles/kernel-engineer/").json()
    assert (found["name_en"], found["name_zh"]) == ("Kernel engineer", "岗位 kernel-engineer")
    assert found["requirements"][0]["skill"] == "cuda"
    assert found["requirements"][0]["level"] == 3
    assert found["demand"]["is_enough"] is True
    other = api.get("roles/other/").json()
    assert other["demand"]["is_enough"] is False
    assert other["demand"]["terms"][0] == {
        "term": "CUDA",
        "skill": None,
        "postings": 2,
        "percent": 67,
        "low_percent": None,
        "high_percent": None,
        "trend": "not-enough-data",
        "growth_percent": None,
    }


def test_a_role_without_postings_has_no_demand(api):
    builders.make_role("quiet")
    assert api.get("roles/quiet/").json()["demand"] is None


def test_roles_are_filtered_by_layer_and_domain(api):
    builders.make_role("chips")
    builders.make_role("farming", layer="compound", domain_en="Agriculture", domain_zh="农业")
    assert ids(api.get("roles/?layer=compound")) == ["farming"]
    assert ids(api.get("roles/?domain=agriculture")) == ["farming"]
    assert ids(api.get("roles/?domain=农业")) == ["farming"]
    assert len(ids(api.get("roles/"))) == 2


def test_skills_are_found_by_names_and_aliases_in_both_languages(api):
    builders.make_skill(
        "parallel-patterns", name_zh="并行模式", aliases_zh=["并行编程"], aliases_en=["fork-join"]
    )
    builders.make_skill("ethics", kind="cross-cutting")
    for words in ("PARALLEL", "并行模", "并行编", "fork-j"):
        assert ids(api.get(f"skills/?q={words}")) == ["parallel-patterns"], words
    assert ids(api.get("skills/?kind=cross-cutting")) == ["ethics"]
    assert api.get("skills/ethics/").json()["kind"] == "cross-cutting"


def test_courses_are_filtered(api, role, chinese_course):
    assert ids(api.get("courses/?skill=cuda")) == ["cuda-course", "zh-course"]
    assert ids(api.get("courses/?language=zh")) == ["zh-course"]
    assert ids(api.get("courses/?hands_on=true")) == ["zh-course"]
    assert ids(api.get("courses/?hands_on=false&skill=cuda")) == ["cuda-course"]
    assert ids(api.get("courses/?q=并行计算")) == ["zh-course"]
    assert ids(api.get("courses/?format=book")) == []


def test_a_withdrawn_course_leaves_the_list_and_stays_readable(api, chinese_course):
    chinese_course.withdrawn_on = "2026-01-01"
    chinese_course.save()
    assert ids(api.get("courses/")) == []
    assert api.get("courses/zh-course/").json()["withdrawn_on"] == "2026-01-01"


@pytest.mark.parametrize("path", ["roles/none/", "skills/none/", "courses/none/"])
def test_what_is_not_in_the_catalogue_is_404(api, path):
    assert api.get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["kind=none", "q=%00", "colour=red", f"q={'x' * 101}", "kind=domain&kind_=x"]
)
def test_a_wrong_query_is_refused_by_name(api, query):
    answer = api.get(f"skills/?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"]


def test_pages_follow_each_other(api):
    for number in range(5):
        builders.make_skill(f"s{number}")
    first = api.get("skills/?page_size=2").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    assert first["next"] == "http://testserver/api/v1/skills/?page=2&page_size=2"
    assert ids(api.get("skills/?page_size=2&page=3")) == ["s4"]
    assert api.get("skills/?page=4").status_code == 404
    assert api.get("skills/?page=x").status_code == 404
    assert len(ids(api.get("skills/?page_size=1000000"))) == 5


@pytest.mark.parametrize(("path", "queries"), [("roles/", 4), ("skills/", 4), ("courses/", 8)])
def test_lists_cost_the_same_whatever_their_length(api, path, queries, django_assert_max_num_queries):
    for number in range(20):
        builders.make_role(f"r{number}", requires={"python": 2, f"s{number}": 1})
        builders.make_course(requires={f"s{number}": 1}, teaches={"python": 2, f"s{number}": 2})
    with django_assert_max_num_queries(queries):
        assert len(ids(api.get(path))) >= 20


def test_one_role_costs_a_fixed_number_of_queries(api, role, django_assert_max_num_queries):
    builders.make_role("wide", requires={f"s{number}": 1 for number in range(20)}, postings=50)
    with django_assert_max_num_queries(7):
        assert len(api.get("roles/wide/").json()["requirements"]) == 20


def test_the_catalogue_needs_its_scope(key_with):
    assert key_with([Right.READ_PEOPLE]).get("roles/").status_code == 403


def test_unknown_hours_and_price_are_null(api):
    course = builders.make_course("open", price_class="", hours_basis="", price_basis="")
    course.hours = course.price = None
    course.save()
    found = api.get("courses/open/").json()
    names = ("hours", "hours_basis", "price", "price_class", "price_basis")
    assert [found[name] for name in names] == [None, "", None, "", ""]
