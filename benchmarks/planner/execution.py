"""What can be reached by taking courses, in plain Python: nothing of it is shared with the planner."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping

from recommender.domain import Catalogue, Course

Readers = tuple[Mapping[str, tuple[Course, ...]], tuple[Course, ...]]
_last: list[tuple[Catalogue, Readers]] = []


def _readers_of(catalogue: Catalogue) -> Readers:
    """Those of the last catalogue are kept: to find them takes as long as a search at 100k courses."""
    if not _last or _last[0][0] is not catalogue:
        _last[:] = [(catalogue, _readers(catalogue))]
    return _last[0][1]


def _readers(catalogue: Catalogue) -> Readers:
    """Skill -> courses whose prerequisites read it; and the courses without prerequisites."""
    readers: dict[str, list[Course]] = defaultdict(list)
    free = []
    for course in catalogue.courses:
        read = set(course.requires) | {s for choice in course.one_of for one in choice for s in one}
        for skill in read:
            readers[skill].append(course)
        if not read:
            free.append(course)
    return {skill: tuple(courses) for skill, courses in readers.items()}, tuple(free)


def everything_reached(
    catalogue: Catalogue, levels: Mapping[str, int], *, allowed: Callable[[Course], bool] | None = None
) -> dict[str, int]:
    """The highest level of each skill that somebody at `levels` can reach with any of the allowed courses."""
    readers, free = _readers_of(catalogue)
    reached = dict(levels)
    waiting = deque(skill for skill, level in levels.items() if level)

    def take(courses: Iterable[Course]) -> None:
        for course in courses:
            if not course.can_be_taken(reached) or (allowed and not allowed(course)):
                continue
            for skill, level in course.teaches.items():
                if level > reached.get(skill, 0):
                    reached[skill] = level
                    waiting.append(skill)

    take(free)
    while waiting:
        take(readers.get(waiting.popleft(), ()))
    return reached
