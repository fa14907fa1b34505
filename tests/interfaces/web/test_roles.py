"""The pages of roles: bounds first, two roles at once, feeders, and what a preference costs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from groundwork.frameworks.models import Priority
from groundwork.plans.models import Plan
from tests import builders
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db
Counter = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def twin(world: World) -> None:  # beside the role of the world
    """A second role that shares the first steps, 35 hours away."""
    builders.make_course("other-steps", hours=15, requires={"kernel-tuning": 2}, teaches={"porting": 2})
    builders.make_role(
        "porting-engineer",
        requires={"kernel-tuning": 2, "porting": 2},
        name_en="Porting engineer",
        layer="technology",
    )


def test_what_a_glance_does_not_measure_follows_after_the_page(confirmed: Client, twin: None, hurried: None):
    first = confirmed.get("/roles/")
    assert first.context["waiting"]
    assert "at least 35" in first.content.decode()
    second = confirmed.get("/roles/?hours=1")
    assert "<strong>35</strong>" in second.content.decode()
    assert not second.context["waiting"]


def test_what_is_measured_at_a_glance_needs_no_second_answer(confirmed: Client, twin: None):
    confirmed.get("/roles/?hours=10")  # from here on the hours are known
    page = confirmed.get("/roles/")
    assert not page.context["waiting"]
    assert "<strong>35</strong>" in page.content.decode()
    assert "data-hx-get" not in page.content.decode()


def test_more_hours_are_offered_only_where_some_are_missing(confirmed: Client, twin: None):
    assert confirmed.get("/roles/?hours=10").context["more"] == 0
    assert Client().get("/roles/?hours=1").context["more"] == 0, "who has no skills yet is not measured"


@pytest.mark.parametrize("order", ["priority", "demand", "nonsense"])
def test_no_order_hides_a_role(confirmed: Client, twin: None, order: str):
    rows = confirmed.get(f"/roles/?order={order}&hours=10").context["rows"]
    assert {row["role"].slug for row in rows} == {"kernel-engineer", "porting-engineer", "far-engineer"}


def test_by_postings_the_foundation_layer_stands_first(confirmed: Client, twin: None):
    role = builders.make_role("popular", requires={"porting": 2}, postings=9000, layer="compound")
    rows = confirmed.get("/roles/?order=demand").context["rows"]
    assert [row["role"].layer for row in rows] == ["foundation", "foundation", "technology", "compound"]
    assert rows[-1]["role"] == role


def test_a_role_names_the_roles_it_is_nearest_from(visitor: Client, twin: None):
    page = visitor.get("/roles/porting-engineer/")
    nearest = page.context["feeders"][0]
    assert (nearest.role.slug, nearest.hours) == ("kernel-engineer", 15)
    assert "Nearest from these roles" in page.content.decode()


def test_two_roles_are_planned_as_one_and_say_what_it_saves(confirmed: Client, twin: None):
    page = confirmed.get("/roles/combine/?roles=kernel-engineer&roles=porting-engineer")
    assert page.context["path"].hours == 65
    assert "together they take 20 hours less" in page.content.decode()
    same = confirmed.get("/roles/combine/?roles=porting-engineer,kernel-engineer")
    assert same.context["path"].hours == 65


@pytest.mark.parametrize("roles", ["kernel-engineer", "far-engineer,far-engineer", "far-engineer,no"])
def test_one_role_twice_or_none_is_refused_in_words(confirmed: Client, roles: str):
    page = confirmed.get(f"/roles/combine/?roles={roles}")
    assert page.status_code == 422
    assert page.context["form"].errors


def test_a_plan_for_two_roles_can_be_kept(ada: Client, twin: None):
    answer = ada.post("/roles/combine/keep/", {"roles": "porting-engineer,kernel-engineer"}, follow=True)
    plan = Plan.objects.get(also__isnull=False)
    assert plan.hours == 65
    page = answer.content.decode()
    assert "Kernel engineer + Porting engineer" in page
    assert reverse("web:renew_plan", args=[plan.pk]) in page


def test_a_preference_says_what_it_costs(confirmed: Client, world: World):
    builders.make_course(
        "long-steps", hours=32, requires={"kernel-tuning": 2}, teaches={"kernel-tuning": 4, "chips": 2}
    )
    Priority.objects.create(
        skill=builders.make_skill("chips"),
        priority=1,
        reason_en="T",
        reason_zh="测",
        source="test",
        as_of="2026",
        basis=Priority.Basis.EDITORIAL,
    )
    plain = confirmed.get("/roles/kernel-engineer/path/")
    assert plain.context["path"].hours == 50
    page = confirmed.get("/roles/kernel-engineer/path/?strategic=5")
    assert page.context["path"].hours == 52
    assert "takes 2 hours more than that without this wish" in page.content.decode()
    assert "counted with what you prefer" in page.content.decode()
    ties = confirmed.get("/roles/kernel-engineer/path/?strategic=5&ties=on")
    assert ties.context["path"].hours == 50


def test_demand_without_postings_enough_changes_nothing_and_says_so(confirmed: Client, world: World):
    page = confirmed.get("/roles/kernel-engineer/path/?demanded=5")
    assert page.context["path"].hours == 50
    assert "too few postings for this role" in page.content.decode()


def test_a_weight_out_of_range_is_refused(confirmed: Client):
    page = confirmed.get("/roles/kernel-engineer/path/?strategic=9")
    assert page.status_code == 422
    assert "Choose a whole number from 0 to 5." in page.content.decode()


def test_a_role_says_what_is_shared_and_missing_and_leads_on(confirmed: Client, twin: None):
    page = confirmed.get("/roles/porting-engineer/")
    assert [gap.skill.slug for gap in page.context["missing"]] == ["kernel-tuning", "porting"]
    assert page.context["shared"] == ()
    said = page.content.decode()
    assert "None at the level the role asks." in said
    assert 'href="/courses/?q=Kernel%20tuning"' in said
    assert 'href="/roles/?layer=technology"' in said
    assert [one["chosen"] for one in page.context["pair"]] == ["porting-engineer", ""]
    assert 'action="/roles/combine/"' in said
    shared = confirmed.get("/roles/kernel-engineer/").context["shared"]
    assert [skill.slug for skill in shared] == ["zig-tooling"]


def test_the_link_to_courses_finds_those_that_teach_the_skill(confirmed: Client, twin: None):
    page = confirmed.get("/courses/?q=Kernel%20tuning")
    assert {row["course"].slug for row in page.context["rows"]} == {
        "first-steps",
        "second-steps",
        "dear-steps",
    }


def test_the_page_of_a_role_costs_the_same_for_many_requirements(
    visitor: Client, twin: None, django_assert_num_queries: Counter
):
    long = builders.make_role("long", requires={f"skill-{number}": 2 for number in range(12)}, postings=50)
    for slug in ("kernel-engineer", long.slug):
        visitor.get(f"/roles/{slug}/")
        with django_assert_num_queries(ROLE_QUERIES):
            visitor.get(f"/roles/{slug}/")


ROLE_QUERIES = 11
