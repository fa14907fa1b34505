"""Random plans that hold, and random weeks to carry them out in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from recommender.domain import Course, HalfLife, Problem, Solution, Status, Step, after
from recommender.planning.calendar import Holiday, StudyTime
from tests.recommender.planning_cases import problem

MONDAY = date(2026, 11, 23)
SKILLS = ["git", "maths", "python", "sql"]


@dataclass(frozen=True)
class Plan:
    """A problem, a plan for it, and what the solver would say of it."""

    problem: Problem
    courses: list[str]

    @property
    def solution(self) -> Solution:
        cost = sum(self.problem.objective.cost(self.problem.catalogue.by_id[one]) for one in self.courses)
        steps = tuple(Step(course=one) for one in self.courses)
        return Solution(status=Status.FEASIBLE, cost=cost, bound=cost // 2, steps=steps)

    def hours(self, course: str) -> int:
        return self.problem.catalogue.by_id[course].hours


@st.composite
def plans(draw: st.DrawFn, *, longest: int = 40, least: int = 0) -> Plan:
    """A plan whose courses rest on the start or on each other; some have a choice of prerequisites."""
    have = draw(st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 4), max_size=2))
    levels, courses = dict(have), list[Course]()
    for number in range(draw(st.integers(0, 6))):
        met = {
            skill: draw(st.integers(1, level))
            for skill, level in sorted(levels.items())
            if draw(st.integers(0, 2)) == 0
        }
        choice = ({"law": 3}, met)
        courses.append(
            Course(
                id=f"c{number}",
                hours=draw(st.integers(least, longest)),
                price=draw(st.integers(0, 9)),
                requires={} if draw(st.booleans()) else met,
                teaches=draw(
                    st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5), min_size=1, max_size=2)
                ),
                one_of=(choice,) if draw(st.booleans()) else (),
            )
        )
        levels = after(courses[-1], levels)
    goal = {skill: level for skill, level in sorted(levels.items()) if draw(st.booleans())}
    return Plan(problem=problem(*courses, goal=goal, have=have), courses=[one.id for one in courses])


@st.composite
def holidays(draw: st.DrawFn) -> tuple[Holiday, ...]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        first = MONDAY + timedelta(days=draw(st.integers(-5, 90)))
        found.append(Holiday(first=first, last=first + timedelta(days=draw(st.integers(0, 20)))))
    return tuple(found)


@st.composite
def study_times(draw: st.DrawFn, *, parallel: int = 3) -> StudyTime:
    return StudyTime(
        start=MONDAY,
        hours_per_week=draw(st.integers(1, 40)),
        holidays=draw(holidays()),
        parallel=draw(st.integers(1, parallel)),
    )


def offerings(plan: Plan) -> st.SearchStrategy[dict[str, list[date]]]:
    """Start dates within a year or so for some of the courses."""
    days = st.lists(st.integers(-10, 400), max_size=4, unique=True).map(sorted)
    dates = days.map(lambda numbers: [MONDAY + timedelta(days=number) for number in numbers])
    return st.dictionaries(st.sampled_from(plan.courses), dates) if plan.courses else st.just({})


half_lives = st.dictionaries(st.sampled_from(SKILLS), st.sampled_from(HalfLife))


def in_parallel(time: StudyTime, places: int) -> StudyTime:
    return replace(time, parallel=places)
