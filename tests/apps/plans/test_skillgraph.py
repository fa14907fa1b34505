"""A plan as a graph of skills."""

from __future__ import annotations

from datetime import date

import pytest

from groundwork.plans import planning, skillgraph, snapshot
from groundwork.plans.skillgraph import Edge, SkillGraph, Vertex
from tests import builders

pytestmark = pytest.mark.django_db


def graph(goal: dict[str, int], *, levels: dict[str, int] | None = None) -> SkillGraph:
    problem = snapshot.take(levels=levels or {}, role=builders.make_role(requires=goal))
    return skillgraph.of(planning.compute(problem, hours_per_week=5, starts_on=date(2026, 11, 23)))


def vertex(found: SkillGraph, skill: str) -> Vertex:
    return next(one for one in found.vertices if one.skill == skill)


def test_columns_follow_what_is_built_on_what():
    builders.make_course("base", teaches={"python": 2})
    builders.make_course("middle", requires={"python": 2, "maths": 1}, teaches={"ml": 2})
    builders.make_course("top", requires={"ml": 2}, teaches={"ml": 4, "serving": 1})
    found = graph({"ml": 4, "serving": 1}, levels={"maths": 3})
    columns = {one.skill: one.column for one in found.vertices}
    assert columns == {"maths": 0, "python": 1, "ml": 2, "serving": 3}
    assert vertex(found, "ml") == Vertex(
        skill="ml",
        have=0,
        reached=4,
        asked=4,
        column=2,
        raised_by=("middle", "top"),
        asked_by=("top",),
    )
    assert (vertex(found, "maths").have, vertex(found, "maths").reached) == (3, 3)
    assert vertex(found, "python").asked is None
    assert {(one.source, one.target) for one in found.edges} == {
        ("python", "ml"),
        ("maths", "ml"),
        ("ml", "serving"),
    }
    assert all(one.on_route for one in found.edges)


def test_what_an_alternative_builds_on_stands_beside_the_route():
    builders.make_course("base", hours=10, teaches={"python": 2, "maths": 2})
    builders.make_course("chosen", hours=10, requires={"python": 2}, teaches={"ml": 2})
    builders.make_course("other", hours=12, requires={"maths": 2}, teaches={"ml": 2})
    found = graph({"ml": 2, "maths": 1})
    assert Edge(source="python", target="ml", courses=("chosen",), on_route=True) in found.edges
    assert Edge(source="maths", target="ml", courses=("other",), on_route=False) in found.edges


def test_the_outline_leaves_out_byproducts_and_what_follows():
    builders.make_course("base", hours=10, teaches={"python": 2, "poetry": 1})
    builders.make_course("middle", hours=10, requires={"python": 2}, teaches={"ml": 2})
    builders.make_course(
        "top", hours=10, requires={"python": 2, "ml": 2}, teaches={"serving": 1, "python": 3}
    )
    whole = graph({"serving": 1, "python": 3})
    short = skillgraph.outline(whole)
    assert "poetry" in {one.skill for one in whole.vertices}
    assert {one.skill for one in short.vertices} == {"python", "ml", "serving"}
    assert {(one.source, one.target) for one in short.edges} == {("python", "ml"), ("ml", "serving")}
    assert {("python", "serving"), ("ml", "python")} <= {(one.source, one.target) for one in whole.edges}


def test_a_goal_that_is_met_is_drawn_without_a_route():
    builders.make_course("base", teaches={"python": 2})
    found = graph({"python": 2}, levels={"python": 3})
    assert [one.skill for one in found.vertices] == ["python"]
    assert found.edges == ()
