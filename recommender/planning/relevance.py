"""Leave out what no cheapest plan needs: unreachable, irrelevant, duplicate and dominated courses.

Course b dominates course a when b needs nothing that does not hold anyway whenever a can be taken, gives all
that a gives, and is no dearer, in cost and in every limited resource. Then b can stand in for a at a's place
in any plan, so a can go; of two that dominate each other the later one goes. A course that must be taken
adds a fact of its own, so nothing dominates it.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from recommender.planning.task import TRUE, BoolArray, Task


def reachable_part(task: Task, *, holds: BoolArray) -> Task:
    """The courses that can be taken at all; `holds` are the facts that can be reached."""
    if not task.size:
        return task
    can = np.logical_and.reduceat(holds[task.pre.item], task.pre.start)
    return task.restricted(courses=can, facts=_with_goals(task, holds))


def reduced(task: Task) -> Task:
    """An equivalent task, usually a small fraction: some cheapest plan of `task` is among its plans.

    Every goal must be reachable and every course takeable.
    """
    task = _relevant_part(task)
    if not task.size:
        return task
    always = _facts_before(task)
    task, always = _first_givers(task, always)
    task = task.restricted(courses=_undominated(task, always), facts=np.ones(task.facts, dtype=np.bool_))
    return _relevant_part(task)


def _relevant_part(task: Task) -> Task:
    """Courses and facts from which a goal can be reached, walking backwards from the goals."""
    if not task.size:
        return task
    wanted = np.zeros(task.facts, dtype=np.bool_)
    wanted[task.goals] = True
    wanted[TRUE] = False
    count = -1
    useful = np.zeros(task.size, dtype=np.bool_)
    while (now := int(wanted.sum())) != count:
        count = now
        useful = np.logical_or.reduceat(wanted[task.add.item], task.add.start)
        wanted[task.pre.item[useful[task.pre.owner]]] = True
        wanted[TRUE] = False
    wanted[TRUE] = True
    return task.restricted(courses=useful, facts=wanted)


def _with_goals(task: Task, facts: BoolArray) -> BoolArray:
    kept = facts.copy()
    kept[task.goals] = True
    return kept


def _facts_before(task: Task) -> list[int]:
    """Per course the facts that hold whenever it can be taken, as a bit set (bit = fact).

    The greatest solution of: before(course) = union over its prerequisites p of always(p);
    always(fact) = {fact} and what holds before each course that gives it. Keyder, Richter and Helmert,
    "Sound and complete landmarks for And/Or graphs" (ECAI 2010).
    """
    always: list[int | None] = [None] * task.facts
    always[TRUE] = 0
    before: list[int | None] = [None] * task.size
    queue = deque(course for course, needs in enumerate(task.pre_lists) if not needs)
    queued = set(queue)
    while queue:
        course = queue.popleft()
        queued.discard(course)
        union = 0
        for fact in task.pre_lists[course]:
            union |= always[fact] or 0
        before[course] = union
        for fact in task.add_lists[course]:
            known = always[fact]
            now = (union if known is None else known & union) | (1 << fact)
            if now == known:
                continue
            always[fact] = now
            for later in task.needed_by[fact]:
                if later not in queued and all(always[need] is not None for need in task.pre_lists[later]):
                    queue.append(later)
                    queued.add(later)
    return [facts or 0 for facts in before]


def _first_givers(task: Task, before: list[int]) -> tuple[Task, list[int]]:
    """Drop from each course what surely holds before it: it can never be the first to give that."""
    useful = np.fromiter(
        (
            not before[course] >> fact & 1
            for course, fact in zip(task.add.owner.tolist(), task.add.item.tolist(), strict=True)
        ),
        dtype=np.bool_,
    )
    counts = np.bincount(task.add.owner[useful], minlength=task.size)
    kept = counts > 0
    add = type(task.add).of(counts[kept].astype(np.int64), task.add.item[useful])
    everything = np.ones(task.facts, dtype=np.bool_)
    pre = task.pre.select(rows=kept, items=everything)
    smaller = Task(
        source=task.source[kept],
        cost=task.cost[kept],
        hours=task.hours[kept],
        price=task.price[kept],
        pre=pre,
        add=add,
        facts=task.facts,
        goals=task.goals,
        max_hours=task.max_hours,
        max_price=task.max_price,
    )
    return smaller, [before[course] for course in np.flatnonzero(kept).tolist()]


def _undominated(task: Task, before: list[int]) -> BoolArray:
    """Mask (shape n) of the courses no other kept course dominates."""
    gives = [sum(1 << fact for fact in facts) for facts in task.add_lists]
    needs = [sum(1 << fact for fact in facts) for facts in task.pre_lists]
    resources = _resources(task)
    givers: list[list[int]] = [[] for _ in range(task.facts)]
    for course, facts in enumerate(task.add_lists):
        for fact in facts:
            givers[fact].append(course)
    kept = np.ones(task.size, dtype=np.bool_)
    for course in range(task.size):
        rarest = min(task.add_lists[course], key=lambda fact: len(givers[fact]))
        for other in givers[rarest]:
            if (
                other != course
                and kept[other]
                and not gives[course] & ~gives[other] & ~before[course]
                and not needs[other] & ~before[course]
                and all(mine >= its for mine, its in zip(resources[course], resources[other], strict=True))
            ):
                kept[course] = False
                break
    return kept


def _resources(task: Task) -> list[tuple[int, ...]]:
    """What a course uses up, per course: its cost and each limited resource."""
    columns = [task.cost]
    if task.max_hours is not None:
        columns.append(task.hours)
    if task.max_price is not None:
        columns.append(task.price)
    return list(zip(*(column.tolist() for column in columns), strict=True))
