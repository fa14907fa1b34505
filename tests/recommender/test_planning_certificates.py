"""Certificates that were tampered with: what they say is checked word by word, and nothing false passes.

Some changes leave a certificate true, and are accepted: another order within a round, a round or a landmark
that carried nothing left out, a landmark made larger by what had cost left, a smaller share where another
round carries the bound. Which ones these are is decided here by the definition alone.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recommender import datasets, planning, verify
from recommender.domain import Certificate, Course, Landmark, Levels, Objective, Problem, Solution, after
from recommender.planning import what_if
from tests.recommender.planning_cases import (
    Watch,
    cheapest_by_enumeration,
    leading,
    takeable,
    within_limits,
)
from tests.recommender.test_planning import small_problems
from tests.recommender.test_planning_stages import tangled

FIXTURES = Path(__file__).parents[2] / "fixtures"

Rounds = list[list[Landmark]]


def proven(case: Problem, certificate: Certificate, *, cost: int) -> int | None:
    """The bound a certificate proves by its definition (`domain.Certificate`); None where a word is false."""
    useful = [one for one in case.catalogue.courses if one.id in leading(case)]
    price = {(one.id, False): case.objective.cost(one) for one in useful}
    price |= {(skill, True): penalty for skill, penalty in case.constraints.waivers.items()}
    bound, gone = 0, set[str]()
    for landmarks in certificate:
        charged = Counter[tuple[str, bool]]()
        for one in landmarks:
            names = [(name, False) for name in one.courses] + [(name, True) for name in one.waivers]
            rest = [course for course in useful if course.id not in gone | set(one.courses)]
            if one.share < 1 or len(set(names)) < len(names) or is_met(case, rest, barred=one.waivers):
                return None
            charged.update(dict.fromkeys(names, one.share))
        if any(amount > price[name] for name, amount in charged.items() if name in price):
            return None
        total = sum(one.share for one in landmarks)
        bound = max(bound, total)
        gone |= {one.id for one in useful if total + price[one.id, False] - charged[one.id, False] >= cost}
    return min(bound, cost)


def is_met(case: Problem, courses: list[Course], *, barred: tuple[str, ...]) -> bool:
    """Whether all of `courses` that can be taken lead to the role, without the waivers `barred`."""
    levels: Levels = case.profile.levels
    taken = set(case.profile.taken)
    for _ in courses:
        for one in courses:
            if one.can_be_taken(levels):
                levels = after(one, levels)
                taken.add(one.id)
    exempt = case.constraints.waivers.keys() - set(barred)
    reached = all(
        levels.get(skill, 0) >= level or skill in exempt for skill, level in case.role.requires.items()
    )
    return reached and all(taken & choice for choice in case.constraints.must_take)


def changed(rounds: Rounds, data: st.DataObject, names: list[str]) -> None:
    """Change one thing somewhere in `rounds`: a landmark, a share, a course, an order, a round."""
    number = data.draw(st.integers(0, len(rounds) - 1), label="round")
    kinds = ["drop", "repeat", "turn", *(["within"] * 6 if rounds[number] else [])]
    kind = data.draw(st.sampled_from(kinds), label="change of rounds")
    if kind == "drop":
        del rounds[number]
    elif kind == "repeat":
        rounds.insert(number, list(rounds[number]))
    elif kind == "turn":
        rounds.reverse()
    else:
        changed_within(rounds, number, data, names)


def changed_within(rounds: Rounds, number: int, data: st.DataObject, names: list[str]) -> None:
    landmarks = rounds[number]
    place = data.draw(st.integers(0, len(landmarks) - 1), label="landmark")
    kind = data.draw(st.sampled_from(["other", "other", "drop", "repeat", "turn", "move"]), label="change")
    if kind == "other":
        landmarks[place] = data.draw(
            st.sampled_from(others(landmarks[place], data.draw(st.sampled_from(names))))
        )
    elif kind == "drop":
        del landmarks[place]
    elif kind == "repeat":
        landmarks.append(landmarks[place])
    elif kind == "turn":
        landmarks.reverse()
    else:
        rounds[data.draw(st.integers(0, len(rounds) - 1))].append(landmarks.pop(place))


def others(one: Landmark, name: str) -> list[Landmark]:
    """Landmarks that differ in a share, a course or a waiver; `name` is that of some course."""
    shares = one.share - 1, one.share + 1, 2 * one.share, 0, -one.share
    fewer = (tuple(other for other in one.courses if other != lost) for lost in one.courses)
    return [
        *(replace(one, share=share) for share in shares),
        *(replace(one, courses=courses) for courses in fewer),
        replace(one, courses=(*one.courses, name)),
        replace(one, courses=(), waivers=()),
        replace(one, waivers=() if one.waivers else ("a",)),
    ]


@st.composite
def solved(draw: st.DrawFn) -> tuple[Problem, Solution]:
    """A problem that has a plan, and its solution; of one that has none, without most of its limits."""
    case = draw(small_problems())
    solution = planning.solve(case, stop=Watch())
    if solution.cost is None:
        free: dict[str, Any] = {"max_price": None, "max_hours": None, "min_hands_on": 0, "one_of": ()}
        free |= {"languages": None, "formats": None, "providers": None, "exclude": frozenset()}
        free |= {"waivers": {**dict.fromkeys(solution.unreachable, 7), **case.constraints.waivers}}
        case = what_if.constrained(case, include=frozenset(), **free)
        solution = planning.solve(case, stop=Watch())
    assume(solution.cost is not None)
    return case, solution


@settings(max_examples=400, deadline=None)
@given(solved(), st.data(), st.integers(1, 3))
def test_a_changed_certificate_passes_exactly_if_it_still_proves_the_bound(
    answer: tuple[Problem, Solution], data: st.DataObject, times: int
) -> None:
    case, solution = answer
    assert solution.cost is not None
    rounds = [list(landmarks) for landmarks in solution.certificate]
    for _ in range(times):
        if rounds:
            changed(rounds, data, [*(one.id for one in case.catalogue.courses), "nowhere"])
    certificate = tuple(map(tuple, rounds))
    truth = proven(case, certificate, cost=solution.cost)
    verdict = verify.verify_certificate(case, certificate, cost=solution.cost)
    assert (verdict.cost if verdict.valid else None) == truth
    claim = replace(solution, certificate=certificate, solver="somebody's")
    assert verify.verify_solution(case, claim).valid == (truth == solution.verified_bound)
    # Whatever passes, with whatever bound it proves, is sound.
    if truth is not None:
        assert truth <= (cheapest_by_enumeration(case) or 0)


@settings(max_examples=200, deadline=None)
@given(solved(), st.data())
def test_steps_in_another_order_or_number_pass_exactly_if_they_are_a_plan_of_that_cost(
    answer: tuple[Problem, Solution], data: st.DataObject
) -> None:
    case, solution = answer
    by_id = case.catalogue.by_id
    steps = data.draw(st.permutations(solution.steps))
    steps = steps[: len(steps) - data.draw(st.integers(0, 1))] + steps[: data.draw(st.integers(0, 1))]
    courses = tuple(by_id[step.course] for step in steps)
    levels: Levels = case.profile.levels
    in_order = len({one.id for one in courses}) == len(courses)
    for one in courses:
        in_order &= one.can_be_taken(levels)
        levels = after(one, levels)
    cost = sum(map(case.objective.cost, courses)) + sum(
        case.constraints.waivers[skill] for skill in solution.waived
    )
    is_plan = (
        in_order
        and cost == solution.cost
        and within_limits(case, courses)
        and takeable(case, courses, waived=frozenset(solution.waived))
    )
    claim = replace(solution, steps=tuple(steps), points=None, surcharge=None, least_points=None)
    assert verify.verify_solution(case, claim).valid == is_plan


@settings(max_examples=100, deadline=None)
@given(solved(), st.sampled_from(["cost", "bound", "verified_bound"]), st.sampled_from([-1, 1, 1000]))
def test_other_figures_are_refused(answer: tuple[Problem, Solution], name: str, change: int) -> None:
    case, solution = answer
    assert_refused(case, other_figure(solution, name, change))


def other_figure(solution: Solution, name: str, change: int) -> Solution:
    figures = {
        "cost": solution.cost or 0,
        "bound": solution.bound or 0,
        "verified_bound": solution.verified_bound or 0,
    }
    figures[name] += change
    return replace(
        solution,
        cost=figures["cost"],
        bound=figures["bound"],
        verified_bound=figures["verified_bound"],
        solver="somebody's",
    )


def assert_refused(case: Problem, claim: Solution) -> None:
    assert not verify.verify_solution(case, claim).valid


@cache
def large_case(name: str) -> tuple[Problem, Solution]:
    """A problem of a size where nothing can be enumerated, with its answer."""
    if name.isdigit():
        case = tangled(int(name), skills=25, courses=120)
    else:
        fixtures = datasets.load(FIXTURES)
        person = fixtures.people[name]
        case = Problem(
            id=name,
            catalogue=fixtures.catalogue(),
            profile=person.profile,
            role=fixtures.role(person.role),
            objective=Objective(hour=100, price=1),
        )
    solution = planning.solve(case, stop=Watch())
    assert verify.verify_solution(case, solution).errors == ()
    return case, solution


@pytest.mark.parametrize(
    ("name", "times"), [("0", 25), ("1", 25), ("2", 25), ("hao-devops", 3), ("grace-nurse", 3)]
)
def test_what_must_be_false_is_refused_in_any_round_of_a_large_certificate(name: str, times: int) -> None:
    case, solution = large_case(name)
    rng = random.Random(name)
    for _ in range(times):
        number = rng.randrange(len(solution.certificate))
        landmarks = solution.certificate[number]
        one = rng.choice(landmarks)
        others = tuple(other for other in landmarks if other is not one)
        for false in (
            # Each landmark charges the last of some course, so neither more nor the same again is left.
            (replace(one, share=one.share + 1), *others),
            (one, one, *others),
            (replace(one, share=0), *others),
            (replace(one, courses=()), *others),
            (replace(one, courses=("nowhere",)), *others),
            (replace(one, courses=(*one.courses, one.courses[0])), *others),
        ):
            certificate = (*solution.certificate[:number], false)
            assert not verify.verify_certificate(case, certificate, cost=solution.cost or 0).valid


@pytest.mark.parametrize("name", ["0", "1", "hao-devops"])
def test_a_large_certificate_without_its_best_round_or_with_other_figures_is_refused(name: str) -> None:
    case, solution = large_case(name)
    totals = [sum(other.share for other in some) for some in solution.certificate]
    before_best = solution.certificate[: totals.index(max(totals))]
    assert_refused(case, replace(solution, certificate=before_best, solver="somebody's"))
    for figure in ("cost", "bound", "verified_bound"):
        assert_refused(case, other_figure(solution, figure, 1))
    assert_refused(case, other_figure(solution, "verified_bound", -1))
