"""Decay along a dated plan, and the refreshers that make up for it.

The solver takes every level as lasting, so its bound holds for decaying levels too: a plan that works though
levels fade would work all the more if they did not. Here the dated plan is lived through. What a person had
fades from the start, what a course teaches from its last day; only being taught brings a level back.
Wherever a level that a course or, at the finish, the role needs would have lapsed, a refresher is put before
it, and the dates are made anew, until nothing lapses any more. So `bound <= cost <= cost_true`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from recommender.domain import Course, Levels, Problem, Solution
from recommender.errors import MalformedInputError
from recommender.planning import fading, timetable
from recommender.planning.calendar import StudyTime
from recommender.planning.fading import HalfLives, Memory
from recommender.planning.placing import FINISH, Entry
from recommender.planning.refreshing import Lapse, Refresher, Remedies
from recommender.planning.timetable import SELF_PACED, Offerings, Timetable

MAX_ROUNDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """A dated plan with its refreshers, and what it truly costs.

    `timetable` contains the refreshers under their ids. `cost` and `bound` are the solution's, in units of
    the objective. `lapses` are those that remain: nothing on offer refreshes the level, or there are so few
    hours a week that it lapses again before it is needed.
    """

    timetable: Timetable
    refreshers: tuple[Refresher, ...]
    lapses: tuple[Lapse, ...]
    cost: int
    bound: int

    @property
    def cost_true(self) -> int:
        """Cost of the plan and its refreshers; never below `cost`, which is never below `bound`."""
        return self.cost + sum(refresher.cost for refresher in self.refreshers)

    @property
    def is_kept_up(self) -> bool:
        """Whether every course has dates and every level counts when it is needed."""
        return self.timetable.is_complete and not self.lapses


def keep_up(
    problem: Problem,
    solution: Solution,
    *,
    time: StudyTime,
    half_lives: HalfLives,
    offerings: Offerings = SELF_PACED,
) -> Upkeep:
    """Give dates to the plan of a solution and add the refreshers it needs.

    The plan is tried in the order of `fading.lasting_first` and in its own; the one that is kept up for less
    is returned, of equals the first. With no `half_lives` nothing fades and `cost_true` is `cost`. Raises
    MalformedInputError for a solution without a plan, and for whatever `timetable.lay_out` refuses.

    >>> from recommender.domain import Catalogue, HalfLife, Profile, Role, Status, Step
    >>> git = Course(id="git", hours=10, price=0, requires={}, teaches={"git": 4})
    >>> maths = Course(id="maths", hours=300, price=0, requires={"git": 4}, teaches={"maths": 2})
    >>> problem = Problem(id="p", catalogue=Catalogue((git, maths), frozenset({"git", "maths"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"git": 4, "maths": 2}))
    >>> solution = Solution(status=Status.OPTIMAL, cost=310, bound=310,
    ...                     steps=(Step(course="git"), Step(course="maths")))
    >>> time = StudyTime(start=date(2026, 9, 1), hours_per_week=10)
    >>> upkeep = keep_up(problem, solution, time=time, half_lives={"git": HalfLife.TOOL})
    >>> [step.course for step in upkeep.timetable.steps]
    ['git', 'maths', 'refresh:git:4:']
    >>> upkeep.bound, upkeep.cost, upkeep.cost_true, upkeep.is_kept_up
    (310, 310, 313, True)
    """
    if solution.cost is None or solution.bound is None:
        raise MalformedInputError("the solution has no plan to keep up; relax the problem and solve it again")
    own = timetable.chosen_courses(problem, [step.course for step in solution.steps])
    levels = problem.profile.levels
    orders = [fading.lasting_first(own, levels=levels, half_lives=half_lives)]
    if orders[0] != own:
        orders.append(own)
    needed = {skill: n for skill, n in problem.role.requires.items() if skill not in solution.waived}
    life = _Life(
        levels=levels,
        needed=needed,
        remedies=Remedies(problem, dated=offerings.keys()),
        time=time,
        half_lives=half_lives,
        offerings=offerings,
    )
    kept = [life.kept_up(order, cost=solution.cost, bound=solution.bound) for order in orders]
    return min(kept, key=lambda upkeep: (not upkeep.is_kept_up, upkeep.cost_true))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Life:
    """What a plan is lived through with."""

    levels: Levels
    needed: Levels
    remedies: Remedies
    time: StudyTime
    half_lives: HalfLives
    offerings: Offerings

    def kept_up(self, courses: Sequence[Course], *, cost: int, bound: int) -> Upkeep:
        """Add refreshers round by round until none is new."""
        found: dict[str, Refresher] = {}
        for number in range(1, MAX_ROUNDS + 1):
            entries = self._entries(courses, found)
            dated = timetable.laid_out(entries, levels=self.levels, time=self.time, offerings=self.offerings)
            lapses, new = self._live_through(dated, entries, found)
            if not new or number == MAX_ROUNDS:
                break
            found |= new
        return Upkeep(
            timetable=dated,
            refreshers=tuple(found[step.course] for step in dated.steps if step.course in found),
            lapses=tuple(lapses),
            cost=cost,
            bound=bound,
        )

    def _entries(self, courses: Sequence[Course], found: Mapping[str, Refresher]) -> list[Entry]:
        """Courses in order, each after the refreshers that stand before it."""
        refreshers = defaultdict(list)
        for refresher in found.values():
            refreshers[refresher.before].append(self.remedies.entry(refresher))

        def with_refreshers(entry: Entry) -> Iterator[Entry]:
            for refresher in refreshers[entry.course.id]:
                yield from with_refreshers(refresher)
            yield entry

        own = [Entry(course=course) for course in courses]
        return [one for entry in (*own, *refreshers[FINISH]) for one in with_refreshers(entry)]

    def _live_through(
        self, dated: Timetable, entries: Sequence[Entry], found: Mapping[str, Refresher]
    ) -> tuple[list[Lapse], dict[str, Refresher]]:
        """All lapses in order of time, and refreshers for them that are not among `found`.

        A level that was never reached cannot lapse. A new refresher is taken to have worked, so that what it
        serves later does not lapse twice.
        """
        memory = Memory(self.levels, on=self.time.start, half_lives=self.half_lives)
        lapses: list[Lapse] = []
        new: dict[str, Refresher] = {}
        for name, on, needed in self._needs(dated, entries, memory):
            missing = [
                Lapse(skill=skill, needed=wanted, kept=kept, on=on, before=name)
                for skill, level in needed.items()
                if (kept := memory.level(skill, on=on)) < (wanted := min(level, memory.reached(skill)))
            ]
            if not missing:
                continue
            lapses += missing
            for refresher in self.remedies.refreshers(missing, standing=memory.standing(on=on)):
                if refresher.id not in found:
                    new[refresher.id] = refresher
                    for lapse in refresher.lapses:
                        memory.learn(lapse.skill, lapse.needed, on=on)
        return lapses, new

    def _needs(
        self, dated: Timetable, entries: Sequence[Entry], memory: Memory
    ) -> Iterator[tuple[str, date, Levels]]:
        """Each step and then the finish with its day and what it needs; `memory` follows."""
        courses = {entry.course.id: entry.course for entry in entries}
        ending = sorted(dated.steps, key=lambda step: step.ends_on, reverse=True)

        def learn_until(day: date) -> None:
            while ending and ending[-1].ends_on <= day:
                step = ending.pop()
                for skill, level in courses[step.course].teaches.items():
                    memory.learn(skill, level, on=step.ends_on)

        for step in dated.steps:
            learn_until(step.starts_on)
            yield step.course, step.starts_on, self._needed(courses[step.course], memory, step.starts_on)
        if dated.is_complete:
            finish = dated.ends_on or self.time.start
            learn_until(finish)
            yield FINISH, finish, self.needed

    def _needed(self, course: Course, memory: Memory, on: date) -> dict[str, int]:
        """What a course requires, of each choice the alternative that is kept or cheapest to bring back."""
        needed = dict(course.requires)
        for choice in course.one_of:
            reached = [one for one in choice if all(memory.reached(s) >= level for s, level in one.items())]
            for skill, level in min(
                reached, key=lambda one: self._price(one, memory, on), default={}
            ).items():
                needed[skill] = max(level, needed.get(skill, 0))
        return needed

    def _price(self, alternative: Levels, memory: Memory, on: date) -> tuple[int, int]:
        """How many of an alternative's levels nothing on offer brings back, and the hours for the others."""
        lapsed = [(s, level) for s, level in alternative.items() if memory.level(s, on=on) < level]
        estimates = [self.remedies.estimate(skill, level) for skill, level in lapsed]
        return estimates.count(None), sum(estimate.hours for estimate in estimates if estimate is not None)
