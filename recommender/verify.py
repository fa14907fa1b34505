"""Replays a plan and its proof on the raw catalogue. Imports only `domain`, to share no planner's mistake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from recommender.domain import (
    Certificate,
    Course,
    Landmark,
    Levels,
    Problem,
    Proof,
    Solution,
    Status,
    after,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the plan holds, its cost when every course is known, and everything that is wrong."""

    valid: bool
    cost: int | None
    errors: tuple[str, ...]


def verify(
    problem: Problem, courses: Sequence[str], *, cost: int | None = None, waived: Collection[str] = ()
) -> Verdict:
    """Take the courses one by one and look. `cost` is the claimed cost, if one is claimed; `waived` are the
    role skills from which the plan is exempt.

    >>> from recommender.domain import Catalogue, Course, Profile, Role
    >>> course = Course(id="a", hours=3, price=0, requires={}, teaches={"sql": 2})
    >>> problem = Problem(id="p", catalogue=Catalogue((course,), frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2}))
    >>> verify(problem, ["a"]).valid, verify(problem, []).errors
    (True, ('sql is at level 0 at the end, the role requires 2',))
    """
    errors = [*_unknown_or_repeated(problem, courses), *_not_waivable(problem, waived)]
    if errors:
        return Verdict(valid=False, cost=None, errors=tuple(errors))
    errors += _prerequisites_and_goals(problem, courses, waived)
    errors += _constraints(problem, courses)
    true_cost = sum(problem.objective.cost(problem.catalogue.by_id[course]) for course in courses)
    true_cost += sum(problem.constraints.waivers[skill] for skill in waived)
    if cost is not None and cost != true_cost:
        errors.append(f"the claimed cost is {cost}, the courses cost {true_cost}")
    return Verdict(valid=not errors, cost=true_cost, errors=tuple(errors))


def verify_solution(problem: Problem, solution: Solution) -> Verdict:
    """Check everything a solution claims that can be checked without searching.

    A plan is replayed, a bound above its cost is refused, and the verified bound must be the one that the
    certificate proves. Of "infeasible", the unreachable skills are checked; with none named, it is refused if
    simply taking every course that can be taken is a plan. That no plan fits a limit, and a bound above the
    verified one, rest on the solver.
    """
    if solution.status in (Status.OPTIMAL, Status.FEASIBLE):
        courses = [step.course for step in solution.steps]
        verdict = verify(problem, courses, cost=solution.cost, waived=solution.waived)
        errors = [*verdict.errors, *_bounds(solution), *_certificate(problem, solution)]
        if verdict.cost is not None:
            errors += _preferences(problem, solution, courses)
        return Verdict(valid=not errors, cost=verdict.cost, errors=tuple(errors))
    errors = []
    if solution.steps or solution.cost is not None or solution.bound is not None:
        errors.append(f"a solution with status {solution.status} has neither steps nor cost nor bound")
    if solution.status is Status.INFEASIBLE:
        errors += verify_unreachable(problem, solution.unreachable).errors
        if not solution.unreachable and verify(problem, _all_that_counts(problem)).valid:
            errors.append("taking every course that can be taken is a plan")
    elif solution.unreachable:
        errors.append("a solution with status unknown names no unreachable skills")
    return Verdict(valid=not errors, cost=None, errors=tuple(errors))


def verify_unreachable(problem: Problem, skills: Iterable[str]) -> Verdict:
    """Check the claim that exactly `skills` (of the role) cannot be reached with all allowed courses."""
    levels = dict(problem.profile.levels)
    for name in _everything(problem):
        levels = after(problem.catalogue.by_id[name], levels)
    true = {
        skill
        for skill, level in problem.role.requires.items()
        if levels.get(skill, 0) < level and skill not in problem.constraints.waivers
    }
    claimed = set(skills)
    errors = [f"{skill} can be reached" for skill in sorted(claimed - true)]
    errors += [f"{skill} cannot be reached and is not listed" for skill in sorted(true - claimed)]
    return Verdict(valid=not errors, cost=None, errors=tuple(errors))


def verify_certificate(problem: Problem, certificate: Certificate, *, cost: int) -> Verdict:
    """Check every landmark and that nothing is charged twice; `cost` of the verdict is the proven bound.

    The bound says: no plan costs less than it, or `cost` is that of a cheapest plan.
    """
    offer = _Offer(problem)
    bound, dropped = 0, set[str]()
    errors: list[str] = []
    for number, landmarks in enumerate(certificate, start=1):
        left = offer.costs()
        total = 0
        for place, landmark in enumerate(landmarks, start=1):
            where = f"round {number}, landmark {place}"
            errors += [f"{where}: {error}" for error in offer.faults(landmark, left, dropped)]
            if errors:
                return Verdict(valid=False, cost=None, errors=tuple(errors))
            total += landmark.share
        bound = max(bound, total)
        dropped |= {course.id for course in offer.courses if total + left[course.id, False] >= cost}
    return Verdict(valid=True, cost=min(bound, cost), errors=())


class _Offer:
    """The courses that lead somewhere wanted, and what can be reached with some of them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        takeable = [problem.catalogue.by_id[name] for name in _everything(problem)]
        self.courses = _useful(problem, takeable)

    def costs(self) -> dict[tuple[str, bool], int]:
        """Cost of each course, (id, False), and of each waiver, (skill, True)."""
        costs = {(course.id, False): self.problem.objective.cost(course) for course in self.courses}
        return costs | {(skill, True): cost for skill, cost in self.problem.constraints.waivers.items()}

    def faults(
        self, landmark: Landmark, left: dict[tuple[str, bool], int], dropped: set[str]
    ) -> Iterable[str]:
        """Charge the landmark to what is `left`, and see whether the goal can be reached without it."""
        if landmark.share < 1:
            yield f"the share {landmark.share} is not positive"
        charged = [(name, False) for name in landmark.courses] + [(name, True) for name in landmark.waivers]
        if len(set(charged)) < len(charged):
            yield "it names something twice"
        for one in charged:
            if one in left:
                left[one] -= landmark.share
                if left[one] < 0:
                    yield f"{one[0]} is charged more than it costs"
        if self._is_met(without=dropped | set(landmark.courses), not_waived=set(landmark.waivers)):
            yield "the goal can be reached without it"

    def _is_met(self, *, without: set[str], not_waived: set[str]) -> bool:
        problem = self.problem
        levels = dict(problem.profile.levels)
        taken = set(problem.profile.taken)
        waiting = [course for course in self.courses if course.id not in without]
        while True:
            closed = []
            for course in waiting:
                if course.can_be_taken(levels):
                    taken.add(course.id)
                    _learn(course, levels)
                else:
                    closed.append(course)
            if len(closed) == len(waiting):
                break
            waiting = closed
        exempt = problem.constraints.waivers.keys() - not_waived
        reached = all(
            levels.get(skill, 0) >= level or skill in exempt for skill, level in problem.role.requires.items()
        )
        return reached and all(taken & choice for choice in problem.constraints.must_take)


def _all_that_counts(problem: Problem) -> list[str]:
    """Every course that can be taken; under a share of practice only those that lead to the role count."""
    order = _everything(problem)
    if not problem.constraints.min_hands_on:
        return order
    return [course.id for course in _useful(problem, [problem.catalogue.by_id[name] for name in order])]


def _useful(problem: Problem, courses: Sequence[Course]) -> list[Course]:
    """Those of `courses` (all that can be taken) that must be taken or give a level somebody asks for: the
    role, or another useful course, which asks for an alternative only if that can be met at all."""
    have, reach = problem.profile.levels, dict(problem.profile.levels)
    givers = defaultdict(list)
    for course in courses:
        _learn(course, reach)
        for skill in course.teaches:
            givers[skill].append(course)
    named = set[str]().union(*problem.constraints.must_take)
    found = {course.id for course in courses if course.id in named}
    waiting = [course for course in courses if course.id in found]
    asked: list[Levels] = [problem.role.requires]
    while asked or waiting:
        if waiting:
            course = waiting.pop()
            alternatives = (levels for choice in course.one_of for levels in choice)
            asked += [course.requires, *(levels for levels in alternatives if _are_met(levels, reach))]
            continue
        for skill, level in asked.pop().items():
            for course in givers[skill]:
                held = max(have.get(skill, 0), course.requires.get(skill, 0))
                if held < level <= course.teaches[skill] and course.id not in found:
                    found.add(course.id)
                    waiting.append(course)
    return [course for course in courses if course.id in found]


def _are_met(needed: Levels, levels: Levels) -> bool:
    return all(levels.get(skill, 0) >= level for skill, level in needed.items())


def _learn(course: Course, levels: dict[str, int]) -> None:
    for skill, level in course.teaches.items():
        levels[skill] = max(level, levels.get(skill, 0))


def _everything(problem: Problem) -> list[str]:
    """Every allowed course that can be taken at all, in an order in which they can be taken."""
    levels = dict(problem.profile.levels)
    order: list[str] = []
    waiting = [
        course
        for course in problem.catalogue.courses
        if problem.constraints.allows(course) and course.id not in problem.profile.taken
    ]
    while True:
        closed = []
        for course in waiting:
            if course.can_be_taken(levels):
                order.append(course.id)
                _learn(course, levels)
            else:
                closed.append(course)
        if len(closed) == len(waiting):
            return order
        waiting = closed


def _bounds(solution: Solution) -> Iterable[str]:
    cost, bound = solution.cost, solution.bound
    if cost is None or bound is None:
        yield f"a solution with status {solution.status} states its cost and its bound"
    elif bound > cost:
        yield f"the bound {bound} is above the cost {cost}"
    elif solution.status is Status.OPTIMAL and bound != cost:
        yield f"the status is optimal, but the bound {bound} is not the cost {cost}"
    if solution.unreachable:
        yield "a solution with a plan names no unreachable skills"


def _preferences(problem: Problem, solution: Solution, courses: Sequence[str]) -> Iterable[str]:
    """What a solution states of preferences; that no plan as cheap has fewer points rests on the solver."""
    objective, chosen = problem.objective, [problem.catalogue.by_id[course] for course in courses]
    surcharge = sum(objective.surcharge(course) for course in chosen)
    points = sum(objective.prefer.points(course) for course in chosen)
    if solution.surcharge is not None and solution.surcharge != surcharge:
        yield f"the claimed surcharge is {solution.surcharge}, that of the courses is {surcharge}"
    if solution.points is not None and solution.points != points:
        yield f"the claimed points are {solution.points}, those of the courses are {points}"
    if solution.least_points is not None and solution.least_points > points:
        yield f"the bound {solution.least_points} on points is above those of the plan, {points}"


def _certificate(problem: Problem, solution: Solution) -> Iterable[str]:
    if solution.verified_bound is None:
        if solution.certificate:
            yield "there is a certificate and no verified bound"
        return
    if solution.bound is not None and solution.verified_bound > solution.bound:
        yield f"the verified bound {solution.verified_bound} is above the bound {solution.bound}"
    verdict = verify_certificate(problem, solution.certificate, cost=solution.cost or 0)
    yield from verdict.errors
    if verdict.valid and verdict.cost != solution.verified_bound:
        yield f"the certificate proves {verdict.cost}, the verified bound is {solution.verified_bound}"
    if solution.proof is Proof.SOLVER and not solution.solver:
        yield "the bound is above the verified one, and no solver is named"


def _unknown_or_repeated(problem: Problem, courses: Sequence[str]) -> Iterable[str]:
    seen = set(problem.profile.taken)
    for course in courses:
        if course not in problem.catalogue.by_id:
            yield f"{course} is not in the catalogue"
        elif course in seen:
            yield f"{course} is taken twice"
        seen.add(course)


def _not_waivable(problem: Problem, waived: Collection[str]) -> Iterable[str]:
    for skill in waived:
        if skill not in problem.role.requires or skill not in problem.constraints.waivers:
            yield f"there is no waiver for {skill}"
    if len(set(waived)) < len(waived):
        yield "a requirement is waived twice"


def _prerequisites_and_goals(
    problem: Problem, courses: Sequence[str], waived: Collection[str]
) -> Iterable[str]:
    levels: Levels = problem.profile.levels
    for place, name in enumerate(courses, start=1):
        course = problem.catalogue.by_id[name]
        missing = {
            skill: needed for skill, needed in course.requires.items() if levels.get(skill, 0) < needed
        }
        for skill, needed in missing.items():
            have = levels.get(skill, 0)
            yield f"step {place}, {name}: requires {skill} {needed}, the learner stands at {have}"
        if not missing and not course.can_be_taken(levels):
            yield f"step {place}, {name}: none of its alternative prerequisites is met"
        levels = after(course, levels)
    for skill, needed in problem.role.requires.items():
        if levels.get(skill, 0) < needed and skill not in waived:
            have = levels.get(skill, 0)
            yield f"{skill} is at level {have} at the end, the role requires {needed}"


def _constraints(problem: Problem, courses: Sequence[str]) -> Iterable[str]:
    limits = problem.constraints
    chosen = [problem.catalogue.by_id[course] for course in courses]
    hours = sum(course.hours for course in chosen)
    price = sum(course.price for course in chosen)
    practice = sum(course.hands_on for course in chosen)
    if limits.max_hours is not None and hours > limits.max_hours:
        yield f"{hours} hours are more than the limit of {limits.max_hours}"
    if limits.max_price is not None and price > limits.max_price:
        yield f"a price of {price} is more than the limit of {limits.max_price}"
    if 100 * practice < limits.min_hands_on * hours:
        yield f"{practice} of {hours} hours are practice, less than {limits.min_hands_on} %"
    for course in chosen:
        if course.id in limits.exclude:
            yield f"{course.id} is excluded"
        elif not limits.allows(course):
            yield f"{course.id} is not in an allowed language, format or of an allowed provider"
    taken = problem.profile.taken.union(courses)
    for choice in limits.must_take:
        if not taken & choice:
            names = sorted(choice)
            one = names[0] if len(names) == 1 else f"one of {', '.join(names)}"
            yield f"{one} must be taken and is not"
