"""Dates for a plan with courses side by side, offerings, holidays and a deadline.

Without offerings no hour of study is lost: the last step ends on the day it would end on if the courses were
taken one by one, and a holiday never makes it earlier. Offerings can make a person wait. Since list
scheduling looks no further than the courses' last dates, such a timetable need not be the shortest, and one
more holiday can, by moving a start, make it shorter (the anomalies of Graham 1969).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from recommender.domain import Course, Levels, Problem
from recommender.errors import MalformedInputError
from recommender.planning import fading
from recommender.planning.calendar import DAYS, StudyTime
from recommender.planning.fading import HalfLives
from recommender.planning.placing import Entry, Placing, Portion
from recommender.planning.schedule import ScheduledStep

Offerings = Mapping[str, Sequence[date]]
"""Course id -> the days it starts on, in order; a course that is missing is self-paced: any day will do."""

SELF_PACED: Offerings = MappingProxyType({})
NOTHING_FADES: HalfLives = MappingProxyType({})


class Obstacle(StrEnum):
    """Why a course has no dates."""

    NO_OFFERING = "no-offering"
    WAITS = "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A course that cannot be given dates.

    `NO_OFFERING`: no start date is left by the time it could begin; `last_offering` is the last one from the
    start on that is no holiday, None when there is none. `WAITS`: it needs a course without dates.
    """

    course: str
    obstacle: Obstacle
    last_offering: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Dated steps in the order in which they begin, what is studied in which week, and what has no dates."""

    steps: tuple[ScheduledStep, ...]
    portions: tuple[Portion, ...]
    unplaced: tuple[Unplaced, ...] = ()
    deadline: date | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every course has dates."""
        return not self.unplaced

    @property
    def ends_on(self) -> date | None:
        """The last day of study; None without steps."""
        return max((step.ends_on for step in self.steps), default=None)

    @property
    def late(self) -> tuple[str, ...]:
        """Courses that end after the deadline, and those without dates if there is a deadline."""
        if self.deadline is None:
            return ()
        missed = (step.course for step in self.steps if step.ends_on > self.deadline)
        return (*missed, *(one.course for one in self.unplaced))

    @property
    def slack(self) -> int | None:
        """Days from the last day of study to the deadline, negative when it is missed.

        None without a deadline, without steps, or when a course has no dates.
        """
        if self.deadline is None or self.ends_on is None or self.unplaced:
            return None
        return (self.deadline - self.ends_on).days


def lay_out(
    problem: Problem,
    courses: Sequence[str],
    *,
    time: StudyTime,
    offerings: Offerings = SELF_PACED,
    half_lives: HalfLives = NOTHING_FADES,
) -> Timetable:
    """Give dates to a verified plan.

    With `half_lives` the courses are first brought into the order of `fading.lasting_first`; without, they
    begin in their own order as far as dates and places allow. Courses without a start date left are a finding
    in `unplaced`. Raises MalformedInputError for unknown or repeated courses, an order in which they cannot
    be taken, start dates out of order, and a plan that ends after the calendar.

    >>> from recommender.domain import Catalogue, Course, Profile, Role
    >>> sql = Course(id="sql", hours=20, price=0, requires={}, teaches={"sql": 2})
    >>> spark = Course(id="spark", hours=10, price=0, requires={"sql": 2}, teaches={"spark": 2})
    >>> problem = Problem(id="p", catalogue=Catalogue((sql, spark), frozenset({"sql", "spark"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"spark": 2}))
    >>> time = StudyTime(start=date(2026, 11, 2), hours_per_week=10, deadline=date(2026, 12, 20))
    >>> table = lay_out(problem, ["sql", "spark"], time=time, offerings={"spark": [date(2026, 12, 1)]})
    >>> [(step.course, str(step.starts_on), str(step.ends_on)) for step in table.steps]
    [('sql', '2026-11-02', '2026-11-15'), ('spark', '2026-12-01', '2026-12-07')]
    >>> table.slack, table.late
    (13, ())
    >>> late = lay_out(problem, ["sql", "spark"], time=time, offerings={"spark": [date(2026, 11, 9)]})
    >>> [(one.course, one.obstacle.value) for one in late.unplaced]
    [('spark', 'no-offering')]
    """
    chosen = chosen_courses(problem, courses)
    levels = problem.profile.levels
    fading.check_order(chosen, levels=levels)
    if half_lives:
        chosen = fading.lasting_first(chosen, levels=levels, half_lives=half_lives)
    entries = [Entry(course=course) for course in chosen]
    return laid_out(entries, levels=levels, time=time, offerings=offerings)


def laid_out(
    entries: Sequence[Entry], *, levels: Levels, time: StudyTime, offerings: Offerings = SELF_PACED
) -> Timetable:
    """`lay_out` for courses that stand in a valid order already, refreshers among them.

    >>> course = Course(id="sql", hours=7, price=0, requires={}, teaches={"sql": 2})
    >>> time = StudyTime(start=date(2026, 11, 2), hours_per_week=5)
    >>> table = laid_out([Entry(course=course)], levels={}, time=time)
    >>> [(portion.week, portion.sevenths) for portion in table.portions]
    [(1, 35), (2, 14)]
    """
    _check(entries, time=time, offerings=offerings)
    placing = Placing(entries, levels=levels, time=time, offerings=offerings)
    placing.run()
    steps = tuple(
        ScheduledStep(
            course=name,
            starts_on=began,
            ends_on=placing.ended[name],
            first_week=time.week(began),
            last_week=time.week(placing.ended[name]),
        )
        for name, began in placing.began.items()
    )
    return Timetable(
        steps=steps,
        portions=tuple(placing.portions),
        unplaced=tuple(_unplaced(placing, name) for name in placing.waiting),
        deadline=time.deadline,
    )


def chosen_courses(problem: Problem, courses: Sequence[str]) -> list[Course]:
    """The courses of a plan. Raises MalformedInputError for unknown or repeated ones."""
    for course in courses:
        if course not in problem.catalogue.by_id:
            raise MalformedInputError(f"{course} is not in the catalogue; pass a plan that was verified")
    if len(set(courses)) < len(courses):
        raise MalformedInputError("a course is taken twice; pass a plan that was verified")
    return [problem.catalogue.by_id[course] for course in courses]


def _check(entries: Sequence[Entry], *, time: StudyTime, offerings: Offerings) -> None:
    hours = sum(entry.course.hours for entry in entries)
    if DAYS * hours // time.hours_per_week > (date.max - time.start).days:
        raise MalformedInputError(f"{hours} hours at {time.hours_per_week} a week end after {date.max}")
    if len({entry.course.id for entry in entries}) < len(entries):
        raise MalformedInputError("two courses of the plan have the same id; rename one")
    for entry in entries:
        days = offerings.get(entry.course.id, ())
        if any(first >= second for first, second in pairwise(days)):
            raise MalformedInputError(f"the start dates of {entry.course.id} must be sorted, each one once")


def _unplaced(placing: Placing, name: str) -> Unplaced:
    if name in placing.dates and placing.is_due(placing.entries[name]):
        return Unplaced(course=name, obstacle=Obstacle.NO_OFFERING, last_offering=placing.last_date(name))
    return Unplaced(course=name, obstacle=Obstacle.WAITS)
