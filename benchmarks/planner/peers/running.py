"""Taking actions one after another: what is reached, in which order, and what could be left out."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.planner.grounding import Task


def run(task: Task, chosen: Iterable[int]) -> tuple[list[int], set[int]]:
    """The chosen actions that can be taken, in an order that works, and the facts they reach."""
    waiting: dict[int, list[int]] = {}
    missing: dict[int, int] = {}
    ready: list[int] = []
    for one in sorted(set(chosen)):
        needs = task.actions[one].needs
        missing[one] = len(needs)
        for fact in needs:
            waiting.setdefault(fact, []).append(one)
        if not needs:
            ready.append(one)
    order: list[int] = []
    reached: set[int] = set()
    while ready:
        one = ready.pop()
        order.append(one)
        for fact in task.actions[one].adds:
            if fact in reached:
                continue
            reached.add(fact)
            for later in waiting.get(fact, ()):
                missing[later] -= 1
                if not missing[later]:
                    ready.append(later)
    return order, reached


def without_spare(task: Task, chosen: Iterable[int]) -> list[int]:
    """The chosen actions without those that can be left out, the dearest tried first; in a working order."""
    kept = set(chosen)
    for one in sorted(kept, key=lambda number: (-task.actions[number].cost, number)):
        if run(task, kept - {one})[1].issuperset(task.goals):
            kept.discard(one)
    return run(task, kept)[0]
