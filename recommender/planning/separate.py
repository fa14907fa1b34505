"""Landmarks that a wrong answer of the model breaks: circles of courses that supply each other."""

from __future__ import annotations

import numpy as np
import scipy  # its parts are loaded at their first use

from recommender.planning import backend, bound, propagate
from recommender.planning.model import Landmark
from recommender.planning.task import TRUE, BoolArray, FloatArray, IntArray, Task

SCALE = 1_000_000
"""Fractions of a course as integers, for the maximum flow."""

LANDMARKS_PER_FACT = 4
BROKEN = 0.01
"""By how much an answer must break a row for that to be added."""


def missed_fact(task: Task, chosen: list[int], fact: int) -> list[Landmark]:
    """Landmarks of `fact` without any of the `chosen` courses, which together do not make it true.

    LM-cut with the chosen courses free of charge finds them; each is then made as small as it can be.
    """
    cost = task.cost + 1
    cost[chosen] = 0
    budget = iter(range(LANDMARKS_PER_FACT))
    found = bound.lm_cut(
        task,
        cost,
        go_on=lambda: next(budget, None) is not None,
        goals=np.array([fact], dtype=np.int64),
    )
    return [Landmark(fact=fact, courses=_smallest(task, cut, fact)) for cut in found.landmarks.split()]


def _smallest(task: Task, cut: IntArray, fact: int) -> IntArray:
    """`cut` (a landmark of `fact`) without courses that are not needed for that, dearest dropped first."""
    allowed = np.ones(task.size, dtype=np.bool_)
    allowed[cut] = False
    reached = propagate.reached(task, allowed=allowed)
    alone = _enough_alone(task, allowed, reached, fact)
    outside = cut[alone[cut]].tolist()
    holds = set(np.flatnonzero(reached).tolist())
    for course in sorted(cut[~alone[cut]].tolist(), key=lambda one: (-int(task.cost[one]), one)):
        gained = _gained(task, course, allowed, holds, until=fact)
        if fact in gained:
            outside.append(course)
        else:
            allowed[course] = True
            holds |= gained
    return np.array(sorted(outside), dtype=np.int64)


def _enough_alone(task: Task, allowed: BoolArray, holds: BoolArray, fact: int) -> BoolArray:
    """Courses that can be taken when `holds` and lead to `fact` by allowed courses that miss one fact each.

    A quick test: many, not all, of those that bring `fact` about.
    """
    missing = ~holds[task.pre.item]
    count = np.add.reduceat(missing.astype(np.int64), task.pre.start)
    links = allowed & (count == 1)
    zone = np.zeros(task.facts, dtype=np.bool_)
    zone[fact] = True
    while True:
        before = int(zone.sum())
        enters = np.logical_or.reduceat(zone[task.add.item], task.add.start)
        zone[task.pre.item[(enters & links)[task.pre.owner] & missing]] = True
        if int(zone.sum()) == before:
            alone: BoolArray = enters & (count == 0)
            return alone


def _gained(task: Task, course: int, allowed: BoolArray, holds: set[int], *, until: int) -> set[int]:
    """Facts that newly hold once `course` joins the `allowed` courses, which make `holds` true.

    Ends early when the fact `until` is among them.
    """
    gained: set[int] = set()
    waiting = [course]
    while waiting and until not in gained:
        one = waiting.pop()
        if not all(need in holds or need in gained for need in task.pre_lists[one]):
            continue
        for fact in task.add_lists[one]:
            if fact not in holds and fact not in gained:
                gained.add(fact)
                waiting += [later for later in task.needed_by[fact] if allowed[later]]
    return gained


def gated(task: Task, before: IntArray, x: FloatArray, y: FloatArray) -> list[Landmark]:
    """Landmarks with gates that `x` and `y` break.

    Whoever gives a fact first had all that stands `before` it (`Task.always_before`). So one of the gates
    holds, or one of those givers is taken that none of the gates stands before.
    """
    lists = task.lists
    facts, at, gates = backend.loops().gates(lists, before, x, y, BROKEN)
    found = []
    for number, fact in enumerate(facts.tolist()):
        chosen = gates[at[number] : at[number + 1]]
        givers = lists.give[lists.give_at[fact] : lists.give_at[fact + 1]]
        stands = before[givers][:, chosen // 64] >> (chosen % 64) & 1
        found.append(Landmark(fact=fact, courses=givers[~stands.any(axis=1)], gates=chosen))
    return found


def fractional(task: Task, x: FloatArray, y: FloatArray, *, facts: list[int]) -> list[Landmark]:
    """Landmarks of some of `facts` whose courses together have less x than the fact has y.

    Every course is reached through its dearest prerequisite (by h_max with x as the cost): in that graph a
    minimum cut before a fact is a landmark of it, whatever the choice of prerequisites.
    """
    weight = np.maximum(0, np.rint(x * SCALE)).astype(np.int64)
    crux = bound.crux(task, propagate.h_max(task, weight))
    graph = _justification_graph(task, weight, crux)
    found: list[Landmark] = []
    for fact in facts:
        flow = scipy.sparse.csgraph.maximum_flow(graph, TRUE, fact)
        if flow.flow_value >= y[fact] * SCALE - SCALE / 100:
            continue
        residual = graph - flow.flow
        residual.eliminate_zeros()
        ahead = np.zeros(task.facts + task.size, dtype=np.bool_)
        ahead[scipy.sparse.csgraph.breadth_first_order(residual, TRUE, return_predecessors=False)] = True
        cut = np.flatnonzero(ahead[crux] & ~ahead[task.facts :])
        found.append(Landmark(fact=fact, courses=cut))
    return found


def _justification_graph(task: Task, weight: IntArray, crux: IntArray) -> scipy.sparse.csr_array:
    """Nodes: facts, then courses. Crux fact to course carries the course's weight, course to fact is free."""
    nodes = task.facts + task.size
    courses = np.arange(task.size) + task.facts
    row = np.concatenate([crux, courses[task.add.owner]])
    column = np.concatenate([courses, task.add.item])
    capacity = np.concatenate([weight, np.full(len(task.add.item), 64 * SCALE, dtype=np.int64)])
    return scipy.sparse.csr_array((capacity.astype(np.int32), (row, column)), shape=(nodes, nodes))
