"""What a course of a plan was chosen over, and by how much."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache

from groundwork.plans import instead, planning, snapshot
from groundwork.plans.planning import Planned
from tests import builders

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def planned() -> Planned:
    cache.clear()
    problem = snapshot.take(levels={}, role=builders.make_role(requires={"x": 2}))
    return planning.compute(problem, hours_per_week=7, starts_on=MONDAY)


def test_the_best_plan_without_the_course_tells_the_difference():
    builders.make_course("good", hours=10, teaches={"x": 2})
    builders.make_course("slow", hours=12, price=300, requires={"y": 1}, teaches={"x": 2})
    builders.make_course("door", hours=3, teaches={"y": 1})
    found = instead.of(planned(), "good")
    assert (found.hours, found.price, found.rival) == (5, 300, "slow")
    assert set(found.courses) == {"slow", "door"}
    assert (found.known, found.proven, found.needed) == (True, True, False)


def test_a_course_on_every_route_is_chosen_over_nothing():
    builders.make_course("only", hours=10, teaches={"x": 2})
    found = instead.of(planned(), "only")
    assert (found.needed, found.known, found.courses, found.rival) == (True, False, (), None)


def test_a_course_that_the_plan_does_not_take_has_no_worth():
    builders.make_course("only", hours=10, teaches={"x": 2})
    with pytest.raises(KeyError):
        instead.of(planned(), "none")


def test_too_little_time_is_said(monkeypatch: pytest.MonkeyPatch):
    builders.make_course("good", hours=10, teaches={"x": 2})
    builders.make_course("slow", hours=12, teaches={"x": 2})
    path = planned()
    cache.clear()
    monkeypatch.setattr(instead, "SECONDS", 0.0)
    assert not instead.of(path, "good").proven
