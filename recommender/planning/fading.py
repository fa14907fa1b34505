"""How long levels last while a plan is carried out, and the order that loses least of them.

The rule is that of `estimators.decay`, carried on below the first lapse: a level L shown t days ago counts as
the highest m with L * 2 ** (-t / H) >= m - 1/2, decided in integers. A skill without a half-life never fades.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from recommender.domain import MAX_LEVEL, Course, HalfLife, Levels, after
from recommender.errors import MalformedInputError
from recommender.estimators import decay

HalfLives = Mapping[str, HalfLife]
"""Skill id -> how fast it fades; a skill that is missing does not."""

FOREVER = 10**9
"""More days than any calendar has."""


@lru_cache(maxsize=256)
def days_kept(level: int, *, at_least: int, half_life_months: int) -> int:
    """Days for which `level` (1..5), unused, still counts as `at_least` (1..level) or more.

    Raises MalformedInputError for levels out of range.

    >>> days_kept(4, at_least=4, half_life_months=18), days_kept(4, at_least=3, half_life_months=18)
    (106, 371)
    """
    if not 1 <= at_least <= level <= MAX_LEVEL:
        raise MalformedInputError(f"expected 1 <= at_least <= level <= 5, got {at_least} and {level}")
    half_life = decay.half_life_days(half_life_months)
    above: int = (2 * level) ** half_life
    below: int = (2 * at_least - 1) ** half_life
    days = max(0, above.bit_length() - below.bit_length() - 1)
    while above >= below << days:
        days += 1
    return days


def level_kept(level: int, *, days: int, half_life: HalfLife | None) -> int:
    """What `level` (0..5) counts as after `days` without use.

    >>> [level_kept(4, days=days, half_life=HalfLife.TOOL) for days in (0, 105, 106, 370, 371)]
    [4, 4, 3, 3, 2]
    >>> level_kept(4, days=9_999, half_life=None)
    4
    """
    if half_life is None:
        return level
    kept = level
    while kept and days >= days_kept(level, at_least=kept, half_life_months=half_life.months):
        kept -= 1
    return kept


class Memory:
    """Every level a person has shown and when; each fades by itself and the highest counts.

    >>> memory = Memory({"git": 3}, on=date(2026, 1, 1), half_lives={"git": HalfLife.TOOL})
    >>> memory.level("git", on=date(2026, 12, 31))
    2
    >>> memory.learn("git", 3, on=date(2026, 12, 31))
    >>> memory.level("git", on=date(2026, 12, 31)), memory.reached("git")
    (3, 3)
    """

    def __init__(self, levels: Levels, *, on: date, half_lives: HalfLives) -> None:
        self._half_lives = half_lives
        self._shown: dict[str, dict[int, date]] = {skill: {level: on} for skill, level in levels.items()}

    def learn(self, skill: str, level: int, *, on: date) -> None:
        """Show `level` of `skill` on a day; of the same level the latest day counts."""
        shown = self._shown.setdefault(skill, {})
        shown[level] = max(on, shown.get(level, on))

    def level(self, skill: str, *, on: date) -> int:
        """What the skill counts as on a day."""
        half_life = self._half_lives.get(skill)
        shown = self._shown.get(skill, {})
        return max(
            (level_kept(level, days=(on - day).days, half_life=half_life) for level, day in shown.items()),
            default=0,
        )

    def levels(self, skills: Iterable[str], *, on: date) -> dict[str, int]:
        """What each of the skills counts as on a day."""
        return {skill: self.level(skill, on=on) for skill in skills}

    def standing(self, *, on: date) -> dict[str, int]:
        """What every skill ever shown counts as on a day."""
        return self.levels(self._shown, on=on)

    def reached(self, skill: str) -> int:
        """The highest level ever shown, as if nothing faded."""
        return max(self._shown.get(skill, {}), default=0)


def lasting_first(courses: Sequence[Course], *, levels: Levels, half_lives: HalfLives) -> list[Course]:
    """`courses`, which can be taken in their order from `levels`, so that what fades fast comes late.

    The rule: of the courses that can be taken, the next one is the one whose levels last longest, counted in
    days until the first of them lapses; of equals, the first of `courses`. A level below what is held, or one
    that a course still to come teaches as high, does not count. (Lawler 1973, in reversed time: the least
    urgent goes farthest out.)
    Raises MalformedInputError when the courses cannot be taken in their order.

    >>> def course(name, **teaches):
    ...     return Course(id=name, hours=9, price=0, requires={}, teaches=teaches)
    >>> plan = [course("git", git=3), course("maths", maths=3)]
    >>> half_lives = {"git": HalfLife.TOOL, "maths": HalfLife.FOUNDATION}
    >>> [one.id for one in lasting_first(plan, levels={}, half_lives=half_lives)]
    ['maths', 'git']
    """
    check_order(courses, levels=levels)
    waiting = dict(enumerate(courses))
    order: list[Course] = []
    while waiting:
        able = [number for number, course in waiting.items() if course.can_be_taken(levels)]
        number = max(able, key=lambda n: (_lasts(n, waiting, levels, half_lives), -n))
        order.append(waiting.pop(number))
        levels = after(order[-1], levels)
    return order


def check_order(courses: Iterable[Course], *, levels: Levels) -> None:
    """Raises MalformedInputError unless each course can be taken after those before it.

    >>> check_order([Course(id="b", hours=1, price=0, requires={"a": 1}, teaches={})], levels={"a": 1})
    """
    for place, course in enumerate(courses, start=1):
        if not course.can_be_taken(levels):
            raise MalformedInputError(
                f"step {place}, {course.id}: a prerequisite is missing; pass a plan that was verified"
            )
        levels = after(course, levels)


def _lasts(number: int, waiting: Mapping[int, Course], levels: Levels, half_lives: HalfLives) -> int:
    """Days until the first level that rests on a waiting course lapses."""
    others = [course for other, course in waiting.items() if other != number]
    return min(
        (
            days_kept(level, at_least=level, half_life_months=half_lives[skill].months)
            for skill, level in waiting[number].teaches.items()
            if skill in half_lives
            and level >= levels.get(skill, 0)
            and not any(course.teaches.get(skill, 0) >= level for course in others)
        ),
        default=FOREVER,
    )
