"""Other plans for the same goal: the one finished first, the cheapest, the one with most practice."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache

from groundwork.plans import distances, planning, snapshot, variants
from groundwork.plans.planning import Planned
from groundwork.plans.snapshot import Wishes
from groundwork.plans.variants import Aim, Variant
from tests import builders

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def planned(**wishes: object) -> Planned:
    cache.clear()
    role = builders.make_role(requires={"x": 2})
    problem = snapshot.take(levels={}, role=role, wishes=Wishes(**wishes))  # type: ignore[arg-type]
    return planning.compute(problem, hours_per_week=7, starts_on=MONDAY)


def by_aim(path: Planned) -> dict[Aim, Variant]:
    return {one.aim: one for one in variants.of(path)}


def courses(variant: Variant) -> list[str]:
    return [step.course for step in variant.planned.steps]


@pytest.fixture
def catalogue() -> None:
    builders.make_course("usual", hours=30, price=100, teaches={"x": 2})
    builders.make_course("quick", hours=20, price=5000, teaches={"x": 2})
    builders.make_course("free", hours=90, teaches={"x": 2})
    builders.make_course("workshop", hours=36, price=150, teaches={"x": 2}, hands_on=True)


@pytest.mark.usefixtures("catalogue")
def test_each_variant_is_best_in_its_aim_and_says_by_which_limit():
    path = planned()
    assert [step.course for step in path.steps] == ["usual"]
    found = by_aim(path)
    assert {aim: courses(one) for aim, one in found.items()} == {
        Aim.FASTEST: ["quick"],
        Aim.CHEAPEST: ["free"],
        Aim.HANDS_ON: ["workshop"],
    }
    assert all(one.proven for one in found.values())
    limits = {aim: (one.max_hours, one.max_price, one.min_hands_on) for aim, one in found.items()}
    assert limits[Aim.FASTEST] == (20, None, None)
    assert limits[Aim.CHEAPEST] == (None, 0, None)
    assert limits[Aim.HANDS_ON] == (None, None, 100)


@pytest.mark.usefixtures("catalogue")
def test_a_limit_asked_for_leads_to_the_same_plan():
    path = planned()
    for variant in variants.of(path):
        limits = {"max_hours": variant.max_hours, "max_price": variant.max_price}
        again = planned(**limits, min_hands_on=variant.min_hands_on or 0)
        assert [step.course for step in again.steps] == courses(variant)


@pytest.mark.usefixtures("catalogue")
def test_variants_keep_what_is_wished_besides():
    found = by_aim(planned(exclude=frozenset({"quick"}), max_hours=60))
    assert courses(found[Aim.FASTEST]) == ["usual"]
    assert courses(found[Aim.CHEAPEST]) == ["usual"], "the free one takes too long"


def test_practice_that_costs_too_much_is_not_offered():
    builders.make_course("usual", hours=30, teaches={"x": 2})
    builders.make_course("workshop", hours=38, teaches={"x": 2}, hands_on=True)
    found = by_aim(planned())[Aim.HANDS_ON]
    assert (courses(found), found.min_hands_on, found.proven) == (["usual"], None, True)


@pytest.mark.usefixtures("catalogue")
def test_with_too_little_time_nothing_is_called_proven(monkeypatch: pytest.MonkeyPatch):
    path = planned()
    cache.clear()
    monkeypatch.setattr(variants, "SECONDS", 0.0)
    monkeypatch.setattr(distances, "SECONDS_PER_ROLE", 0.0)
    assert not any(one.proven for one in variants.of(path))
