"""Roles side by side: what they share, how far each is, what one leaves of another, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import builders
from tests.interfaces.web.conftest import World
from tests.interfaces.web.test_query_counts import Counter
from tests.interfaces.web.test_roles import twin

__all__ = ["twin"]

pytestmark = pytest.mark.django_db

BOTH = "/roles/compare/?role=porting-engineer&role=kernel-engineer"


def _lines(page: Any) -> dict[str, Any]:
    return {line["skill"].slug: line for line in page.context["lines"]}


def test_two_roles_stand_side_by_side_in_the_order_of_the_address(visitor: Client, twin: None):
    page = visitor.get(BOTH)
    assert [one["role"].slug for one in page.context["columns"]] == ["porting-engineer", "kernel-engineer"]
    lines = _lines(page)
    assert lines["kernel-tuning"]["in_all"]
    assert lines["porting"]["only"].slug == "porting-engineer"
    assert [cell["requirement"].level for cell in lines["kernel-tuning"]["cells"]] == [2, 4]
    said = page.content.decode()
    assert "Tell us your skills to see how far" in said
    assert "120 postings" in said
    assert "not enough data" in said


def test_the_first_answer_holds_bounds_and_the_second_exact_hours(confirmed: Client, twin: None):
    first = confirmed.get(BOTH)
    assert first.context["waiting"]
    assert "at least 35" in first.content.decode()
    second = confirmed.get(f"{BOTH}&hours=1")
    assert not second.context["waiting"]
    assert [one["distance"].hours for one in second.context["columns"]] == [35, 50]
    part = confirmed.get(BOTH, headers={"HX-Request": "true"})
    assert part.content.decode().startswith('<div id="compared"')
    assert [one["distance"].hours for one in part.context["columns"]] == [35, 50]


def test_what_is_left_of_one_role_after_the_other(confirmed: Client, twin: None):
    left = confirmed.get(f"{BOTH}&hours=1").context["left"]
    hours = [[cell["distance"] and cell["distance"].hours for cell in row["cells"]] for row in left]
    # Ready for porting, the first steps are done; ready for the kernel, only porting itself is left.
    assert hours == [[None, 30], [15, None]]


def test_levels_and_missing_skills_are_the_persons_own(confirmed: Client, twin: None):
    page = confirmed.get(BOTH)
    line = _lines(page)["zig-tooling"]
    assert line["have"] == 3
    assert line["cells"][1]["met"]
    porting, kernel = page.context["columns"]
    assert [gap.skill.slug for gap in kernel["gaps"]] == ["kernel-tuning"]
    assert {gap.skill.slug for gap in porting["gaps"]} == {"kernel-tuning", "porting"}


def test_a_role_out_of_reach_says_so(confirmed: Client, twin: None):
    page = confirmed.get("/roles/compare/?role=far-engineer&role=kernel-engineer&hours=1")
    assert "no route" in page.content.decode()


@pytest.mark.parametrize(
    ("roles", "words", "kept"),
    [
        (["kernel-engineer"], "One role alone cannot be compared", ["kernel-engineer", "", ""]),
        (["kernel-engineer", "kernel-engineer"], "One role alone", ["kernel-engineer", "", ""]),
        (["kernel-engineer", "<b>no"], "There is no such role: &lt;b&gt;no.", ["kernel-engineer", "", ""]),
        (
            ["kernel-engineer", "porting-engineer", "far-engineer", "fourth"],
            "At most three roles",
            ["kernel-engineer", "porting-engineer", "far-engineer", "fourth"],
        ),
    ],
)
def test_what_cannot_be_compared_is_said_and_kept(
    confirmed: Client, twin: None, roles: list[str], words: str, kept: list[str]
):
    builders.make_role("fourth", requires={"porting": 2})
    page = confirmed.get("/roles/compare/", {"role": roles})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert page.context["compare_fields"] == kept
    assert page.content.decode().count(" selected") == len([slug for slug in kept if slug])


def test_without_roles_there_is_the_form(visitor: Client, world: World):
    page = visitor.get("/roles/compare/?role=&role=")
    assert page.status_code == 200
    assert "Choose two or three roles" in page.content.decode()


def test_the_list_and_a_role_lead_to_the_comparison(visitor: Client, world: World):
    assert 'action="/roles/compare/"' in visitor.get("/roles/").content.decode()
    page = visitor.get("/roles/kernel-engineer/")
    assert page.context["compare_fields"] == ["kernel-engineer", "", ""]
    assert 'action="/roles/compare/"' in page.content.decode()


def test_in_chinese_nothing_is_left_in_english(confirmed: Client, twin: None):
    said = confirmed.get(f"{BOTH}&hours=1", headers={"accept-language": "zh-hans"}).content.decode()
    assert "并排比较岗位" in said
    assert "内核工程师" in said
    for word in ("Roles side by side", "Missing skills", "asked by all", "Once you are ready"):
        assert word not in said


def test_three_roles_cost_as_much_as_two(confirmed: Client, twin: None, django_assert_num_queries: Counter):
    for address in (f"{BOTH}&hours=1", f"{BOTH}&role=far-engineer&hours=1"):
        confirmed.get(address)
        with django_assert_num_queries(8):
            assert confirmed.get(address).status_code == 200
