"""What must hold of any two problems that differ in one thing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import planning, verify
from recommender.domain import Catalogue, Landmark, Problem, Solution
from tests.recommender.planning_cases import Watch
from tests.recommender.test_planning import small_problems


def cost(case: Problem) -> float:
    """Cost of the cheapest plan; infinite when there is none."""
    found = planning.solve(case, stop=Watch()).cost
    return float("inf") if found is None else found


@settings(max_examples=60, deadline=None)
@given(small_problems(), st.data())
def test_one_course_less_never_makes_a_plan_cheaper(case: Problem, data: st.DataObject) -> None:
    limits = case.constraints
    kept = frozenset[str]().union(
        limits.include, limits.exclude, *limits.one_of, case.profile.taken, case.objective.extra
    )
    free = [one for one in case.catalogue.courses if one.id not in kept]
    # A share of practice may be made up only by courses that lead to the role, and one less leads fewer.
    if not free or limits.min_hands_on:
        return
    dropped = data.draw(st.sampled_from(free))
    courses = tuple(one for one in case.catalogue.courses if one is not dropped)
    smaller = replace(case, catalogue=Catalogue(courses=courses, skills=case.catalogue.skills))
    assert cost(smaller) >= cost(case)


@settings(max_examples=60, deadline=None)
@given(small_problems(), st.integers(0, 20), st.integers(0, 20))
def test_a_tighter_limit_never_makes_a_plan_cheaper(case: Problem, hours: int, price: int) -> None:
    limits = case.constraints
    tighter = replace(
        limits,
        max_hours=hours if limits.max_hours is None else min(hours, limits.max_hours),
        max_price=price if limits.max_price is None else min(price, limits.max_price),
    )
    assert cost(replace(case, constraints=tighter)) >= cost(case)


@settings(max_examples=120, deadline=None)
@given(small_problems(), st.data())
def test_a_certificate_that_claims_more_than_it_proves_is_refused(case: Problem, data: st.DataObject) -> None:
    solution = planning.solve(case, stop=Watch())
    if not solution.certificate or not solution.certificate[0]:
        return
    landmarks = list(solution.certificate[0])
    place = data.draw(st.integers(0, len(landmarks) - 1))
    assert not accepted(case, solution, [*landmarks[:place], *landmarks[place + 1 :]], rounds=1)
    if landmarks[place].courses or landmarks[place].waivers:
        nothing = Landmark(courses=(), share=landmarks[place].share)
        assert not accepted(case, solution, [*landmarks[:place], nothing, *landmarks[place + 1 :]], rounds=1)
    dear = replace(landmarks[place], share=landmarks[place].share + 10**6)
    assert not accepted(case, solution, [*landmarks[:place], dear, *landmarks[place + 1 :]], rounds=1)


def accepted(case: Problem, solution: Solution, landmarks: list[Landmark], *, rounds: int) -> bool:
    """Whether the first round, changed, still passes with the bound that it proves unchanged."""
    first = verify.verify_certificate(case, solution.certificate[:rounds], cost=solution.cost or 0)
    changed = replace(
        solution, certificate=(tuple(landmarks),), verified_bound=first.cost, solver="somebody's"
    )
    return verify.verify_solution(case, changed).valid
