"""The roles as a map of the four layers, and in one list."""

from __future__ import annotations

import pytest
from django.test import Client

from groundwork.frameworks.models import Priority
from tests import builders
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def layered(world: World) -> None:  # beside the roles of the world
    """One role of the technology layer, three compound ones in two fields, one stated priority."""
    builders.make_role("vision", layer="technology", requires={"kernel-tuning": 2})
    for slug, field in (("risk", "Finance"), ("crops", "Farming"), ("quant", "Finance")):
        builders.make_role(
            slug, layer="compound", domain_en=field, domain_zh=f"行业 {field}", requires={"kernel-tuning": 2}
        )
    Priority.objects.create(
        layer="foundation",
        priority=1,
        reason_en="Too few work there.",
        reason_zh="从业者太少。",
        source="The study",
        as_of="2021-05",
        basis=Priority.Basis.STATED,
    )


def test_the_layers_stand_as_bands_with_share_source_and_number(visitor: Client, layered: None):
    page = visitor.get("/roles/")
    bands = page.context["bands"]
    assert [(band.layer, band.share, band.total, band.leads) for band in bands] == [
        ("foundation", 7, 2, True),
        ("technology", 25, 1, False),
        ("application", 68, 0, False),
        ("compound", None, 3, False),
    ]
    said = page.content.decode()
    assert "7 % of China&#x27;s AI companies work here." in said or "7 % of China's AI companies" in said
    assert "Wanted first" in said
    assert "Too few work there." in said
    assert "stated by the source" in said
    assert "2021-05" in said


def test_the_layer_without_roles_says_why_and_leads_on(visitor: Client, layered: None):
    said = visitor.get("/roles/").content.decode()
    assert "None of our roles is of this layer." in said
    assert 'href="/roles/?layer=foundation"' in said
    alone = visitor.get("/roles/?layer=application")
    assert [band.layer for band in alone.context["bands"]] == ["application"]
    assert "None of our roles is of this layer." in alone.content.decode()


def test_a_role_of_the_application_layer_fills_its_band(visitor: Client, layered: None):
    builders.make_role("recommender-builder", layer="application")
    said = visitor.get("/roles/").content.decode()
    assert "Recommender builder" in said
    assert "None of our roles is of this layer." not in said


def test_compound_roles_stand_by_their_field(visitor: Client, layered: None):
    groups = visitor.get("/roles/").context["bands"][-1].groups
    assert [(group.name, len(group.rows)) for group in groups] == [("Finance", 2), ("Farming", 1)]


def test_a_card_says_what_it_asks_of_this_person_and_whence(confirmed: Client, layered: None):
    said = confirmed.get("/roles/?hours=1").content.decode()
    for words in (
        "Made for a test.",
        "<strong>50</strong>",
        "1 skill you have",
        "Kernel tuning 0→4",
        "Priority 2 of 3",
        "120 postings",
        "test postings, 2026-01",
        "No source of postings names this role.",
    ):
        assert words in said, words


def test_the_nearest_roles_of_all_layers_come_first(confirmed: Client, layered: None):
    page = confirmed.get("/roles/?hours=1")
    assert "Nearest to you, in hours:" in page.content.decode()
    assert [row["role"].slug for row in page.context["nearest"]] == ["vision", "risk", "crops"]


def test_what_cannot_be_reached_is_not_near(confirmed: Client):
    nearest = confirmed.get("/roles/?hours=1").context["nearest"]
    assert [row["role"].slug for row in nearest] == ["kernel-engineer"]


def test_the_script_of_the_page_brings_the_map_with_exact_hours(
    confirmed: Client, layered: None, hurried: None
):
    first = confirmed.get("/roles/?layer=foundation")
    assert 'hx-get="/roles/?layer=foundation"' in first.content.decode()
    second = confirmed.get("/roles/?layer=foundation", headers={"HX-Request": "true"}).content.decode()
    assert second.lstrip().startswith('<div id="roles"')
    assert "<strong>50</strong>" in second
    assert 'id="layer-foundation"' in second


def test_one_list_has_pages_and_keeps_the_choices(visitor: Client, layered: None):
    for number in range(20):
        builders.make_role(f"more-{number:02}", layer="compound", domain_en="Finance", requires={"python": 1})
    first = visitor.get("/roles/?view=list&layer=compound")
    assert len(first.context["rows"]) == 20
    assert 'href="?layer=compound&amp;view=list&amp;page=2"' in first.content.decode()
    second = visitor.get("/roles/?view=list&layer=compound&page=2")
    assert len(second.context["rows"]) == 3
    assert "Page 2 of 2" in second.content.decode()
    assert visitor.get("/roles/?view=list&layer=compound&page=99").context["page"].number == 2
    assert visitor.get("/roles/?view=list&page=words").context["page"].number == 1


@pytest.mark.parametrize(("order", "first"), [("coverage", "far-engineer"), ("name", "crops")])
def test_the_list_goes_by_coverage_and_by_name(visitor: Client, layered: None, order: str, first: str):
    rows = visitor.get(f"/roles/?view=list&order={order}").context["rows"]
    names = [row["role"].slug for row in rows]
    if order == "coverage":
        assert [row["coverage"] for row in rows] == sorted((row["coverage"] for row in rows), reverse=True)
    else:
        assert names[0] == first
        assert names == sorted(names, key=lambda slug: slug.replace("-", " "))


def test_roles_are_ticked_on_the_map_to_be_compared(confirmed: Client, layered: None):
    said = confirmed.get("/roles/").content.decode()
    assert 'id="tick-vision" name="role" value="vision" form="compare-ticked"' in said
    assert '<form id="compare-ticked" method="get" action="/roles/compare/"' in said
    assert confirmed.get("/roles/compare/?role=vision&role=quant").status_code == 200
    assert "compare-ticked" not in confirmed.get("/roles/?layer=application").content.decode()


def test_in_chinese_the_map_leaves_nothing_in_english(confirmed: Client, layered: None):
    said = confirmed.get("/roles/?hours=1", headers={"accept-language": "zh-hans"}).content.decode()
    assert "行业 Finance" in said
    for word in (
        "Wanted first",
        "None of our roles",
        "work here",
        "Nearest to you",
        "Largest gaps",
        "Layers",
    ):
        assert word not in said


def test_the_map_costs_the_same_for_a_person_however_many_roles(
    confirmed: Client, layered: None, django_assert_num_queries: object
):
    confirmed.get("/roles/")
    with django_assert_num_queries(9):  # type: ignore[operator]  # the fixture of pytest-django
        confirmed.get("/roles/")
    for number in range(5):
        builders.make_role(f"more-{number}", layer="compound", requires={"kernel-tuning": 3})
    with django_assert_num_queries(9):  # type: ignore[operator]
        confirmed.get("/roles/")
