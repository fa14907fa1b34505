"""What must hold of any two problems that differ in one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import planning, verify
from recommender.domain import Catalogue, Landmark, Problem, Solution
from recommender.planning import what_if
from tests.recommender.planning_cases import Watch
from tests.recommender.test_planning import small_problems
from tests.recommender.test_planning_stages import tangled

Item = TypeVar("Item")


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


KINDS = (
    *("max_hours", "max_price", "min_hands_on", "exclude", "include", "one_of"),
    *("languages", "formats", "providers", "waiver withdrawn", "waiver dearer", "requirement"),
)


@settings(max_examples=400, deadline=None)
@given(small_problems(), st.sampled_from(KINDS), st.data())
def test_tightening_any_constraint_never_makes_a_plan_cheaper(
    case: Problem, kind: str, data: st.DataObject
) -> None:
    # A share of practice may be made up only by courses that lead to what is asked for: asking for more lets
    # more of them in.
    if kind in ("include", "one_of", "requirement") and case.constraints.min_hands_on:
        return
    assert cost(tightened(case, kind, data)) >= cost(case)


def tightened(case: Problem, kind: str, data: st.DataObject) -> Problem:
    limits = case.constraints
    names = st.sampled_from([one.id for one in case.catalogue.courses])
    if kind in ("max_hours", "max_price"):
        before, limit = getattr(limits, kind), data.draw(st.integers(0, 25))
        return what_if.constrained(case, **{kind: limit if before is None else min(before, limit)})
    if kind == "min_hands_on":
        return what_if.constrained(case, min_hands_on=data.draw(st.integers(limits.min_hands_on, 100)))
    if kind in ("exclude", "include"):
        return what_if.constrained(case, **{kind: getattr(limits, kind) | {data.draw(names)}})
    if kind == "one_of":
        more = data.draw(st.frozensets(names, min_size=1, max_size=3))
        return what_if.constrained(case, one_of=(*limits.one_of, more))
    if kind in ("languages", "formats", "providers"):
        fewer = data.draw(st.frozensets(st.sampled_from(["en", "zh", "online", "onsite", "north", "south"])))
        before = getattr(limits, kind)
        return what_if.constrained(case, **{kind: fewer if before is None else before & fewer})
    if kind == "requirement":
        skill = data.draw(st.sampled_from("abcd"))
        requires = {**case.role.requires, skill: min(5, case.role.requires.get(skill, 0) + 1)}
        return replace(case, role=replace(case.role, requires=requires))
    skills = sorted(limits.waivers)[:1]
    waivers = {skill: penalty for skill, penalty in limits.waivers.items() if skill not in skills}
    if kind == "waiver dearer":
        waivers |= {skill: limits.waivers[skill] + data.draw(st.integers(1, 9)) for skill in skills}
    return what_if.constrained(case, waivers=waivers)


def turned(case: Problem, data: st.DataObject) -> Problem:
    """The same problem, written down in another order throughout."""

    def shuffled(some: Sequence[Item]) -> tuple[Item, ...]:
        return tuple(data.draw(st.permutations(some)))

    def other(mapping: Mapping[str, int]) -> dict[str, int]:
        return dict(shuffled(sorted(mapping.items())))

    courses = [
        replace(
            one,
            requires=other(one.requires),
            teaches=other(one.teaches),
            one_of=tuple(shuffled(choice) for choice in shuffled(one.one_of)),
        )
        for one in shuffled(case.catalogue.courses)
    ]
    limits = case.constraints
    return replace(
        case,
        catalogue=Catalogue(courses=tuple(courses), skills=case.catalogue.skills),
        profile=replace(case.profile, levels=other(case.profile.levels)),
        role=replace(case.role, requires=other(case.role.requires)),
        objective=replace(case.objective, extra=other(case.objective.extra)),
        constraints=replace(limits, one_of=shuffled(limits.one_of), waivers=other(limits.waivers)),
    )


@settings(max_examples=150, deadline=None)
@given(small_problems(), st.data())
def test_the_order_of_what_is_given_is_irrelevant(case: Problem, data: st.DataObject) -> None:
    other = turned(case, data)
    assert other.catalogue.digest == case.catalogue.digest or any(
        one.one_of for one in case.catalogue.courses
    )
    first, second = planning.solve(case, stop=Watch()), planning.solve(other, stop=Watch())
    assert (first.status, first.cost, first.bound) == (second.status, second.cost, second.bound)
    if not any(one.one_of for one in case.catalogue.courses):
        assert [one.course for one in first.steps] == [one.course for one in second.steps]


class WorkLimit:
    """A stop-watch that counts how often it is asked instead of the time."""

    def __init__(self, times: int) -> None:
        self.left = times

    def remaining(self) -> float:
        self.left -= 1
        return 60.0 if self.left >= 0 else 0.0


@settings(max_examples=100, deadline=None)
@given(small_problems())
def test_the_same_problem_has_the_same_answer_to_the_last_landmark(case: Problem) -> None:
    assert planning.solve(case, stop=Watch()) == planning.solve(anew(case), stop=Watch())


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 20), st.integers(0, 60))
def test_under_a_fixed_work_limit_the_same_problem_has_the_same_answer(seed: int, times: int) -> None:
    case = tangled(seed, skills=20, courses=80)
    assert planning.solve(case, stop=WorkLimit(times)) == planning.solve(anew(case), stop=WorkLimit(times))


def anew(case: Problem) -> Problem:
    """The same problem, with nothing derived from it yet."""
    return replace(case, catalogue=Catalogue(courses=case.catalogue.courses, skills=case.catalogue.skills))


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
