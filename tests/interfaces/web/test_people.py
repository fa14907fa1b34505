"""The people of an organisation: found by name, number, role and pinyin, narrowed, sorted, in pages."""

from __future__ import annotations

import pytest
from django.test import Client

from groundwork.accounts.models import Membership, Team
from groundwork.plans.models import Assignment
from groundwork.web.people import Row
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(people: Cast, world: World) -> dict[str, Assignment]:
    """Ada, Ben and Hana have accounts; four were entered, with work before them in every state."""
    named = {}
    for name, number in (("Late", "L-1"), ("Planned", "P-2"), ("王小明", "W-3"), ("Idle", "I-4")):
        named[name] = builders.make_learner(organisation=people.ours, name=name, external_id=number)
    made = {
        "Late": builders.make_assignment(named["Late"], world.role, due_in_days=7),
        "Planned": builders.make_assignment(named["Planned"], world.role),
        "王小明": builders.make_assignment(named["王小明"], world.far),
    }
    builders.make_plan(named["Late"], world.role)
    builders.make_plan(named["Planned"], world.role)
    return made


def rows(client: Client, query: str = "") -> list[Row]:
    return list(client.get(f"/organisation/?{query}").context["page"])


def names(client: Client, query: str = "") -> list[str]:
    return [row.learner.name for row in rows(client, query)]


def test_everybody_is_listed_with_or_without_an_assignment(hana: Client, staff: dict[str, Assignment]):
    assert set(names(hana)) == {
        "Ada Ahlgren",
        "Ben Brandt",
        "Hana Hofer",
        "Late",
        "Planned",
        "王小明",
        "Idle",
    }
    assert "nothing assigned yet" in hana.get("/organisation/").content.decode()


@pytest.mark.parametrize(
    ("said", "found"),
    [("idle", ["Idle"]), ("W-3", ["王小明"]), ("wangxiao", ["王小明"]), ("wxm", ["王小明"]), ("nobody", [])],
)
def test_people_are_found_by_name_number_and_pinyin(
    hana: Client, staff: dict[str, Assignment], said: str, found: list[str]
):
    assert names(hana, f"q={said}") == found


def test_people_are_found_by_the_role_they_go_for(hana: Client, staff: dict[str, Assignment], world: World):
    assert names(hana, f"q={world.far.name_en}") == ["王小明"]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("late", ["Late"]),
        ("in-time", ["Planned"]),
        ("unplanned", ["王小明"]),
        ("unassigned", ["Ada Ahlgren", "Ben Brandt", "Hana Hofer", "Idle"]),
        ("done", []),
    ],
)
def test_people_are_narrowed_by_how_they_stand(
    hana: Client, staff: dict[str, Assignment], state: str, found: list[str]
):
    assert names(hana, f"state={state}") == found


def test_a_team_is_its_members(hana: Client, people: Cast, staff: dict[str, Assignment]):
    hana.post("/organisation/teams/", {"name": "T", "member": [Membership.objects.get(user=people.ben).pk]})
    assert names(hana, f"team={Team.objects.get().pk}") == ["Ben Brandt"]


def test_people_are_put_in_order(hana: Client, staff: dict[str, Assignment]):
    assert names(hana, "order=due")[0] == "Late"
    assert names(hana, "order=progress")[0] == "王小明", "what is not planned yet comes before what has begun"
    assert [row.assignment for row in rows(hana, "order=progress")[3:]] == [None] * 4


def test_nobody_found_says_so_and_nonsense_narrows_nothing(hana: Client, staff: dict[str, Assignment]):
    assert "Nobody matches." in hana.get("/organisation/?q=nobody").content.decode()
    assert len(names(hana, "state=nonsense&team=x&order=y")) == 7


def test_a_page_holds_twenty(hana: Client, people: Cast):
    for number in range(25):
        builders.make_learner(organisation=people.ours, name=f"Person {number:02}")
    assert len(names(hana)) == 20
    assert names(hana, "q=Person&page=2") == [f"Person {number:02}" for number in range(20, 25)]
    assert "q=Person&amp;page=2" in hana.get("/organisation/?q=Person").content.decode()


def test_nobody_else_is_found(otto: Client, staff: dict[str, Assignment]):
    assert names(otto, "q=wangxiao") == []
