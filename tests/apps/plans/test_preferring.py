"""Demand and strategic priority in a plan: priced openly or between ties, never behind anybody's back."""

from __future__ import annotations

import pytest

from groundwork.frameworks.models import Demand, Priority, Role
from groundwork.plans import preferring, snapshot
from groundwork.plans.snapshot import Wishes
from recommender import planning
from recommender.planning import Unlimited
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def role(db: None) -> Role:  # rows need the database
    """Two ways to the role: 20 hours that teach nothing more, or 23 hours that teach mlir besides."""
    builders.make_skill("mlir", kind="foundation")
    builders.make_course("plain", hours=20, teaches={"cpp": 2})
    builders.make_course("rich", hours=23, teaches={"cpp": 2, "mlir": 3})
    return builders.make_role("compiler-role", requires={"cpp": 2})


def strategic(skill: str, priority: int = 1) -> None:
    Priority.objects.create(
        skill=builders.make_skill(skill),
        priority=priority,
        reason_en="Test.",
        reason_zh="测试。",
        source="test",
        as_of="2026-01",
        basis=Priority.Basis.EDITORIAL,
    )


def course(role: Role, **wishes: int | bool) -> str:
    problem = snapshot.take(levels={}, role=role, wishes=Wishes(**wishes))  # type: ignore[arg-type]
    solution = planning.solve(problem, stop=Unlimited())
    assert solution.status == "optimal"
    (step,) = solution.steps
    return step.course


def test_a_strategic_skill_is_worth_some_hours_but_not_any(role):
    strategic("mlir")
    assert course(role) == "plain"
    assert course(role, strategic=1) == "plain", "2 hours dearer by weight 1"
    assert course(role, strategic=5) == "rich"


def test_between_ties_a_preference_costs_nothing(role):
    strategic("mlir")
    assert course(role, strategic=5, ties_only=True) == "plain"
    builders.make_course("rich-and-short", hours=20, teaches={"cpp": 2, "mlir": 3})
    assert course(role, strategic=1, ties_only=True) == "rich-and-short"


def test_a_layer_counts_for_its_skills_half_of_what_a_named_skill_does(role):
    facts = {"reason_en": "T", "reason_zh": "测", "source": "test", "as_of": "2026", "basis": "stated"}
    Priority.objects.create(layer="foundation", priority=1, **facts)
    assert preferring.of_strategy() == {"mlir": 50}
    strategic("mlir", priority=1)
    assert preferring.of_strategy() == {"mlir": 100}


def test_demand_counts_only_where_postings_are_enough(role):
    found = builders.make_demand(role, postings=29, terms={"mlir": 29})
    found.terms.update(low=900, high=1000)
    again = Role.objects.with_requirements().get()
    assert preferring.of_postings([again]) == {}
    assert course(again, demanded=5) == "plain"
    Demand.objects.update(postings=100)
    enough = Role.objects.with_requirements().get()
    assert preferring.of_postings([enough]) == {"mlir": 90}
    assert course(enough, demanded=5) == "rich"


def test_without_a_wish_nothing_is_preferred(role):
    strategic("mlir")
    problem = snapshot.take(levels={}, role=role)
    assert problem.objective == snapshot.OBJECTIVE
