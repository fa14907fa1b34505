"""From domain values to integer arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from recommender.domain import Course, Problem
from recommender.errors import MalformedInputError
from recommender.planning.task import TRUE, Rows, Task

MAX_TOTAL = 2**50
"""Above this, sums of costs would not be exact in a solver's floating-point numbers."""

IncludeOrFact = tuple[str, int]
INCLUDED = -1
"""Stands in the place of a level in the fact "this course was taken"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The task and the role skill behind each goal (None: a course that must be taken)."""

    task: Task
    goal_skills: tuple[str | None, ...]


def compile_problem(problem: Problem) -> Compiled:
    """All allowed courses that give something new, as a `Task`.

    Raises MalformedInputError when a constraint names an unknown course or when costs are too large.
    """
    _check_ids(problem)
    _check_sizes(problem)
    build = _Builder(problem)
    for position, course in enumerate(problem.catalogue.courses):
        if course.id not in problem.constraints.exclude:
            build.add_course(position, course)
    return build.finish()


class _Builder:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.have = problem.profile.levels
        self.number: dict[IncludeOrFact, int] = {("", 0): TRUE}
        self.source: list[int] = []
        self.pre: list[int] = []
        self.add: list[int] = []
        self.pre_lengths: list[int] = []
        self.add_lengths: list[int] = []

    def add_course(self, position: int, course: Course) -> None:
        """Append a course unless it gives nothing new and need not be taken."""
        have, number = self.have, self.number
        add: list[int] = []
        for skill, level in course.teaches.items():
            held = max(have.get(skill, 0), course.requires.get(skill, 0))
            add.extend(number.setdefault((skill, one), len(number)) for one in range(held + 1, level + 1))
        if course.id in self.problem.constraints.include:
            add.append(number.setdefault((course.id, INCLUDED), len(number)))
        if not add:
            return
        pre = [
            number.setdefault((skill, level), len(number))
            for skill, level in course.requires.items()
            if level > have.get(skill, 0)
        ] or [TRUE]
        self.source.append(position)
        self.pre += pre
        self.add += add
        self.pre_lengths.append(len(pre))
        self.add_lengths.append(len(add))

    def finish(self) -> Compiled:
        """The arrays, with the goals of the role and of the courses that must be taken."""
        problem, number = self.problem, self.number
        goals: list[int] = []
        goal_skills: list[str | None] = []
        for skill, level in sorted(problem.role.requires.items()):
            if level > self.have.get(skill, 0):
                goals.append(number.setdefault((skill, level), len(number)))
                goal_skills.append(skill)
        for course_id in sorted(problem.constraints.include):
            goals.append(number.setdefault((course_id, INCLUDED), len(number)))
            goal_skills.append(None)
        courses = [problem.catalogue.courses[position] for position in self.source]
        task = Task(
            source=_integers(self.source),
            cost=_integers(problem.objective.cost(course) for course in courses),
            hours=_integers(course.hours for course in courses),
            price=_integers(course.price for course in courses),
            pre=Rows.of(_integers(self.pre_lengths), _integers(self.pre)),
            add=Rows.of(_integers(self.add_lengths), _integers(self.add)),
            facts=len(number),
            goals=_integers(goals),
            max_hours=problem.constraints.max_hours,
            max_price=problem.constraints.max_price,
        )
        return Compiled(task=task, goal_skills=tuple(goal_skills))


def _integers(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.fromiter(values, dtype=np.int64)


def _check_ids(problem: Problem) -> None:
    for name in ("include", "exclude"):
        unknown = sorted(getattr(problem.constraints, name) - problem.catalogue.by_id.keys())
        if unknown:
            raise MalformedInputError(
                f"problem {problem.id}: constraints.{name}: unknown course {unknown[0]!r}"
            )


def _check_sizes(problem: Problem) -> None:
    objective = problem.objective
    if objective.hour < 0 or objective.price < 0:
        raise MalformedInputError(f"problem {problem.id}: objective: weights must not be negative")
    hours = price = 0
    for course in problem.catalogue.courses:
        if course.hours < 0 or course.price < 0:
            raise MalformedInputError(f"course {course.id!r}: hours and price must not be negative")
        hours += course.hours
        price += course.price
    if max(hours, price, objective.hour * hours + objective.price * price) > MAX_TOTAL:
        raise MalformedInputError(
            f"problem {problem.id}: the costs of all courses add up to more than {MAX_TOTAL}"
        )
