"""What brings a lapsed level back: a course taken (again), or an estimated refresher.

An estimate takes one hour for every four of the cheapest allowed course that teaches the level, rounded up,
costs no money, and needs no prerequisites. That fraction is an assumption, labelled as one: people relearn
faster than they learn, and no data set says how much faster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from recommender.domain import Course, Levels, Problem
from recommender.planning.placing import Entry

ONE_HOUR_IN = 4
"""An estimated refresher has an hour for every so many hours of the course."""


class RefresherKind(StrEnum):
    """A real course, or an estimate of the time it takes to get back."""

    RETAKE = "retake"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A level that no longer counts when it is needed: on the day `before` begins, or at the finish.

    `before` is the id of a step, or `placing.FINISH` when the role needs it.
    """

    skill: str
    needed: int
    kept: int
    on: date
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresher:
    """A step that is no part of the verified plan and brings lapsed levels back before they are needed.

    `course` is the course to take, or the one whose hours the estimate rests on. `cost` is in units of the
    objective. `lapses` are the reasons, with the days on which they were found.
    """

    id: str
    kind: RefresherKind
    course: str
    before: str
    lapses: tuple[Lapse, ...]
    hours: int
    price: int
    cost: int

    @property
    def is_estimate(self) -> bool:
        """Whether the hours are an estimate and no course is named to take."""
        return self.kind is RefresherKind.ESTIMATE


class Remedies:
    """What a catalogue offers to refresh levels with.

    >>> from recommender.domain import Catalogue, Profile, Role
    >>> course = Course(id="git", hours=10, price=90, requires={}, teaches={"git": 3})
    >>> problem = Problem(id="p", catalogue=Catalogue((course,), frozenset({"git"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"git": 3}))
    >>> lapse = Lapse(skill="git", needed=3, kept=2, on=date(2027, 1, 1), before="")
    >>> refresher, = Remedies(problem, dated=()).refreshers([lapse], standing={"git": 2})
    >>> refresher.id, refresher.hours, refresher.price, refresher.is_estimate
    ('refresh:git:3:', 3, 0, True)
    """

    def __init__(self, problem: Problem, *, dated: Collection[str]) -> None:
        """`dated` are courses that start on certain days only; they are not used to refresh."""
        self._problem = problem
        self._dated = dated

    def refreshers(self, lapses: Sequence[Lapse], *, standing: Levels) -> list[Refresher]:
        """The cheapest found for lapses at one place, given the levels a person stands at by then.

        A course is taken where it costs no more than the estimates for what it brings back; the one that
        saves most goes first. A level that no allowed course teaches is left out.
        """
        estimates = {
            lapse: estimate
            for lapse in lapses
            if (estimate := self.estimate(lapse.skill, lapse.needed)) is not None
        }
        left = {lapse.skill: lapse for lapse in estimates}
        found = []
        while left:
            course = self._course_to_take(left, standing)
            if course is None:
                break
            covered = tuple(left.pop(skill) for skill in _covered(course, left))
            found.append(self._retake(course, covered))
        return found + [self._estimated(lapse, estimates[lapse]) for lapse in left.values()]

    def entry(self, refresher: Refresher) -> Entry:
        """The refresher as something to be given dates."""
        course = self._problem.catalogue.by_id[refresher.course]
        if refresher.is_estimate:
            teaches = {lapse.skill: lapse.needed for lapse in refresher.lapses}
            course = replace(_shortened(course), teaches=teaches)
        return Entry(course=replace(course, id=refresher.id), before=refresher.before)

    def estimate(self, skill: str, level: int) -> Course | None:
        """The cheapest allowed course that teaches a level, cut to the length of a refresher."""
        cost = self._problem.objective.cost
        teaching = (course for course in self._teaching[skill] if course.teaches[skill] >= level)
        course = min(teaching, key=lambda one: (cost(one), one.hours, one.id), default=None)
        return None if course is None else _shortened(course)

    @cached_property
    def _teaching(self) -> Mapping[str, list[Course]]:
        found: dict[str, list[Course]] = defaultdict(list)
        for course in self._problem.catalogue.courses:
            if self._problem.constraints.allows(course):
                for skill in course.teaches:
                    found[skill].append(course)
        return found

    def _course_to_take(self, left: Mapping[str, Lapse], standing: Levels) -> Course | None:
        able = {
            course.id: course
            for skill in left
            for course in self._teaching[skill]
            if course.id not in self._dated and course.can_be_taken(standing) and _covered(course, left)
        }
        saved = {name: self._saving(course, left) for name, course in able.items()}
        best = min(saved, key=lambda name: (*(-part for part in saved[name]), name), default=None)
        return able[best] if best is not None and saved[best] >= (0, 0) else None

    def _saving(self, course: Course, left: Mapping[str, Lapse]) -> tuple[int, int]:
        """Cost and hours by which a course undercuts the estimates for what it brings back."""
        cost = self._problem.objective.cost
        estimates = [
            estimate
            for skill in _covered(course, left)
            if (estimate := self.estimate(skill, left[skill].needed)) is not None
        ]
        hours = sum(estimate.hours for estimate in estimates)
        return sum(cost(estimate) for estimate in estimates) - cost(course), hours - course.hours

    def _retake(self, course: Course, covered: tuple[Lapse, ...]) -> Refresher:
        before = covered[0].before
        return Refresher(
            id=f"retake:{course.id}:{before}",
            kind=RefresherKind.RETAKE,
            course=course.id,
            before=before,
            lapses=covered,
            hours=course.hours,
            price=course.price,
            cost=self._problem.objective.cost(course),
        )

    def _estimated(self, lapse: Lapse, course: Course) -> Refresher:
        return Refresher(
            id=f"refresh:{lapse.skill}:{lapse.needed}:{lapse.before}",
            kind=RefresherKind.ESTIMATE,
            course=course.id,
            before=lapse.before,
            lapses=(lapse,),
            hours=course.hours,
            price=0,
            cost=self._problem.objective.cost(course),
        )


def _covered(course: Course, lapses: Mapping[str, Lapse]) -> list[str]:
    return [skill for skill, lapse in lapses.items() if course.teaches.get(skill, 0) >= lapse.needed]


def _shortened(course: Course) -> Course:
    hours = max(1, -(-course.hours // ONE_HOUR_IN))
    practice = hours * course.hands_on // course.hours if course.hours else 0
    return replace(course, hours=hours, price=0, hands_on=practice, requires={}, one_of=())
