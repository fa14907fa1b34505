"""Lists and plans cost a fixed number of queries, however much they show."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from groundwork.web.people import Row
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db

Counter = Callable[[int], AbstractContextManager[object]]


def test_the_roles_cost_the_same_for_two_and_for_twelve(visitor: Client, django_assert_num_queries: Counter):
    with django_assert_num_queries(6):
        assert visitor.get("/roles/").status_code == 200
    for number in range(10):
        builders.make_role(f"more-{number}", requires={"kernel-tuning": 2, f"skill-of-{number}": 1})
    with django_assert_num_queries(6):
        assert b"More 9" in visitor.get("/roles/").content


def test_a_plan_costs_the_same_for_one_step_and_for_six(
    ada: Client, people: Cast, world: World, django_assert_num_queries: Counter
):
    for number in range(1, 6):
        builders.make_course(
            f"rung-{number}", requires={"rung": number - 1} if number > 1 else {}, teaches={"rung": number}
        )
    short = builders.make_plan(people.ada_learner, world.role)
    long = builders.make_plan(people.ada_learner, builders.make_role("climber", requires={"rung": 5}))
    ada.get(f"/me/plans/{short.pk}/")
    for plan in (short, long):
        with django_assert_num_queries(20):
            assert ada.get(f"/me/plans/{plan.pk}/").status_code == 200


def assigned(hana: Client) -> list[Row]:
    return [row for row in hana.get("/organisation/").context["page"] if row.assignment]


def test_the_organisation_costs_the_same_for_one_person_and_for_six(
    hana: Client, people: Cast, world: World, django_assert_num_queries: Counter
):
    def employ(count: int) -> None:
        for _number in range(count):
            learner = builders.make_learner(organisation=people.ours)
            builders.make_assignment(learner, world.role)
            builders.make_plan(learner, world.role)

    employ(1)
    hana.get("/organisation/")
    with django_assert_num_queries(15):
        assert len(assigned(hana)) == 1
    employ(5)
    with django_assert_num_queries(15):
        assert len(assigned(hana)) == 6
