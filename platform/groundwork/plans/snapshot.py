"""Rows -> the engine's problem, in a fixed number of queries, and the documents that replay it offline."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Count, Max, Subquery

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Role
from groundwork.learners.models import Learner
from groundwork.plans import compiled, estimating, past, preferring
from groundwork.plans.estimating import EstimatedCatalogue
from groundwork.plans.models import CatalogueSnapshot, Plan
from groundwork.plans.versions import EstimateVersion
from recommender import domain, problem_files
from recommender.planning import goals

logger = logging.getLogger(__name__)

# An hour of study weighs as much as 100 yuan: least effort first, money where efforts are close.
OBJECTIVE = domain.Objective(hour=100, price=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person allows: languages of instruction (all when empty), limits on price (whole CNY) and hours,
    courses not to take and courses to take in any case, the least share of practice in the hours (per cent),
    and whether optional requirements count as goals. `finish_by` is the last day that `max_hours` stand for.

    `lowered` are requirements given way on, as (skill, level enough for now); level 0 is none at all.

    `strategic` and `demanded` are weights 0..5 of what to prefer: skills that strategy wants, skills that the
    postings for the role surely ask for. Either may lengthen a plan, unless with `ties_only` they choose
    among equally good ones."""

    languages: tuple[str, ...] = ()
    max_price: int | None = None
    max_hours: int | None = None
    finish_by: date | None = None
    exclude: frozenset[str] = frozenset()
    include: frozenset[str] = frozenset()
    min_hands_on: int = 0
    lowered: tuple[tuple[str, int], ...] = ()
    with_optional: bool = False
    strategic: int = 0
    demanded: int = 0
    ties_only: bool = False

    @property
    def prefers(self) -> bool:
        """Whether anything is preferred."""
        return bool(self.strategic or self.demanded)


@dataclass(frozen=True, slots=True)
class _State:
    """When the latest change of a course was, and of a provider, and how many courses there are."""

    changed_at: datetime | None
    providers_changed_at: datetime | None
    courses: int


def prepare() -> None:
    """Read and compile the catalogue now: before processes are forked, so that none reads it for itself.

    The connections are closed, because no two processes may share one. Where there is no database yet, the
    first request reads the catalogue.
    """
    try:
        offered()
    except DatabaseError:
        logger.warning("the catalogue could not be prepared; the first request reads it", exc_info=True)
    connections.close_all()


def catalogue() -> domain.Catalogue:
    """All courses a plan may use as the engine reads them, with declared hours; rebuilt when any changed."""
    return _catalogue(_state()[0])


def offered(learner: Learner | None = None) -> domain.Catalogue:
    """The same with expected hours where there are estimates, for `learner` or for somebody unknown.

    The hours are declared ones where estimates are switched off, for all or by the learner. The own pace of
    somebody who does not want to be known for their paths is not looked at.
    """
    state, version = _state()
    if version is None or not settings.ESTIMATES:
        return _catalogue(state)
    if learner is None:
        return _estimated(state, version)
    if not estimating.are_wanted(learner):
        return _by_choice(state)
    common = _estimated(state, version)
    history = past.of_learner(learner) if learner.is_personalised else []
    if not history:
        return common
    own = estimating.estimated(_catalogue(state), by=estimating.version(version), history=history)
    # Hours that do not differ are shared, and so is all that was derived from them.
    return common if own.digest == common.digest else compiled.with_other_hours(own, common=common)


def _state() -> tuple[_State, int | None]:
    """The state of the catalogue and the version of the estimates in use, in one query."""
    latest = EstimateVersion.objects.order_by("-pk").values("pk")[:1]
    found = Course.objects.aggregate(
        latest=Max("updated_at"),
        renamed=Max("provider__updated_at"),
        total=Count("pk"),
        version=Max(Subquery(latest)),
    )
    return _State(found["latest"], found["renamed"], found["total"]), found["version"]


@lru_cache(maxsize=2)
def _catalogue(_state: _State) -> domain.Catalogue:
    courses = [course.as_value() for course in Course.objects.plannable().with_skills().with_courses_needed()]
    skills = {skill for course in courses for skill in (*course.requires, *course.teaches)}
    return compiled.prepared(domain.Catalogue(courses=tuple(courses), skills=frozenset(skills)))


@lru_cache(maxsize=2)
def _estimated(state: _State, version: int) -> EstimatedCatalogue:
    return compiled.prepared(estimating.estimated(_catalogue(state), by=estimating.version(version)))


@lru_cache(maxsize=2)
def _by_choice(state: _State) -> EstimatedCatalogue:
    """Declared hours for somebody who does not want others: of no version, and with no estimate."""
    declared = _catalogue(state)
    return compiled.prepared(EstimatedCatalogue(declared.courses, declared.skills))


def take(
    *,
    levels: Mapping[str, int],
    role: Role,
    wishes: Wishes | None = None,
    learner: Learner | None = None,
) -> domain.Problem:
    """The problem of bringing somebody at `levels` to `role` (loaded with its requirements).

    With `learner` the hours are those expected of this person.
    """
    return take_all(levels=levels, roles=[role], wishes=wishes, learner=learner)[0]


def take_all(
    *,
    levels: Mapping[str, int],
    roles: Iterable[Role],
    wishes: Wishes | None = None,
    learner: Learner | None = None,
) -> list[domain.Problem]:
    """One problem per role, in the same number of queries as one."""
    wishes = wishes or Wishes()
    chosen = list(roles)
    wanted = [_goal(role, wishes) for role in chosen]
    problems = _problems(wanted, levels=levels, wishes=wishes, catalogue=offered(learner))
    if not wishes.prefers:
        return problems
    return [
        replace(problem, objective=_objective(wishes, roles=[role]))
        for problem, role in zip(problems, chosen, strict=True)
    ]


def take_both(
    *,
    levels: Mapping[str, int],
    roles: Sequence[Role],
    wishes: Wishes | None = None,
    learner: Learner | None = None,
) -> domain.Problem:
    """The problem of bringing somebody at `levels` to all of `roles` at once; what they share counts once.

    Raises MalformedInputError for no roles, or one that is named twice.
    """
    wishes = wishes or Wishes()
    goal = goals.merged([_goal(role, wishes) for role in roles])
    problem = _problems([goal.role], levels=levels, wishes=wishes, catalogue=offered(learner))[0]
    return replace(problem, objective=_objective(wishes, roles=roles)) if wishes.prefers else problem


def _goal(role: Role, wishes: Wishes) -> domain.Role:
    """What the role requires, less what the person gave way on."""
    goal = role.as_value(with_optional=wishes.with_optional)
    if not wishes.lowered:
        return goal
    enough = dict(wishes.lowered)
    lowered = {skill: min(level, enough.get(skill, level)) for skill, level in goal.requires.items()}
    return replace(goal, requires={skill: level for skill, level in lowered.items() if level > 0})


def given_way(roles: Sequence[Role], wishes: Wishes) -> dict[str, int]:
    """What the roles require of the skills a person gave way on: skill -> level, where that is more."""
    enough = dict(wishes.lowered)
    asked: dict[str, int] = {}
    for role in roles if enough else ():
        for skill, level in role.as_value(with_optional=wishes.with_optional).requires.items():
            if level > enough.get(skill, level):
                asked[skill] = max(level, asked.get(skill, 0))
    return asked


def _objective(wishes: Wishes, *, roles: Sequence[Role]) -> domain.Objective:
    """Effort, and what is preferred beside it."""
    prefer = preferring.preferences(
        strategic=wishes.strategic, demanded=wishes.demanded, ties_only=wishes.ties_only, roles=roles
    )
    return replace(OBJECTIVE, prefer=prefer)


def _problems(
    roles: Iterable[domain.Role],
    *,
    levels: Mapping[str, int],
    wishes: Wishes,
    catalogue: domain.Catalogue,
) -> list[domain.Problem]:
    constraints = domain.Constraints(
        max_price=wishes.max_price,
        max_hours=wishes.max_hours,
        exclude=wishes.exclude & catalogue.by_id.keys(),
        include=(wishes.include - wishes.exclude) & catalogue.by_id.keys(),
        min_hands_on=wishes.min_hands_on,
        languages=frozenset(wishes.languages) or None,
    )
    profile = domain.Profile(levels=dict(levels))
    return [
        domain.Problem(
            id=role.id,
            catalogue=catalogue,
            profile=profile,
            role=role,
            objective=OBJECTIVE,
            constraints=constraints,
        )
        for role in roles
    ]


def store(offered: domain.Catalogue) -> CatalogueSnapshot:
    """The stored copy of a catalogue, written on first use."""
    found = CatalogueSnapshot.objects.filter(digest=offered.digest).first()
    if found:
        return found
    snapshot, _created = CatalogueSnapshot.objects.get_or_create(
        digest=offered.digest, defaults={"body": problem_files.packed_catalogue(offered)}
    )
    return snapshot


def stored_problem(plan: Plan) -> domain.Problem:
    """The problem a kept plan was made for, read back from what is stored with it."""
    name = plan.problem["catalogue"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.json"
        path.write_text(json.dumps(plan.problem, ensure_ascii=False), encoding="utf-8")
        path.with_name(name).write_bytes(plan.catalogue.body)
        return problem_files.read_problem(path)


def problem_document(problem: domain.Problem) -> dict[str, Any]:
    """The `groundwork-problem/1` document; its catalogue file is named by the digest.

    The hours in that file are the frozen ones; `estimates` names the version they come from.
    """
    version = version_of(problem)
    document = problem_files.problem_document(problem)
    return document if version is None else {**document, "estimates": version}


def version_of(problem: domain.Problem) -> str | None:
    """The version of the estimates; "" where the person wants declared hours, None where there is none."""
    return problem.catalogue.version if isinstance(problem.catalogue, EstimatedCatalogue) else None


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents pose the same problem: a new version may leave all hours as they were."""
    return {**one, "estimates": None} == {**other, "estimates": None}


def estimate_of(problem: domain.Problem, course: str) -> dict[str, Any] | None:
    """What the hours of a course rest on where they are no declared ones, as data."""
    if not isinstance(problem.catalogue, EstimatedCatalogue):
        return None
    found = problem.catalogue.estimates.get(course)
    return found.as_data() if found else None
