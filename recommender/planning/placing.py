"""Puts courses on days: list scheduling, day by day, in sevenths of an hour.

Of the courses that may begin, those bound to a date go first, then the order decides. Running courses share
each day evenly; sevenths that cannot be shared go to the one that began first. A course waits

- until every prerequisite is met by what the person had and by courses that have ended,
- for the refreshers that stand before it,
- for a start date, if it has offerings (one within a holiday cannot be joined),
- for a free place, and
- while it would keep another course from its last start date (`_keeps_from_date`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from recommender.domain import Course, Levels, after
from recommender.errors import MalformedInputError
from recommender.planning.calendar import DAYS, ONE_DAY, StudyTime, day_after

FINISH = ""
"""What a refresher stands before when the role needs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A course at its place in the order. A refresher stands `before` the course it is for, or FINISH.

    A refresher begins when all else that its course waits for has ended.
    """

    course: Course
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Study of one course on days that follow each other within one week.

    `sevenths` are sevenths of an hour: 7 for each hour of the course when all its portions are added.
    """

    course: str
    week: int
    starts_on: date
    ends_on: date
    sevenths: int


class Placing:
    """The state of the simulation; after `run`, what began and ended when, and what never could begin."""

    def __init__(
        self,
        entries: Sequence[Entry],
        *,
        levels: Levels,
        time: StudyTime,
        offerings: Mapping[str, Sequence[date]],
    ) -> None:
        self.time = time
        self.entries = {entry.course.id: entry for entry in entries}
        self.place = {name: place for place, name in enumerate(self.entries)}
        self.dates = {
            name: tuple(day for day in offerings[name] if day >= time.start and time.is_study_day(day))
            for name, entry in self.entries.items()
            if name in offerings and entry.before is None
        }
        self.levels = dict(levels)
        self.waiting = dict(self.entries)
        self.running: dict[str, int] = {}
        self.began: dict[str, date] = {}
        self.ended: dict[str, date] = {}
        self.portions: list[Portion] = []
        self._latest: dict[str, int] = {}
        self._needs = needs(entries, levels=levels)
        self._holds_up = True
        self._able = self._find_able()

    def run(self) -> None:
        """Study until everything has ended or nothing can begin any more.

        Raises MalformedInputError when the calendar ends before the plan.
        """
        day = self.time.first_study_day(self.time.start)
        while self.waiting or self.running:
            if day is not None and not self.running:
                day = self._next_beginning(day)
                if day is None:
                    return
            if day is None:
                raise MalformedInputError(
                    f"the plan does not end by {date.max}; study more or shorten the holidays"
                )
            self._study(day)
            following = day_after(day)
            day = following and self.time.first_study_day(following)

    def last_date(self, name: str) -> date | None:
        """The last day on which a course with offerings can be begun; None when there is none."""
        return self.dates[name][-1] if self.dates[name] else None

    def _next_beginning(self, day: date) -> date | None:
        """The first study day from `day` on which something may begin, while nothing runs."""
        whole_day = self.time.hours_per_week
        if any(self._may_begin(name, day, whole_day) for name in self._able):
            return day
        later = (one for name in self._able for one in self.dates.get(name, ()) if one > day)
        found = min(later, default=None)
        if found is None and any(name not in self.dates for name in self._able):
            self._holds_up = False
            return day
        return found

    def _study(self, day: date) -> None:
        left = self.time.hours_per_week
        while left:
            self._begin(day, left)
            if not self.running:
                return
            left -= self._share(day, left)

    def _begin(self, day: date, left: int) -> None:
        while len(self.running) < self.time.parallel:
            able = [name for name in self._able if self._may_begin(name, day, left)]
            if not able:
                return
            name = min(able, key=lambda one: (one not in self.dates, self.place[one]))
            hours = self.waiting.pop(name).course.hours
            self._able.remove(name)
            self.began[name] = day
            self.running[name] = DAYS * hours
            if not hours:
                self._end(name, day)

    def _share(self, day: date, left: int) -> int:
        """Divide what is `left` of the day among the running courses; returns what they used."""
        each, rest = divmod(left, len(self.running))
        used = 0
        for place, (name, needed) in enumerate(list(self.running.items())):
            part = min(needed, each + 1 if place < rest else each)
            if not part:
                continue
            used += part
            self.running[name] -= part
            self._note(name, day, part)
            if part == needed:
                self._end(name, day)
        return used

    def _note(self, name: str, day: date, part: int) -> None:
        week = self.time.week(day)
        place = self._latest.get(name)
        if place is not None:
            former = self.portions[place]
            if former.week == week and day - former.ends_on <= ONE_DAY:
                self.portions[place] = replace(former, ends_on=day, sevenths=former.sevenths + part)
                return
        self._latest[name] = len(self.portions)
        self.portions.append(Portion(course=name, week=week, starts_on=day, ends_on=day, sevenths=part))

    def _end(self, name: str, day: date) -> None:
        del self.running[name]
        self.ended[name] = day
        self.levels = after(self.entries[name].course, self.levels)
        self._able = self._find_able()

    def _find_able(self) -> list[str]:
        """Waiting courses that need nothing but a date and a place."""
        refreshed = {entry.before for name, entry in self.entries.items() if name not in self.ended}
        return [name for name, entry in self.waiting.items() if name not in refreshed and self.is_due(entry)]

    def is_due(self, entry: Entry) -> bool:
        """Whether nothing is missing for a course but its refreshers, a date and a place."""
        if not entry.course.can_be_taken(self.levels):
            return False
        if entry.before is None:
            return True
        if entry.before != FINISH:
            return self.is_due(self.entries[entry.before])
        return all(name in self.ended for name, one in self.entries.items() if one.before != FINISH)

    def _may_begin(self, name: str, day: date, left: int) -> bool:
        if name in self.dates:
            if day not in self.dates[name]:
                return False
            if day == self.last_date(name):
                return True
        return not (self._holds_up and self._keeps_from_date(name, day, left))

    def _keeps_from_date(self, name: str, day: date, left: int) -> bool:
        """Whether beginning `name` could make the most urgent course with a date miss its last one.

        The most urgent is the one with the earliest last date that it can still meet. Whatever it needs is
        not held up; any other course may begin if all that runs and all that is needed still ends before
        that date, or, when nothing more is needed, if a place stays free for it.
        """
        for urgent in sorted((n for n in self.dates if n in self.waiting), key=self._by_last_date):
            last = self.last_date(urgent)
            if last is None or last < day:
                continue
            needed = [one for one in self._needs[urgent] if one not in self.ended]
            spare = self._spare(needed, day, left, before=last)
            if needed and (spare < 0 or self._is_cut_off(needed, day, last)):
                continue
            if name == urgent or name in needed:
                return False
            fits = DAYS * self.waiting[name].course.hours <= spare
            return not fits and (bool(needed) or len(self.running) + 1 >= self.time.parallel)
        return False

    def _by_last_date(self, name: str) -> tuple[date, int]:
        return self.last_date(name) or date.min, self.place[name]

    def _spare(self, needed: Iterable[str], day: date, left: int, *, before: date) -> int:
        """Sevenths that remain before a date once what runs and what is needed has ended."""
        room = 0
        if day < before:
            whole_days = self.time.study_days(day + ONE_DAY, before - ONE_DAY)
            room = left + self.time.hours_per_week * whole_days
        waiting = sum(DAYS * self.waiting[name].course.hours for name in needed if name in self.waiting)
        return room - sum(self.running.values()) - waiting

    def _is_cut_off(self, needed: Iterable[str], day: date, last: date) -> bool:
        """Whether something needed has itself no start date in time."""
        return any(
            name in self.waiting
            and name in self.dates
            and not any(day <= one < last for one in self.dates[name])
            for name in needed
        )


def needs(entries: Sequence[Entry], *, levels: Levels) -> dict[str, frozenset[str]]:
    """For each course the others that its prerequisites rest on when all are taken in order, refreshers too.

    >>> def course(name, requires, teaches):
    ...     return Entry(course=Course(id=name, hours=9, price=0, requires=requires, teaches=teaches))
    >>> found = needs([course("a", {}, {"x": 1}), course("b", {"x": 1}, {"y": 1}),
    ...                course("c", {"y": 1}, {})], levels={})
    >>> sorted(found["c"])
    ['a', 'b']
    """
    levels = dict(levels)
    givers: dict[tuple[str, int], str] = {}
    found: dict[str, frozenset[str]] = {}
    refreshers: dict[str, frozenset[str]] = {}
    for entry in entries:
        name = entry.course.id
        direct = {givers[fact] for fact in _met(entry.course, levels) if fact in givers}
        found[name] = frozenset(direct).union(
            refreshers.get(name, frozenset()), *(found[one] for one in direct)
        )
        for skill, level in entry.course.teaches.items():
            for fact in range(levels.get(skill, 0) + 1, level + 1):
                givers[skill, fact] = name
        levels = after(entry.course, levels)
        if entry.before is not None:
            own = found[name] | {name}
            refreshers[entry.before] = refreshers.get(entry.before, frozenset()) | own
    return found


def _met(course: Course, levels: Levels) -> list[tuple[str, int]]:
    """The prerequisites of a course, of each choice the first alternative that is met."""
    chosen = [
        next((one for one in choice if all(levels.get(skill, 0) >= need for skill, need in one.items())), {})
        for choice in course.one_of
    ]
    return [fact for needed in (course.requires, *chosen) for fact in needed.items()]
