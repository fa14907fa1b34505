"""Who is developed into what: against every assignment there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import planning, verify
from recommender.domain import Objective, Problem, Profile, Role, Solution, Status
from recommender.errors import MalformedInputError
from recommender.planning import workforce
from recommender.planning.workforce import Opening, Person, Workforce
from tests.recommender.planning_cases import Watch, course, problem
from tests.recommender.test_planning_stages import tangled

LADDER = problem(
    course("x1", {"x": 1}, hours=10),
    course("x2", {"x": 2}, requires={"x": 1}, hours=10),
    course("y1", {"y": 1}, hours=12),
    goal={},
).catalogue
X, Y = Role(id="x", requires={"x": 2}), Role(id="y", requires={"y": 1})


def person(name: str, *, wishes: frozenset[str] | None = None, **levels: int) -> Person:
    return Person(id=name, profile=Profile(levels=levels), wishes=wishes)


def question(*people: Person, seats: tuple[int, int] = (1, 1), **more) -> Workforce:
    openings = (Opening(role=X, seats=seats[0]), Opening(role=Y, seats=seats[1]))
    return Workforce(catalogue=LADDER, people=people, openings=openings, **more)


def roles(plan: workforce.WorkforcePlan) -> dict[str, str]:
    return {one.person: one.role for one in plan.assignments}


def test_the_one_who_is_nearer_gets_the_role_and_the_total_is_proven():
    plan = workforce.assign(question(person("ada"), person("ben", x=1)))
    assert roles(plan) == {"ada": "y", "ben": "x"}
    assert (plan.cost, plan.bound, plan.status) == (22, 22, Status.OPTIMAL)
    assert plan.empty == {}


def test_a_wish_is_a_constraint():
    plan = workforce.assign(question(person("ada"), person("ben", x=1, wishes=frozenset({"y"}))))
    assert roles(plan) == {"ada": "x", "ben": "y"}


def test_nobody_is_asked_for_more_than_is_fair_and_the_seat_stays_empty():
    plan = workforce.assign(question(person("ada"), person("ben"), most_effort=15))
    assert list(roles(plan).values()) == ["y"]
    assert plan.empty == {"x": 1}


def test_of_many_people_the_nearest_fill_the_seats():
    plan = workforce.assign(question(person("ada"), person("ben", x=1), person("eve", x=1), seats=(2, 1)))
    assert roles(plan) == {"ada": "y", "ben": "x", "eve": "x"}


PRICED = problem(
    course("x2", {"x": 2}, hours=10, price=90),
    course("y1", {"y": 1}, hours=12, price=30),
    course("y1-long", {"y": 1}, hours=20),
    goal={},
).catalogue


def test_the_budget_of_all_together_is_a_constraint():
    people = (person("ada"), person("ben"))
    asked = question(*people, objective=Objective(hour=100, price=0))
    whole = replace(asked, catalogue=PRICED, budget=120)
    assert sorted(roles(workforce.assign(whole)).values()) == ["x", "y"]
    tight = workforce.assign(replace(whole, budget=119))
    assert (list(roles(tight).values()), tight.cost, tight.status) == (["x"], 1000, Status.OPTIMAL)
    assert workforce.assign(replace(whole, budget=0)).assignments == ()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 500), budget=st.integers(0, 60), data=st.data())
def test_the_total_within_a_budget_equals_that_of_the_best_of_all(
    seed: int, budget: int, data: st.DataObject
) -> None:
    catalogue = tangled(seed, skills=6, courses=14).catalogue
    levels = st.dictionaries(st.sampled_from(sorted(catalogue.skills)), st.integers(1, 3), max_size=3)
    people = tuple(Person(id=f"p{n}", profile=Profile(levels=data.draw(levels))) for n in range(3))
    openings = tuple(Opening(role=Role(id=f"r{n}", requires=data.draw(levels)), seats=1) for n in range(3))
    asked = Workforce(catalogue=catalogue, people=people, openings=openings, budget=budget)
    plan = workforce.assign(asked)
    found = {(one.id, other.role.id): solved(asked, one, other) for one in people for other in openings}
    price = {key: sum(catalogue.by_id[step.course].price for step in one.steps) for key, one in found.items()}
    totals = []
    for order in permutations([*openings, None, None, None], 3):
        pairs = [(one.id, other.role.id) for one, other in zip(people, order, strict=True) if other]
        if all(found[one].cost is not None for one in pairs) and sum(price[one] for one in pairs) <= budget:
            totals.append((-len(pairs), sum(found[one].cost or 0 for one in pairs)))
    assert (-len(plan.assignments), plan.cost) == min(totals)
    assert plan.status is Status.OPTIMAL


def test_two_of_one_name_and_a_role_without_a_seat_are_refused():
    with pytest.raises(MalformedInputError, match="'ada' occurs twice"):
        workforce.assign(question(person("ada"), person("ada")))
    with pytest.raises(MalformedInputError, match="at least one seat"):
        workforce.assign(question(person("ada"), seats=(0, 1)))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 500), data=st.data())
def test_the_total_equals_that_of_the_best_of_all_assignments(seed: int, data: st.DataObject) -> None:
    catalogue = tangled(seed, skills=6, courses=14).catalogue
    levels = st.dictionaries(st.sampled_from(sorted(catalogue.skills)), st.integers(1, 3), max_size=3)
    people = tuple(Person(id=f"p{n}", profile=Profile(levels=data.draw(levels))) for n in range(3))
    openings = tuple(Opening(role=Role(id=f"r{n}", requires=data.draw(levels)), seats=1) for n in range(3))
    asked = Workforce(catalogue=catalogue, people=people, openings=openings)
    plan = workforce.assign(asked)
    assert plan.status is Status.OPTIMAL
    costs = {(one.id, other.role.id): solved(asked, one, other).cost for one in people for other in openings}
    totals = []
    for order in permutations(openings):
        found = [costs[one.id, other.role.id] for one, other in zip(people, order, strict=True)]
        known = [cost for cost in found if cost is not None]
        totals.append((-len(known), sum(known)))
    assert (-len(plan.assignments), plan.cost) == min(totals)
    for one in plan.assignments:
        case = pair(asked, *named(asked, one))
        assert verify.verify_solution(case, one.solution).errors == ()


def named(asked: Workforce, one: workforce.Assignment) -> tuple[Person, Opening]:
    who = next(other for other in asked.people if other.id == one.person)
    return who, next(other for other in asked.openings if other.role.id == one.role)


def pair(asked: Workforce, one: Person, other: Opening) -> Problem:
    return Problem(id="pair", catalogue=asked.catalogue, profile=one.profile, role=other.role)


def solved(asked: Workforce, one: Person, other: Opening) -> Solution:
    return planning.solve(pair(asked, one, other), stop=Watch())
