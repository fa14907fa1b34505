"""A problem as the delete-free STRIPS task that planners and solvers of the shelf take.

Facts are integers, each a (skill, level) that some course or the role asks for and the learner lacks. Actions
are the courses that can be taken at all and lead somewhere wanted; an either/or prerequisite becomes a fact
of its own with one action per alternative, which costs nothing. Peers get this for free: it is not timed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.planner.execution import everything_reached
from recommender.domain import Course, Levels, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Facts needed, facts added, cost; `course` is empty for the free actions of an either/or."""

    course: str
    needs: tuple[int, ...]
    adds: tuple[int, ...]
    cost: int
    hours: int = 0
    price: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`facts` names each fact by its index. `solvable` is false when a goal cannot be reached at all."""

    facts: tuple[str, ...]
    actions: tuple[Action, ...]
    goals: tuple[int, ...]
    max_price: int | None
    max_hours: int | None
    solvable: bool

    @property
    def limited(self) -> bool:
        """Whether a limit on the whole plan is set."""
        return self.max_price is not None or self.max_hours is not None

    def suppliers(self) -> list[list[int]]:
        """Fact -> the actions that add it."""
        table: list[list[int]] = [[] for _ in self.facts]
        for number, action in enumerate(self.actions):
            for fact in action.adds:
                table[fact].append(number)
        return table

    def needing(self) -> list[list[int]]:
        """Fact -> the actions that need it."""
        table: list[list[int]] = [[] for _ in self.facts]
        for number, action in enumerate(self.actions):
            for fact in action.needs:
                table[fact].append(number)
        return table

    def courses(self, actions: Iterable[int]) -> list[str]:
        """The courses among `actions`, in their order."""
        return [self.actions[one].course for one in actions if self.actions[one].course]


def ground_task(problem: Problem) -> Task:
    """The reachable and relevant part of `problem`. Of the constraints it states the limits
    and which courses are allowed; with others ValueError is raised."""
    limits = problem.constraints
    if limits.must_take or limits.waivers or limits.min_hands_on:
        raise ValueError(f"{problem.id}: peers know no constraints but limits and excluded courses")
    held = problem.profile.levels
    reached = everything_reached(problem.catalogue, held, allowed=limits.allows)
    goals = [(s, level) for s, level in problem.role.requires.items() if held.get(s, 0) < level]
    usable = [
        course
        for course in problem.catalogue.courses
        if course.id not in problem.profile.taken and limits.allows(course) and course.can_be_taken(reached)
    ]
    wanted, relevant = _relevant(usable, held, goals)
    solvable = all(reached.get(skill, 0) >= level for skill, level in goals)
    return _numbered(problem, wanted, relevant, goals if solvable else [], solvable=solvable)


def _relevant(
    usable: Sequence[Course], held: Levels, goals: Sequence[tuple[str, int]]
) -> tuple[dict[str, set[int]], list[Course]]:
    """The levels that somebody may want of each skill, and the courses that reach one of them."""
    teaching: dict[str, list[int]] = {}
    for number, course in enumerate(usable):
        for skill in course.teaches:
            teaching.setdefault(skill, []).append(number)
    wanted: dict[str, set[int]] = {}
    chosen: set[int] = set()
    waiting = list(goals)
    while waiting:
        skill, level = waiting.pop()
        if level <= held.get(skill, 0) or level in wanted.setdefault(skill, set()):
            continue
        wanted[skill].add(level)
        for number in teaching.get(skill, ()):
            if usable[number].teaches[skill] >= level and number not in chosen:
                chosen.add(number)
                waiting += _asked(usable[number])
    return wanted, [usable[number] for number in sorted(chosen)]


def _asked(course: Course) -> Iterator[tuple[str, int]]:
    yield from course.requires.items()
    for choice in course.one_of:
        for alternative in choice:
            yield from alternative.items()


def _numbered(
    problem: Problem,
    wanted: Mapping[str, set[int]],
    relevant: Sequence[Course],
    goals: Sequence[tuple[str, int]],
    *,
    solvable: bool,
) -> Task:
    held = problem.profile.levels
    names = [f"{skill}@{level}" for skill in sorted(wanted) for level in sorted(wanted[skill])]
    number_of = {name: number for number, name in enumerate(names)}
    actions: list[Action] = []

    def needs(levels: Levels) -> list[int]:
        return [number_of[f"{s}@{level}"] for s, level in levels.items() if held.get(s, 0) < level]

    for course in relevant:
        needed = needs(course.requires)
        for place, choice in enumerate(course.one_of):
            if any(not needs(alternative) for alternative in choice):
                continue
            names.append(f"{course.id}|{place}")
            needed.append(len(names) - 1)
            actions += [
                Action(course="", needs=tuple(needs(one)), adds=(len(names) - 1,), cost=0) for one in choice
            ]
        adds = tuple(
            number_of[f"{skill}@{at}"]
            for skill, level in course.teaches.items()
            for at in sorted(wanted.get(skill, ()))
            if at <= level
        )
        cost = problem.objective.cost(course)
        actions.append(
            Action(
                course=course.id,
                needs=tuple(needed),
                adds=adds,
                cost=cost,
                hours=course.hours,
                price=course.price,
            )
        )
    targets = tuple(number_of[f"{skill}@{level}"] for skill, level in goals)
    return Task(
        facts=tuple(names),
        actions=tuple(actions),
        goals=targets,
        max_price=problem.constraints.max_price,
        max_hours=problem.constraints.max_hours,
        solvable=solvable,
    )
