"""The order people take courses in: foundations first, one subject at a time.

Among the courses that can be taken, the next one is the one with the lowest highest level taught; of equals,
one that shares a skill with the course before it; then the shorter one; then the first of the catalogue.
"""

from __future__ import annotations

from recommender.domain import Course, Levels, after


def ordered(courses: list[Course], *, start: Levels) -> list[Course]:
    """`courses` (which can all be taken in some order from `start`) in a valid order for people."""
    waiting = dict(enumerate(courses))
    highest = [max(course.teaches.values(), default=0) for course in courses]
    levels, order = dict(start), list[Course]()
    # Nothing is unlearned, so what can be taken once can be taken from then on.
    open_now = {number for number, course in waiting.items() if course.can_be_taken(levels)}
    asking = _asking(courses)
    while waiting:
        if not open_now:
            raise ValueError("these courses cannot all be taken")
        previous = set(order[-1].teaches) if order else set()
        number = min(
            open_now,
            key=lambda n: (
                highest[n],
                previous.isdisjoint(courses[n].teaches),
                courses[n].hours,
                n,
            ),
        )
        open_now.remove(number)
        course = waiting.pop(number)
        order.append(course)
        levels = after(course, levels)
        touched = waiting.keys() & {one for skill in course.teaches for one in asking.get(skill, ())}
        open_now.update(number for number in touched if waiting[number].can_be_taken(levels))
    return order


def _asking(courses: list[Course]) -> dict[str, list[int]]:
    """Per skill the courses, by number, that require some level of it."""
    asking: dict[str, list[int]] = {}
    for number, course in enumerate(courses):
        choices = (alternative for choice in course.one_of for alternative in choice)
        for skill in {skill for asked in (course.requires, *choices) for skill in asked}:
            asking.setdefault(skill, []).append(number)
    return asking
