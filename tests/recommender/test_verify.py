"""The checker accepts what holds and names everything that does not."""

from __future__ import annotations

from typing import Any

import pytest

from recommender import verify
from recommender.domain import Solution, Status, Step
from tests.recommender.planning_cases import course, problem

BASICS = course("basics", {"python": 2}, hours=20, price=5)
ADVANCED = course("advanced", {"ml": 3}, requires={"python": 2}, hours=30, price=7)
OTHER = course("other", {"sql": 1}, hours=3)


def case(**constraints):
    return problem(BASICS, ADVANCED, OTHER, goal={"ml": 3}, **constraints)


def test_a_valid_plan_is_accepted_with_its_cost():
    verdict = verify.verify(case(), ["basics", "advanced"], cost=50)
    assert (verdict.valid, verdict.cost, verdict.errors) == (True, 50, ())


@pytest.mark.parametrize(
    ("courses", "constraints", "complaint"),
    [
        (["advanced", "basics"], {}, "step 1, advanced: requires python 2, the learner stands at 0"),
        (["basics"], {}, "ml is at level 0 at the end, the role requires 3"),
        (["basics", "advanced", "basics"], {}, "basics is taken twice"),
        (["basics", "ghost"], {}, "ghost is not in the catalogue"),
        (["basics", "advanced"], {"max_hours": 49}, "50 hours are more than the limit of 49"),
        (["basics", "advanced"], {"max_price": 11}, "a price of 12 is more than the limit of 11"),
        (["basics", "advanced"], {"exclude": frozenset({"basics"})}, "basics is excluded"),
        (["basics", "advanced"], {"include": frozenset({"other"})}, "other must be taken and is not"),
    ],
)
def test_each_fault_is_named(courses, constraints, complaint):
    verdict = verify.verify(case(**constraints), courses)
    assert not verdict.valid
    assert complaint in verdict.errors


def test_a_wrong_cost_is_named():
    verdict = verify.verify(case(), ["basics", "advanced"], cost=49)
    assert verdict.errors == ("the claimed cost is 49, the courses cost 50",)


def test_a_wrong_claim_of_unreachability_is_named():
    stuck = problem(ADVANCED, goal={"ml": 3, "go": 1})
    assert verify.verify_unreachable(stuck, ["ml", "go"]).valid
    assert verify.verify_unreachable(stuck, ["ml"]).errors == ("go cannot be reached and is not listed",)
    assert verify.verify_unreachable(case(), ["ml"]).errors == ("ml can be reached",)


def claim(**changes: Any) -> Solution:
    whole = {"status": Status.OPTIMAL, "cost": 50, "bound": 50, "steps": steps("basics", "advanced")}
    return Solution(**{**whole, **changes})


def steps(*courses: str) -> tuple[Step, ...]:
    return tuple(Step(course=course) for course in courses)


@pytest.mark.parametrize(
    "good",
    [
        claim(),
        claim(status=Status.FEASIBLE, bound=40),
        claim(status=Status.UNKNOWN, cost=None, bound=None, steps=()),
    ],
)
def test_a_consistent_claim_is_accepted(good: Solution) -> None:
    assert verify.verify_solution(case(), good).errors == ()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"cost": None}, "states its cost and its bound"),
        ({"bound": None}, "states its cost and its bound"),
        ({"bound": 51}, "the bound 51 is above the cost 50"),
        ({"bound": 49}, "the status is optimal, but the bound 49 is not the cost 50"),
        ({"cost": 49, "bound": 49}, "the claimed cost is 49, the courses cost 50"),
        ({"unreachable": ("ml",)}, "names no unreachable skills"),
        ({"steps": steps("advanced", "basics")}, "requires python 2"),
        ({"status": Status.INFEASIBLE}, "has neither steps nor cost"),
        ({"status": Status.UNKNOWN, "cost": None, "bound": None}, "has neither steps nor cost"),
        (
            {"status": Status.UNKNOWN, "cost": None, "bound": None, "steps": (), "unreachable": ("ml",)},
            "names no unreachable skills",
        ),
    ],
)
def test_each_false_claim_is_refused(changes: dict[str, Any], complaint: str) -> None:
    verdict = verify.verify_solution(case(), claim(**changes))
    assert not verdict.valid
    assert any(complaint in error for error in verdict.errors)


def test_infeasible_is_refused_when_taking_everything_is_a_plan() -> None:
    nothing = Solution(status=Status.INFEASIBLE)
    verdict = verify.verify_solution(case(), nothing)
    assert verdict.errors == ("taking every course that can be taken is a plan",)
    assert verify.verify_solution(case(max_hours=49), nothing).valid
    assert verify.verify_solution(problem(ADVANCED, goal={"ml": 3}), nothing).errors == (
        "ml cannot be reached and is not listed",
    )
