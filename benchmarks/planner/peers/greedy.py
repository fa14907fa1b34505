"""Greedy by gain: again and again the course that can be taken and brings most facts for its cost."""

from __future__ import annotations

from benchmarks.planner.grounding import Task
from benchmarks.planner.peers import running
from benchmarks.planner.peers.answer import UNSUPPORTED, Answer
from recommender.domain import Problem


def by_goals(problem: Problem, task: Task, seconds: float) -> Answer:
    """Counts only what the role asks for; gets stuck where a prerequisite is no goal itself."""
    del problem, seconds
    return UNSUPPORTED if task.limited else _greedy(task, set(task.goals), tidy=False)


def by_relevance(problem: Problem, task: Task, seconds: float) -> Answer:
    """Counts whatever may lead to the role; courses that turn out to be spare are deleted at the end."""
    del problem, seconds
    return UNSUPPORTED if task.limited else _greedy(task, set(range(len(task.facts))), tidy=True)


def _greedy(task: Task, wanted: set[int], *, tidy: bool) -> Answer:
    needing = task.needing()
    missing = [len(action.needs) for action in task.actions]
    open_ = {number for number, left in enumerate(missing) if not left}
    chosen: list[int] = []
    reached: set[int] = set()
    while not reached.issuperset(task.goals):
        best = max(open_, key=lambda one: (_worth(task, one, wanted, reached), -one), default=None)
        if best is None or not _worth(task, best, wanted, reached):
            return Answer(courses=None, note="stuck")
        open_.discard(best)
        chosen.append(best)
        for fact in task.actions[best].adds:
            if fact in reached:
                continue
            reached.add(fact)
            for later in needing[fact]:
                missing[later] -= 1
                if not missing[later]:
                    open_.add(later)
    return Answer(courses=tuple(task.courses(running.without_spare(task, chosen) if tidy else chosen)))


def _worth(task: Task, one: int, wanted: set[int], reached: set[int]) -> float:
    action = task.actions[one]
    gain = sum(fact in wanted and fact not in reached for fact in action.adds)
    if not action.course:
        return float("inf") if not reached.issuperset(action.adds) else 0.0
    return gain / (action.cost + 1)
