"""A plan as a graph of skills: what its courses build on what, and what other courses would.

Skills are the vertices. An edge leads from a skill that a course asks for to one that it newly gives; it is
on the route where a course of the plan does so, and beside it where only an alternative does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from groundwork.plans.planning import Planned
from recommender.domain import Course, Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """A skill: the level held, the one reached by the plan, and the one the role asks (None: it does not).

    `column` is 0 for what is held already, else one more than the last of what the course asks that first
    gives it. `raised_by` and `asked_by` are courses of the plan in its order.
    """

    skill: str
    have: int
    reached: int
    asked: int | None
    column: int
    raised_by: tuple[str, ...]
    asked_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """From a skill to one built on it; `courses` do so, those of the plan where it is `on_route`."""

    source: str
    target: str
    courses: tuple[str, ...]
    on_route: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillGraph:
    """Vertices by column, within one in the order in which the plan comes to them; edges by their ends."""

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]


def of(planned: Planned) -> SkillGraph:
    """The graph of a computed plan."""
    walk = _Walk(planned)
    for step in planned.steps:
        walk.take(planned.problem.catalogue.by_id[step.course])
    for step in planned.steps:
        for other in step.reasons["alternatives"]:
            walk.pass_by(planned.problem.catalogue.by_id[other])
    return walk.graph()


def outline(graph: SkillGraph) -> SkillGraph:
    """The graph without what a picture can do without.

    By-products are left out, that nothing asks for; so are edges back to a skill that is raised again, and
    those that follow from the route: what is left of it is its transitive reduction.
    """
    kept = {one.skill: one.column for one in graph.vertices if one.asked is not None or one.asked_by}
    onward = [
        one
        for one in graph.edges
        if one.source in kept and one.target in kept and kept[one.source] < kept[one.target]
    ]
    behind = _reached({(one.source, one.target) for one in onward if one.on_route}, columns=kept)
    return SkillGraph(
        vertices=tuple(one for one in graph.vertices if one.skill in kept),
        edges=tuple(one for one in onward if not _follows(one, behind=behind)),
    )


Ends = tuple[str, str]


def _reached(ends: set[Ends], *, columns: Mapping[str, int]) -> dict[str, dict[str, set[str]]]:
    """For each skill those that directly follow it, each with all that is built on it in turn."""
    following: dict[str, dict[str, set[str]]] = {skill: {} for skill in columns}
    for source, target in sorted(ends, key=lambda one: -columns[one[0]]):
        later = following[target]
        following[source][target] = set(later).union(*later.values())
    return following


def _follows(edge: Edge, *, behind: Mapping[str, Mapping[str, set[str]]]) -> bool:
    """Whether a longer way along the route says the same as `edge`, or the route itself."""
    if not edge.on_route and edge.target in behind[edge.source]:
        return True
    return any(edge.target in later for later in behind[edge.source].values())


class _Walk:
    """What is known while the courses of a plan are taken one by one."""

    def __init__(self, planned: Planned) -> None:
        self.goal = planned.problem.role.requires
        self.have = planned.problem.profile.levels
        self.levels = dict(self.have)
        # Insertion orders the skills: what is held and asked first, then as the plan comes to them.
        self.columns = {skill: 0 for skill in self.goal if self.have.get(skill, 0)}
        self.raised: dict[str, list[str]] = {}
        self.asked: dict[str, list[str]] = {}
        self.route: dict[Ends, list[str]] = {}
        self.beside: dict[Ends, list[str]] = {}

    def take(self, course: Course) -> None:
        """Go on by a course of the plan."""
        needed = [skill for skill in _needed(course, self.levels) if self.levels.get(skill, 0)]
        gained = {
            skill: level for skill, level in course.teaches.items() if level > self.levels.get(skill, 0)
        }
        for skill in needed:
            self.columns.setdefault(skill, 0)
            self.asked.setdefault(skill, []).append(course.id)
        column = 1 + max((self.columns[skill] for skill in needed), default=0)
        for skill, level in sorted(gained.items()):
            self.columns.setdefault(skill, column)
            self.raised.setdefault(skill, []).append(course.id)
            self.levels[skill] = level
            for source in needed:
                if source != skill:
                    self.route.setdefault((source, skill), []).append(course.id)

    def pass_by(self, course: Course) -> None:
        """Note what an alternative would build on what, between the skills of the plan."""
        for source in _needed(course, self.levels):
            for skill in course.teaches:
                ends = source, skill
                shown = source in self.columns and skill in self.columns and source != skill
                if shown and ends not in self.route and course.id not in self.beside.setdefault(ends, []):
                    self.beside[ends].append(course.id)

    def graph(self) -> SkillGraph:
        """All of it, once the last course is taken."""
        shown = sorted(self.columns, key=lambda skill: self.columns[skill])
        return SkillGraph(
            vertices=tuple(self._vertex(skill) for skill in shown),
            edges=(
                *(_edge(ends, courses, on_route=True) for ends, courses in self.route.items()),
                *(_edge(ends, courses, on_route=False) for ends, courses in self.beside.items()),
            ),
        )

    def _vertex(self, skill: str) -> Vertex:
        return Vertex(
            skill=skill,
            have=self.have.get(skill, 0),
            reached=self.levels.get(skill, 0),
            asked=self.goal.get(skill),
            column=self.columns[skill],
            raised_by=tuple(self.raised.get(skill, ())),
            asked_by=tuple(self.asked.get(skill, ())),
        )


def _edge(ends: Ends, courses: list[str], *, on_route: bool) -> Edge:
    return Edge(source=ends[0], target=ends[1], courses=tuple(courses), on_route=on_route)


def _needed(course: Course, levels: Levels) -> Iterator[str]:
    """The skills that `course` asks for, of a choice those of the first alternative that `levels` meet."""
    seen = dict.fromkeys(course.requires)
    for choice in course.one_of:
        met = (one for one in choice if all(levels.get(skill, 0) >= level for skill, level in one.items()))
        seen |= dict.fromkeys(next(met, {}))
    yield from seen
