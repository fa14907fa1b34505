"""Search by name and by pinyin in the lists of roles and skills."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-hans"}


@pytest.mark.parametrize("said", ["kernel eng", "内核工程", "neihe", "nhgcs", "tiaoyou", "zig"])
def test_roles_are_found_by_name_and_skill_in_both_languages(visitor: Client, said: str):
    page = visitor.get("/roles/", {"q": said})
    assert [row["role"].slug for row in page.context["rows"]] == ["kernel-engineer"]
    assert [band.layer for band in page.context["bands"]] == ["foundation"]


def test_a_search_of_roles_stays_in_every_address(confirmed: Client, hurried: None):
    said = confirmed.get("/roles/?q=neihe&order=priority").content.decode()
    assert 'hx-get="/roles/?q=neihe&amp;order=priority"' in said
    assert 'href="/roles/?q=neihe&amp;order=priority&amp;view=list"' in said
    assert 'value="neihe"' in said


def test_a_search_without_a_role_leads_back(visitor: Client):
    for address in ("/roles/?q=nothing", "/roles/?q=nothing&view=list", "/roles/?q=nothing&layer=foundation"):
        page = visitor.get(address)
        assert page.context["rows"] == []
        assert "No role matches. Choose a wider search." in page.content.decode()
        assert 'href="/roles/"' in page.content.decode()


@pytest.mark.parametrize("said", ["tuning", "内核", "neihe", "nhty"])
def test_a_part_of_a_name_offers_the_skills_it_finds(visitor: Client, said: str):
    page = visitor.post("/skills/save/", {"add": said}, follow=True)
    assert [skill.slug for skill in page.context["candidates"]] == ["kernel-tuning"]
    assert '<button class="button quiet small" name="add" value="Kernel tuning">' in page.content.decode()
    assert "is not in our vocabulary" not in page.content.decode()
    chosen = visitor.post("/skills/save/", {"add": ["", "Kernel tuning"]}, follow=True)
    assert [row["skill"].slug for row in chosen.context["certain"]] == ["kernel-tuning"]


def test_what_finds_nothing_is_still_refused(visitor: Client):
    page = visitor.post("/skills/save/", {"add": "<juggling>"}, follow=True)
    assert "“&lt;juggling&gt;” is not in our vocabulary" in page.content.decode()
    assert page.context["candidates"] == []


def test_ones_own_skills_are_found_by_pinyin_and_have_pages(ada: Client, people: Cast, world: World):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 3, **{f"many-{n:02}": 2 for n in range(25)}})
    found = ada.get("/me/skills/?q=nhty")
    assert [row["answer"].skill.slug for row in found.context["rows"]] == ["kernel-tuning"]
    first = ada.get("/me/skills/?sort=level")
    assert len(first.context["rows"]) == 20
    assert 'href="?sort=level&amp;page=2"' in first.content.decode()
    assert "26 of 26 skills" in first.content.decode()
    assert len(ada.get("/me/skills/?sort=level&page=2").context["rows"]) == 6
