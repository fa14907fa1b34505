"""h_FF: the relaxed plan of the FF planner with h_add supporters (Hoffmann and Nebel, JAIR 14, 2001;
h_add: Bonet and Geffner, Artificial Intelligence 129, 2001). Plain Python."""

from __future__ import annotations

import heapq

from benchmarks.planner.grounding import Task
from benchmarks.planner.peers import running
from benchmarks.planner.peers.answer import UNSUPPORTED, Answer
from recommender.domain import Problem


def solve(problem: Problem, task: Task, seconds: float) -> Answer:
    """One relaxed plan, nothing improved; in a delete-free task it is a plan."""
    del problem, seconds
    if task.limited:
        return UNSUPPORTED
    plan = relaxed_plan(task)
    return Answer(courses=None, note="no plan") if plan is None else Answer(courses=tuple(plan))


def relaxed_plan(task: Task) -> list[str] | None:
    """The courses of the relaxed plan in a working order; None when a goal cannot be reached."""
    supporter = _supporters(task)
    if any(goal not in supporter for goal in task.goals):
        return None
    chosen: set[int] = set()
    waiting = list(task.goals)
    seen = set(waiting)
    while waiting:
        action = supporter[waiting.pop()]
        if action not in chosen:
            chosen.add(action)
            new = [fact for fact in task.actions[action].needs if fact not in seen]
            seen.update(new)
            waiting += new
    return task.courses(running.run(task, chosen)[0])


def _supporters(task: Task) -> dict[int, int]:
    """Fact -> the action that adds it at the least h_add cost (Dijkstra)."""
    missing = [len(action.needs) for action in task.actions]
    costs = [action.cost for action in task.actions]
    needing = task.needing()
    supporter: dict[int, int] = {}
    done: set[int] = set()
    queue: list[tuple[int, int, int]] = []

    def offer(action: int) -> None:
        for fact in task.actions[action].adds:
            if fact not in done:
                heapq.heappush(queue, (costs[action], fact, action))

    for number, left in enumerate(missing):
        if not left:
            offer(number)
    while queue:
        cost, fact, action = heapq.heappop(queue)
        if fact in done:
            continue
        done.add(fact)
        supporter[fact] = action
        for later in needing[fact]:
            costs[later] += cost
            missing[later] -= 1
            if not missing[later]:
                offer(later)
    return supporter
