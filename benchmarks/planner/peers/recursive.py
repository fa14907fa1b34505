"""What a developer writes by hand: for each goal the cheapest course, then its prerequisites likewise."""

from __future__ import annotations

import sys
from collections import defaultdict

from benchmarks.planner.grounding import Task
from benchmarks.planner.peers.answer import UNSUPPORTED, Answer
from recommender.domain import Course, Levels, Problem, after

DEEPEST = 20_000


def solve(problem: Problem, task: Task, seconds: float) -> Answer:
    """Backtracks out of dead ends; ignores what courses teach besides."""
    del seconds
    if task.limited:
        return UNSUPPORTED
    sys.setrecursionlimit(DEEPEST)
    walk = _Walk(problem, task)
    if not all(
        walk.reach(skill, level, frozenset()) for skill, level in sorted(problem.role.requires.items())
    ):
        return Answer(courses=None, note="stuck")
    return Answer(courses=tuple(dict.fromkeys(walk.taken)))


class _Walk:
    def __init__(self, problem: Problem, task: Task) -> None:
        self.taken: list[str] = []
        self.levels = dict(problem.profile.levels)
        self._teaching: dict[str, list[Course]] = defaultdict(list)
        relevant = [problem.catalogue.by_id[one.course] for one in task.actions if one.course]
        for course in sorted(relevant, key=lambda c: (problem.objective.cost(c), c.id)):
            for skill in course.teaches:
                self._teaching[skill].append(course)

    def reach(self, skill: str, level: int, stack: frozenset[str]) -> bool:
        if self.levels.get(skill, 0) >= level:
            return True
        return any(
            self._take(course, stack | {course.id})
            for course in self._teaching[skill]
            if course.teaches[skill] >= level and course.id not in stack
        )

    def _take(self, course: Course, stack: frozenset[str]) -> bool:
        taken, levels = len(self.taken), dict(self.levels)
        if self._all(course.requires, stack) and all(
            any(self._all(alternative, stack) for alternative in choice) for choice in course.one_of
        ):
            self.taken.append(course.id)
            self.levels = after(course, self.levels)
            return True
        del self.taken[taken:]
        self.levels = levels
        return False

    def _all(self, needed: Levels, stack: frozenset[str]) -> bool:
        return all(self.reach(skill, level, stack) for skill, level in needed.items())
