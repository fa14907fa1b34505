"""The skills of a path as a drawing and as a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import Any

import pytest
from django.test import Client

from groundwork.plans.skillgraph import Edge, SkillGraph, Vertex
from groundwork.web import skillgraph
from groundwork.web.naming import Names
from tests import builders

pytestmark = pytest.mark.django_db

Counter = Callable[[int], AbstractContextManager[object]]
PATH = "/roles/kernel-engineer/path/"
GRAPH = f"{PATH}skills/?hours=5&languages=en"


def text_of(page: Any) -> str:
    return unescape(page.content.decode())


def vertex(skill: str, column: int) -> Vertex:
    return Vertex(skill=skill, have=0, reached=1, asked=1, column=column, raised_by=(), asked_by=())


def drawn(*vertices: Vertex, edges: tuple[Edge, ...] = ()) -> skillgraph.Drawing:
    found = SkillGraph(vertices=vertices, edges=edges)
    return skillgraph.draw(found, names=Names(courses={}, skills={}), zoom=100)


def test_the_path_leads_to_the_graph_which_is_drawn_and_told(confirmed: Client):
    assert f'href="{GRAPH}' in text_of(confirmed.get(f"{PATH}?hours=5&languages=en"))
    page = confirmed.get(GRAPH)
    text = text_of(page)
    (row,) = page.context["rows"]
    assert (row.name, row.have, row.reached, row.asked) == ("Kernel tuning", 0, 4, 4)
    assert row.raised_by == ["1. First steps", "2. Second steps"]
    assert row.asked_by == ["2. Second steps"]
    assert len(re.findall("<rect ", text)) == 1
    assert "0 → 4" in text


def test_it_is_told_in_chinese(confirmed: Client):
    page = confirmed.get(GRAPH, headers={"accept-language": "zh-hans"})
    assert "内核调优" in text_of(page)
    assert "路径上的技能" in text_of(page)


@pytest.mark.parametrize(("said", "zoom"), [("150", 150), ("", 75), ("9999", 75), ("x", 75)])
def test_the_drawing_has_a_size_of_a_few(confirmed: Client, said: str, zoom: int):
    page = confirmed.get(f"{GRAPH}&zoom={said}")
    assert page.context["zoom"] == zoom
    drawing = page.context["drawing"]
    assert drawing.shown_width == drawing.width * zoom // 100


def test_boxes_of_a_column_do_not_overlap_and_lines_join_them():
    edge = Edge(source="a", target="c", courses=("one",), on_route=True)
    drawing = drawn(vertex("a", 0), vertex("b", 0), vertex("c", 1), edges=(edge,))
    places = {box.title.split(":")[0]: (box.x, box.y) for box in drawing.boxes}
    assert abs(places["a"][1] - places["b"][1]) >= skillgraph.HEIGHT
    assert places["c"][0] > places["a"][0] + skillgraph.WIDTH
    (line,) = drawing.lines
    start, end = re.match(r"M(\d+ \d+)C.* (\d+ \d+)$", line.d).groups()  # type: ignore[union-attr]
    assert start == f"{places['a'][0] + skillgraph.WIDTH} {places['a'][1] + skillgraph.HEIGHT // 2}"
    assert end == f"{places['c'][0]} {places['c'][1] + skillgraph.HEIGHT // 2}"


def test_other_courses_are_shown_on_demand(confirmed: Client):
    builders.make_course("third", requires={"zig-tooling": 1}, teaches={"kernel-tuning": 2}, hours=60)
    builders.make_role("both", requires={"kernel-tuning": 4, "zig-tooling": 1})
    address = "/roles/both/path/skills/?hours=5&languages=en"
    assert confirmed.get(address).context["drawing"].lines == []
    (other,) = confirmed.get(f"{address}&others=1").context["drawing"].lines
    assert (other.kind, other.title) == ("beside", "Kernel tuning builds on Zig tooling: Third")


def test_a_crossing_that_can_be_avoided_is():
    edges = (
        Edge(source="a", target="d", courses=(), on_route=True),
        Edge(source="b", target="c", courses=(), on_route=True),
    )
    drawing = drawn(vertex("a", 0), vertex("b", 0), vertex("c", 1), vertex("d", 1), edges=edges)
    rows = {box.title.split(":")[0]: box.y for box in drawing.boxes}
    assert (rows["a"] < rows["b"]) == (rows["d"] < rows["c"])


@pytest.mark.parametrize(
    "name",
    [
        "Python",
        "Distributed training of large language models on clusters",
        "Supercalifragilisticexpialidocious",
        "大规模分布式训练框架与集群通信的性能优化方法与实践",
        "CUDA 内核优化",
    ],
)
def test_a_name_fits_its_box(name: str):
    (box,) = drawn(vertex(name, 0)).boxes
    assert 1 <= len(box.lines) <= skillgraph.MOST_LINES
    for text, y in [*box.lines, (box.levels, box.level_y)]:
        assert skillgraph._units(text) <= skillgraph.LINE_UNITS + 2
        assert box.y < y < box.y + skillgraph.HEIGHT
    whole = "".join(text for text, _y in box.lines).replace(" ", "")
    assert whole == name.replace(" ", "") or whole.endswith("…")


def test_a_path_that_there_is_not_has_no_graph(confirmed: Client, visitor: Client):
    assert confirmed.get("/roles/far-engineer/path/skills/").status_code == 404
    assert Client().get(GRAPH).status_code == 404


def test_a_longer_path_costs_no_more_queries(confirmed: Client, django_assert_num_queries: Counter):
    for number in range(4):
        builders.make_course(f"part-{number}", hours=1, teaches={f"part-{number}": 1})
    builders.make_role("long", requires={f"part-{number}": 1 for number in range(4)})
    for role in ("kernel-engineer", "long"):
        address = f"/roles/{role}/path/skills/?hours=5&languages=en"
        confirmed.get(address)
        with django_assert_num_queries(8):
            assert confirmed.get(address).status_code == 200
