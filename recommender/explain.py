"""Reasons as data: why each course stands in a plan. The sentences are written where people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recommender.domain import Course, Landmark, Levels, Problem, Solution, Step, after

MAX_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """A skill the course lifts; `needed` is the level the role asks, None when it asks none above."""

    skill: str
    before: int
    after: int
    needed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A later course of the plan that needs what this one gives, or can use it as one of its alternatives."""

    course: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReasons:
    """What one step gains and opens, whether no plan can do without it, and other courses that give the same.

    `alternatives` are at most three allowed courses outside the plan, the cheapest first, each of which
    alone gives every level this course newly gives; none for a course that gives nothing new.
    """

    course: str
    gains: tuple[Gain, ...]
    opens: tuple[Opening, ...]
    on_every_route: bool
    alternatives: tuple[str, ...]


def explain(problem: Problem, courses: Sequence[str]) -> tuple[StepReasons, ...]:
    """Reasons for each of `courses`, which must be a valid plan in its order. Raises KeyError for a course
    that the catalogue does not have.

    >>> from recommender.domain import Catalogue, Profile, Role
    >>> course = Course(id="intro", hours=3, price=0, requires={}, teaches={"sql": 2})
    >>> problem = Problem(id="p", catalogue=Catalogue((course,), frozenset({"sql"})),
    ...                   profile=Profile(levels={"sql": 1}), role=Role(id="r", requires={"sql": 2}))
    >>> reasons, = explain(problem, ["intro"])
    >>> reasons.gains, reasons.on_every_route
    ((Gain(skill='sql', before=1, after=2, needed=2),), True)
    """
    plan = [problem.catalogue.by_id[course] for course in courses]
    allowed = _allowed(problem)
    taken = set(courses)
    outside = _Givers(one for one in allowed if one.id not in taken)
    routes = _Routes(problem, allowed, plan=plan)
    levels: Levels = problem.profile.levels
    reasons = []
    for place, course in enumerate(plan):
        reached = after(course, levels)
        reasons.append(
            StepReasons(
                course=course.id,
                gains=_gains(problem, course, levels, reached),
                opens=_opens(course, levels, plan[place + 1 :]),
                on_every_route=routes.all_take(course),
                alternatives=_alternatives(problem, course, levels, outside),
            )
        )
        levels = reached
    return tuple(reasons)


def steps(problem: Problem, courses: Sequence[str]) -> tuple[Step, ...]:
    """The steps of a valid plan in the order of `courses`, with what each closes and opens.

    >>> from recommender.domain import Catalogue, Profile, Role
    >>> course = Course(id="intro", hours=3, price=0, requires={}, teaches={"sql": 2})
    >>> steps(Problem(id="p", catalogue=Catalogue((course,), frozenset({"sql"})),
    ...               profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2})), ["intro"])
    (Step(course='intro', closes=(('sql', 2),), opens=()),)
    """
    plan = [problem.catalogue.by_id[course] for course in courses]
    levels: Levels = problem.profile.levels
    found = []
    for place, course in enumerate(plan):
        reached = after(course, levels)
        closes = (
            (skill, needed)
            for skill, needed in sorted(problem.role.requires.items())
            if levels.get(skill, 0) < needed <= reached.get(skill, 0)
        )
        opens = (opening.course for opening in _opens(course, levels, plan[place + 1 :]))
        found.append(Step(course=course.id, closes=tuple(closes), opens=tuple(opens)))
        levels = reached
    return tuple(found)


def leading(problem: Problem) -> frozenset[str]:
    """The allowed courses that can be taken at all and lead to the role: all others are in no useful plan.

    >>> from recommender.domain import Catalogue, Profile, Role
    >>> one = Course(id="sql", hours=3, price=0, requires={}, teaches={"sql": 2})
    >>> other = Course(id="art", hours=3, price=0, requires={}, teaches={"art": 2})
    >>> problem = Problem(id="p", catalogue=Catalogue((one, other), frozenset({"sql", "art"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2}))
    >>> sorted(leading(problem))
    ['sql']
    """
    can = _taken_in_order(problem.profile.levels, _allowed(problem))
    return frozenset(course.id for course in _leading(problem, can))


def _allowed(problem: Problem) -> list[Course]:
    return [
        course
        for course in problem.catalogue.courses
        if problem.constraints.allows(course) and course.id not in problem.profile.taken
    ]


def needed_sets(solution: Solution) -> Mapping[str, tuple[Landmark, ...]]:
    """For each step the proven landmarks it answers: sets of which *every* plan takes a course (or a waiver).

    The narrowest come first. Only the first round of the certificate counts: what a later one says holds for
    cheaper plans alone.

    >>> one = Landmark(courses=("intro", "bootcamp"), share=3)
    >>> from recommender.domain import Status
    >>> needed_sets(Solution(status=Status.OPTIMAL, steps=(Step(course="intro"),), certificate=((one,),)))
    {'intro': (Landmark(courses=('intro', 'bootcamp'), waivers=(), share=3),)}
    """
    landmarks = solution.certificate[0] if solution.certificate else ()
    narrowest = sorted(landmarks, key=lambda one: (len(one.courses) + len(one.waivers), one.courses))
    return {
        step.course: tuple(one for one in narrowest if step.course in one.courses) for step in solution.steps
    }


def _gains(problem: Problem, course: Course, before: Levels, reached: Levels) -> tuple[Gain, ...]:
    return tuple(
        Gain(skill=skill, before=have, after=reached[skill], needed=_needed(problem, skill, above=have))
        for skill in sorted(course.teaches)
        if reached[skill] > (have := before.get(skill, 0))
    )


def _needed(problem: Problem, skill: str, *, above: int) -> int | None:
    needed = problem.role.requires.get(skill, 0)
    return needed if needed > above else None


def _opens(course: Course, levels: Levels, later: Sequence[Course]) -> tuple[Opening, ...]:
    given = {s: (levels.get(s, 0), level) for s, level in course.teaches.items() if level > levels.get(s, 0)}
    found = []
    for other in later:
        skills = {
            skill
            for asked in _asked(other, levels)
            for skill in given.keys() & asked.keys()
            if given[skill][0] < asked[skill] <= given[skill][1]
        }
        if skills:
            found.append(Opening(course=other.id, skills=tuple(sorted(skills))))
    return tuple(found)


def _asked(course: Course, levels: Levels) -> Sequence[Levels]:
    """What `course` requires, and the alternatives of each choice that `levels` do not meet yet."""
    if not course.one_of:
        return (course.requires,)
    unmet = (choice for choice in course.one_of if not any(_meets(one, levels) for one in choice))
    return (course.requires, *(alternative for choice in unmet for alternative in choice))


def _meets(needed: Levels, levels: Levels) -> bool:
    return all(levels.get(skill, 0) >= level for skill, level in needed.items())


def _alternatives(problem: Problem, course: Course, levels: Levels, outside: _Givers) -> tuple[str, ...]:
    given = {s: level for s, level in course.teaches.items() if level > levels.get(s, 0)}
    same = [
        other
        for other in outside.of_any(given)
        if all(other.teaches.get(s, 0) >= level for s, level in given.items())
    ]
    same.sort(key=lambda other: (problem.objective.cost(other), other.id))
    return tuple(other.id for other in same[:MAX_ALTERNATIVES])


class _Givers:
    """Courses by what they teach."""

    def __init__(self, courses: Iterable[Course]) -> None:
        self._by_skill: dict[str, list[Course]] = {}
        for course in courses:
            for skill in course.teaches:
                self._by_skill.setdefault(skill, []).append(course)

    def of_any(self, skills: Iterable[str]) -> Sequence[Course]:
        """The courses on that of `skills` which the fewest teach; none where there is no skill."""
        return min((self._by_skill.get(skill, []) for skill in skills), key=len, default=[])


class _Routes:
    """The courses by which the role can be reached, and whether it can be without one of a plan's."""

    def __init__(self, problem: Problem, allowed: Sequence[Course], *, plan: Sequence[Course]) -> None:
        self.problem = problem
        planned = {course.id for course in plan}
        leading = _leading(problem, _taken_in_order(problem.profile.levels, allowed))
        # Levels only rise, so what can be taken without the plan need not be tried again for each course.
        sure = _taken_in_order(problem.profile.levels, [one for one in leading if one.id not in planned])
        self.taken = problem.profile.taken.union(one.id for one in sure)
        self.levels = _learnt(sure, problem.profile.levels)
        self.others = [one for one in leading if one.id not in self.taken]

    def all_take(self, course: Course) -> bool:
        """Whether no route is left without `course`: limits aside, and each possible waiver granted."""
        problem = self.problem
        order = _taken_in_order(self.levels, [one for one in self.others if one.id != course.id])
        levels = _learnt(order, self.levels)
        names = self.taken.union(one.id for one in order)
        return not all(names & choice for choice in problem.constraints.must_take) or any(
            levels.get(skill, 0) < needed and skill not in problem.constraints.waivers
            for skill, needed in problem.role.requires.items()
        )


def _taken_in_order(start: Levels, courses: Iterable[Course]) -> list[Course]:
    """Those of `courses` that can be taken at all, in an order in which they can be."""
    levels, order, waiting = dict(start), list[Course](), list(courses)
    while True:
        closed = []
        for course in waiting:
            if course.can_be_taken(levels):
                order.append(course)
                _learn(course, levels)
            else:
                closed.append(course)
        if len(closed) == len(waiting):
            return order
        waiting = closed


def _leading(problem: Problem, courses: Sequence[Course]) -> list[Course]:
    """Those of `courses` that give what the role asks, what must be taken, or what such a course asks."""
    have = problem.profile.levels
    named = set[str]().union(*problem.constraints.must_take)
    givers: dict[str, list[Course]] = {}
    for course in courses:
        for skill, level in course.teaches.items():
            if level > have.get(skill, 0):
                givers.setdefault(skill, []).append(course)
    found = {course.id: course for course in courses if course.id in named}
    new = list(found.values())
    wanted = {skill for skill, level in problem.role.requires.items() if level > have.get(skill, 0)}
    while wanted or new:
        for course in new:
            wanted |= {skill for asked in _asked(course, have) for skill in asked}
        new = [one for skill in wanted for one in givers.pop(skill, ()) if one.id not in found]
        found |= {one.id: one for one in new}
        wanted = set()
    return [course for course in courses if course.id in found]


def _learnt(courses: Iterable[Course], start: Levels) -> dict[str, int]:
    levels = dict(start)
    for course in courses:
        _learn(course, levels)
    return levels


def _learn(course: Course, levels: dict[str, int]) -> None:
    for skill, level in course.teaches.items():
        if level > levels.get(skill, 0):
            levels[skill] = level
