"""A new optimum for a plan in progress that disturbs it least, and what changes, as data."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from recommender import explain
from recommender.domain import Course, Levels, Objective, Problem, Solution, Status, after
from recommender.planning import solving, what_if
from recommender.planning.stopwatch import StopWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """The new plan and how it differs from the scheduled one.

    `solution` is a cheapest plan where its status says so. `kept`, `added` and `moved` stand in the new
    order; `moved` are those kept that changed places with another one. `dropped` stand in the old order.
    `is_least` is whether it is proven that no plan of the same cost keeps more.
    """

    solution: Solution
    kept: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    moved: tuple[str, ...]
    is_least: bool


def replan(problem: Problem, scheduled: Sequence[str], *, stop: StopWatch) -> Replan:
    """The cheapest plan for `problem` that keeps as many of the `scheduled` courses as possible at that cost.

    `scheduled` are the ids of the courses not yet finished, in order; finished ones are in `profile.taken`. A
    scheduled course that is no longer on offer or allowed is dropped. Raises MalformedInputError as
    `planning.solve` does.

    >>> from recommender.domain import Catalogue, Profile, Role
    >>> from recommender.planning import Unlimited
    >>> twins = tuple(Course(id=name, hours=9, price=0, requires={}, teaches={"sql": 2}) for name in "ab")
    >>> problem = Problem(id="p", catalogue=Catalogue(twins, frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2}))
    >>> new = replan(problem, ["b"], stop=Unlimited())
    >>> new.kept, new.added, new.dropped
    (('b',), (), ())
    """
    old = [name for name in dict.fromkeys(scheduled) if name not in problem.profile.taken]
    optimum = solving.solve(problem, stop=what_if.Turn(stop, turns=2))
    tied = _tied(problem, old)
    answer = solving.solve(tied.problem, stop=stop)
    solution, is_least = _better(problem, optimum, answer, tied, frozenset(old))
    order = _in_old_order(problem, what_if.courses(solution), old)
    kept = tuple(name for name in order if name in set(old))
    return Replan(
        solution=replace(solution, steps=explain.steps(problem, order)),
        kept=kept,
        added=tuple(name for name in order if name not in set(old)),
        dropped=tuple(name for name in old if name not in set(order)),
        moved=_moved(kept, old),
        is_least=is_least,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tied:
    """A problem whose cheapest plan is, of the cheapest plans of the given one, one that keeps most.

    Its costs are those of the given one times `scale`, less 1 for each old course, as far as that has a cost
    to take the 1 off: `without_bonus` are the old courses that have none.
    """

    problem: Problem
    scale: int
    without_bonus: frozenset[str]


def _tied(problem: Problem, old: Sequence[str]) -> _Tied:
    """Prices of effort cannot be negative. So the price of one resource that has a price is lowered by 1, and
    `extra` gives it back for what each course uses of it, but for 1 less with an old course."""
    given, scale = problem.objective, len(old) + 1
    kind = "hour" if given.hour else "price" if given.price else "theory" if given.theory else ""
    extra: dict[str, int] = {}
    without_bonus = set[str]()
    for course in problem.catalogue.courses:
        amount = scale * given.surcharge(course) + _use(course, kind)
        if course.id in set(old):
            without_bonus |= set() if amount else {course.id}
            amount = max(0, amount - 1)
        if amount:
            extra[course.id] = amount
    lowered = Objective(
        hour=scale * given.hour - (kind == "hour"),
        price=scale * given.price - (kind == "price"),
        theory=scale * given.theory - (kind == "theory"),
        extra=extra,
    )
    changed = replace(problem, objective=lowered)
    waivers = {skill: scale * penalty for skill, penalty in problem.constraints.waivers.items()}
    return _Tied(
        problem=what_if.constrained(changed, waivers=waivers),
        scale=scale,
        without_bonus=frozenset(without_bonus),
    )


def _use(course: Course, kind: str) -> int:
    if kind == "theory":
        return course.hours - course.hands_on
    return course.hours if kind == "hour" else course.price if kind == "price" else 0


def _better(
    problem: Problem, optimum: Solution, answer: Solution, tied: _Tied, old: frozenset[str]
) -> tuple[Solution, bool]:
    """The cheaper of two answers, of equals the one that keeps more; and whether that keeps the most."""
    if answer.cost is None:
        return optimum, not old or optimum.status is Status.INFEASIBLE
    names = what_if.courses(answer)
    waived = sum(problem.constraints.waivers[skill] for skill in answer.waived)
    cost = what_if.cost(problem, names) + waived
    keeps_more = _kept(answer, old) >= _kept(optimum, old)
    if optimum.cost is not None and (optimum.cost, not keeps_more) < (cost, False):
        return optimum, False
    # The 1s taken off come to less than one unit of the real cost, so rounding up gives a bound on it.
    bound = max(-(-(answer.bound or 0) // tied.scale), optimum.bound or 0)
    chosen = replace(
        optimum,
        status=Status.OPTIMAL if bound >= cost else Status.FEASIBLE,
        cost=cost,
        bound=bound,
        steps=answer.steps,
        waived=answer.waived,
        solver="" if bound == optimum.verified_bound else optimum.solver or answer.solver or solving.SEARCH,
    )
    return chosen, answer.status is Status.OPTIMAL and tied.without_bonus <= set(names)


def _kept(solution: Solution, old: frozenset[str]) -> int:
    return len(old.intersection(what_if.courses(solution)))


def _in_old_order(problem: Problem, names: Sequence[str], old: Sequence[str]) -> list[str]:
    """The same courses, the kept ones in their old order as far as prerequisites allow; new ones come in
    just before the first that needs them, or at the end."""
    chosen = [problem.catalogue.by_id[name] for name in names]
    kept = [problem.catalogue.by_id[name] for name in old if name in set(names)]
    new = [course for course in chosen if course.id not in set(old)]
    levels: Levels = problem.profile.levels
    order: list[str] = []
    while kept or new:
        course, helpers = _next(kept, new, levels)
        for one in (*helpers, course):
            order.append(one.id)
            levels = after(one, levels)
        kept = [one for one in kept if one.id != course.id]
        new = [one for one in new if one.id not in {course.id, *(helper.id for helper in helpers)}]
    return order


def _next(kept: Sequence[Course], new: Sequence[Course], levels: Levels) -> tuple[Course, list[Course]]:
    """The first kept course that can be taken, if need be after some new ones; or else the first new one."""
    for course in kept:
        helpers = _helpers(course, new, levels)
        if helpers is not None:
            return course, helpers
    return next(course for course in new if course.can_be_taken(levels)), []


def _helpers(course: Course, new: Sequence[Course], levels: Levels) -> list[Course] | None:
    """A set of new courses, none of them idle, after which `course` can be taken; None if there is none."""
    helpers = _takeable(new, levels)
    if not course.can_be_taken(_after(helpers, levels)):
        return None
    for one in reversed(helpers.copy()):
        fewer = _takeable([other for other in helpers if other is not one], levels)
        if course.can_be_taken(_after(fewer, levels)):
            helpers = fewer
    return helpers


def _takeable(courses: Sequence[Course], levels: Levels) -> list[Course]:
    waiting, order = list(courses), list[Course]()
    while ready := next((one for one in waiting if one.can_be_taken(levels)), None):
        order.append(ready)
        waiting.remove(ready)
        levels = after(ready, levels)
    return order


def _after(courses: Sequence[Course], levels: Levels) -> Levels:
    for course in courses:
        levels = after(course, levels)
    return levels


def _moved(kept: Sequence[str], old: Sequence[str]) -> tuple[str, ...]:
    """Those of `kept` outside a longest run that still stands in the old order."""
    places = [old.index(name) for name in kept]
    ends: list[int] = []
    lengths = []
    for place in places:
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        lengths.append(length)
    staying, wanted, below = set[str](), len(ends) - 1, len(old)
    for name, place, length in zip(reversed(kept), reversed(places), reversed(lengths), strict=True):
        if length == wanted and place < below:
            staying.add(name)
            wanted, below = wanted - 1, place
    return tuple(name for name in kept if name not in staying)
