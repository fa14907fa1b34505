"""From one person's problem to a task: what can be reached and leads to the role, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.domain import Problem
from recommender.errors import MalformedInputError
from recommender.planning import backend, offer
from recommender.planning.offer import Offer
from recommender.planning.task import TRUE, BoolArray, IntArray, Limit, Rows, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A requirement that the plan may leave open at a price: from which level up, for how much."""

    skill: str
    level: int
    penalty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfReach:
    """Why there is no task: role skills that no allowed course chain reaches at their level. None are named
    when a course that must be taken cannot be."""

    skills: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stated:
    """The task of a problem.

    A course of the task with source s is course s of the offer if s < `courses`, the waiver
    `waivers[s - first_waiver]` if s >= `first_waiver`, and a helper without effort between them.
    """

    task: Task
    courses: int
    first_waiver: int
    waivers: tuple[Waiver, ...] = ()

    def waived(self, sources: Sequence[int]) -> tuple[Waiver, ...]:
        """The waivers among `sources`."""
        if not self.waivers:
            return ()
        return tuple(self.waivers[one - self.first_waiver] for one in sources if one >= self.first_waiver)


def state(problem: Problem, *, waivers: tuple[Waiver, ...] | None = None) -> Stated | OutOfReach:
    """The task of `problem`; `waivers` replace those of its constraints.

    Raises MalformedInputError when a constraint names an unknown course or a figure is impossible.
    """
    _check(problem)
    if waivers is None:
        waivers = tuple(
            Waiver(skill=skill, level=problem.role.requires[skill], penalty=penalty)
            for skill, penalty in sorted(problem.constraints.waivers.items())
            if problem.role.requires.get(skill, 0) > problem.profile.levels.get(skill, 0)
        )
    return _Statement(problem, waivers).stated()


class _Statement:
    def __init__(self, problem: Problem, waivers: tuple[Waiver, ...]) -> None:
        self.problem = problem
        self.waivers = waivers
        self.offer: Offer = offer.of(problem.catalogue)
        self.have = self.offer.levels(problem.profile.levels)
        self.cost = offer.costs(self.offer, problem.catalogue, problem.objective)
        places = offer.positions(problem.catalogue)
        taken = problem.profile.taken
        self.choices = [
            np.array(sorted(places[one] for one in choice), dtype=np.int64)
            for choice in problem.constraints.must_take
            if not choice & taken
        ]

    def stated(self) -> Stated | OutOfReach:
        """Walk back from the goals, reach forward, walk back among what can be taken, number what is left."""
        hard = self._open_requirements()
        # Far fewer courses lead to the goals than can be taken: reaching forward is quick among those.
        wished = [(one.skill, one.level) for one in self.waivers]
        leading, _ = self._relevant(~self._banned(), [*hard, *wished])
        level, can = backend.loops().reach(self.offer.rows, self.have, ~leading)
        missed = [skill for skill, needed in hard if not self._has(level, skill, needed)]
        lost = [choice for choice in self.choices if not can[choice].any()]
        if missed or lost:
            return OutOfReach(skills=tuple(sorted(missed)))
        soft = [one for one in self.waivers if self._has(level, one.skill, one.level)]
        useful, wanted = self._relevant(can, [*hard, *((one.skill, one.level) for one in soft)])
        numbers = _Numbers(wanted)
        goals = [numbers.of(self.offer.skills[skill], needed) for skill, needed in hard]
        task = self._base(useful, numbers, goals=goals)
        task = _with_choices(task, self.choices)
        met = {one: numbers.of(self.offer.skills[one.skill], one.level) for one in soft}
        task = _with_waivers(task, self.waivers, met=met, first=self.offer.size)
        return Stated(
            task=task,
            courses=self.offer.courses,
            first_waiver=self.offer.size + len(self.waivers),
            waivers=self.waivers,
        )

    def _relevant(self, can: BoolArray, goals: Sequence[tuple[str, int]]) -> tuple[BoolArray, IntArray]:
        """See `loops.relevant`; skills that no course knows are left out."""
        known = [(self.offer.skills[skill], needed) for skill, needed in goals if skill in self.offer.skills]
        useful, wanted = backend.loops().relevant(
            self.offer.rows,
            self.have,
            can,
            np.array([skill for skill, _ in known], dtype=np.int64),
            np.array([needed for _, needed in known], dtype=np.int64),
            np.concatenate([np.zeros(0, dtype=np.int64), *self.choices]),
        )
        return useful, wanted

    def _banned(self) -> BoolArray:
        limits, catalogue = self.problem.constraints, self.problem.catalogue
        banned = np.zeros(self.offer.size, dtype=np.bool_)
        if limits.languages is not None or limits.formats is not None or limits.providers is not None:
            allowed = (limits.allows(catalogue.by_id[course]) for course in offer.ids(catalogue))
            banned[: self.offer.courses] = ~np.fromiter(allowed, dtype=np.bool_)
        places = offer.positions(catalogue)
        for course in limits.exclude:
            banned[places[course]] = True
        for course in self.problem.profile.taken:
            if course in places:
                banned[places[course]] = True
        return banned

    def _open_requirements(self) -> list[tuple[str, int]]:
        """Requirements above the profile that cannot be waived, by skill."""
        waivable = {one.skill for one in self.waivers}
        return [
            (skill, needed)
            for skill, needed in sorted(self.problem.role.requires.items())
            if needed > self.problem.profile.levels.get(skill, 0) and skill not in waivable
        ]

    def _has(self, level: IntArray, skill: str, needed: int) -> bool:
        number = self.offer.skills.get(skill)
        return number is not None and int(level[number]) >= needed

    def _base(self, useful: BoolArray, numbers: _Numbers, *, goals: list[int]) -> Task:
        source = np.flatnonzero(useful)
        pre_at, pre, add_at, add = backend.loops().grounded(
            self.offer.rows, source, self.have, numbers.wanted, numbers.number
        )
        return Task(
            source=source,
            cost=self.cost[source],
            pre=Rows(at=pre_at, item=pre),
            add=Rows(at=add_at, item=add),
            facts=numbers.count,
            goals=np.array(goals, dtype=np.int64),
            limits=self._limits(source),
        )

    def _limits(self, source: IntArray) -> tuple[Limit, ...]:
        limits, found = self.problem.constraints, []
        hours, price = self.offer.hours[source], self.offer.price[source]
        if limits.max_hours is not None:
            found.append(Limit(use=hours, most=limits.max_hours))
        if limits.max_price is not None:
            found.append(Limit(use=price, most=limits.max_price))
        if limits.min_hands_on:
            lacking = limits.min_hands_on * hours - 100 * self.offer.practice[source]
            found.append(Limit(use=lacking, most=0))
        return tuple(found)


class _Numbers:
    """Numbers for the facts (skill, level) that something asks for, `wanted` as bits; 0 is `TRUE`."""

    def __init__(self, wanted: IntArray) -> None:
        bits = wanted[:, None] >> np.arange(6) & 1
        self.wanted = wanted
        self.number: IntArray = np.cumsum(bits.ravel()).reshape(bits.shape)
        self.count = int(self.number[-1, -1]) + 1

    def of(self, skill: int, level: int) -> int:
        return int(self.number[skill, level])


def _grouped(owner: IntArray, item: IntArray, *, count: int) -> Rows:
    order = np.lexsort((item, owner))
    return Rows.of(np.bincount(owner, minlength=count), item[order])


def _with_choices(task: Task, choices: list[IntArray]) -> Task:
    """One goal more for each set of courses of which one must be taken; each of them adds it."""
    if not choices:
        return task
    owner, item = [task.add.owner], [task.add.item]
    for number, choice in enumerate(choices, start=task.facts):
        members = np.flatnonzero(np.isin(task.source, choice))
        owner.append(members)
        item.append(np.full(len(members), number, dtype=np.int64))
    facts = task.facts + len(choices)
    return _changed(
        task,
        add=_grouped(np.concatenate(owner), np.concatenate(item), count=task.size),
        facts=facts,
        goals=np.concatenate([task.goals, np.arange(task.facts, facts)]),
    )


def _with_waivers(task: Task, waivers: tuple[Waiver, ...], *, met: Mapping[Waiver, int], first: int) -> Task:
    """One goal more per waiver: met by the level (a helper at no cost, where it can be reached) or waived."""
    if not waivers:
        return task
    goals = dict(zip(waivers, range(task.facts, task.facts + len(waivers)), strict=True))
    helpers = [(first + number, 0, met[one], goals[one]) for number, one in enumerate(waivers) if one in met]
    start = first + len(waivers)
    helpers += [(start + number, one.penalty, TRUE, goals[one]) for number, one in enumerate(waivers)]
    source, cost, pre, add = (np.array(column, dtype=np.int64) for column in zip(*helpers, strict=True))
    owner = np.arange(task.size, task.size + len(helpers))
    nothing = np.zeros(len(helpers), dtype=np.int64)
    count = task.size + len(helpers)
    return Task(
        source=np.concatenate([task.source, source]),
        cost=np.concatenate([task.cost, cost]),
        pre=_grouped(
            np.concatenate([task.pre.owner, owner]), np.concatenate([task.pre.item, pre]), count=count
        ),
        add=_grouped(
            np.concatenate([task.add.owner, owner]), np.concatenate([task.add.item, add]), count=count
        ),
        facts=task.facts + len(waivers),
        goals=np.concatenate([task.goals, np.array(list(goals.values()), dtype=np.int64)]),
        limits=tuple(
            Limit(use=np.concatenate([limit.use, nothing]), most=limit.most) for limit in task.limits
        ),
    )


def _changed(task: Task, *, add: Rows, facts: int, goals: IntArray) -> Task:
    return Task(
        source=task.source,
        cost=task.cost,
        pre=task.pre,
        add=add,
        facts=facts,
        goals=goals,
        limits=task.limits,
    )


def _check(problem: Problem) -> None:
    known = offer.positions(problem.catalogue)
    limits = problem.constraints
    named = {
        "include": limits.include,
        "exclude": limits.exclude,
        "one_of": frozenset[str]().union(*limits.one_of),
    }
    for name, courses in named.items():
        unknown = sorted(course for course in courses if course not in known)
        if unknown:
            raise MalformedInputError(
                f"problem {problem.id}: constraints.{name}: unknown course {unknown[0]!r}"
            )
    if any(not choice for choice in limits.one_of):
        raise MalformedInputError(f"problem {problem.id}: constraints.one_of: an empty set of courses")
    if any(penalty < 0 for penalty in limits.waivers.values()):
        raise MalformedInputError(
            f"problem {problem.id}: constraints.waivers: penalties must not be negative"
        )
    if not 0 <= limits.min_hands_on <= 100:
        raise MalformedInputError(f"problem {problem.id}: constraints.min_hands_on: must be from 0 to 100")
