"""One page for every use of a person's data; with personalisation off every page says what it shows."""

from __future__ import annotations

import pytest
from django.test import Client

from groundwork.frameworks.models import LinkDecision, UnknownTerm
from groundwork.learners.models import Learner
from groundwork.plans import estimating
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = pytest.mark.django_db
OFF = "Personalisation is off"


def switch(client: Client, use: str, given: str = "no"):
    return client.post(
        "/me/data/uses/",
        {"use": use, "given": given, "next": "/me/data/#uses"},
        follow=True,
        headers=ENGLISH,
    )


def test_each_use_says_what_why_and_since_when_and_is_switched_there(ada: Client, people: Cast):
    page = ada.get("/me/data/", headers=ENGLISH).content.decode()
    for words in ("Paths that start from what you can do", "Your courses in figures", "Words of your CV"):
        assert words in page
    assert page.count("you have not chosen yet") == 4
    answer = switch(ada, "attempts")
    assert answer.redirect_chain == [("/me/data/#uses", 302)]
    assert answer.content.decode().count("by your own choice") == 1
    assert Learner.objects.get(pk=people.ada_learner.pk).consents["attempts"]["given"] is False
    assert "您的数据用于什么" in ada.get("/me/data/", headers=CHINESE).content.decode()


def test_expected_hours_are_switched_on_the_same_page(ada: Client, people: Cast):
    ada.post("/me/estimates/", {"wanted": "no", "next": "/me/data/"})
    assert not estimating.are_wanted(people.ada_learner)
    assert ada.get("/me/data/", headers=ENGLISH).content.decode().count("by your own choice") == 1


def test_a_use_that_is_none_is_not_found(ada: Client):
    assert ada.post("/me/data/uses/", {"use": "world-domination", "given": "yes"}).status_code == 404


def test_without_personalisation_pages_start_from_nothing_and_say_so(ada: Client, people: Cast, world: World):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    address = f"/roles/{world.role.slug}/path/"
    own = ada.get(address, headers=ENGLISH)
    assert OFF not in own.content.decode()
    assert [step.course.slug for step in own.context["path"].steps] == ["second-steps"]
    switch(ada, "personalisation")
    page = ada.get(address, headers=ENGLISH)
    assert OFF in page.content.decode()
    assert [step.course.slug for step in page.context["path"].steps] == ["first-steps", "second-steps"]
    other = world.far.slug
    for where in (
        f"/roles/{world.role.slug}/",
        "/roles/",
        "/roles/?view=list&hours=9",
        f"/roles/compare/?role={world.role.slug}&role={other}",
        f"/roles/combine/?roles={world.role.slug}&roles={other}",
    ):
        assert OFF in ada.get(where, headers=ENGLISH).content.decode(), where
        assert "个性化已关闭" in ada.get(where, headers=CHINESE).content.decode(), where
    switch(ada, "personalisation", "yes")
    assert OFF not in ada.get(address, headers=ENGLISH).content.decode()


def test_without_personalisation_there_is_a_path_without_any_skill(ada: Client, world: World):
    address = f"/roles/{world.role.slug}/path/"
    assert "Tell us your skills first" in ada.get(address, headers=ENGLISH).content.decode()
    switch(ada, "personalisation")
    page = ada.get(address, headers=ENGLISH)
    assert "First steps" in page.content.decode()
    assert ada.post(f"/roles/{world.role.slug}/keep/").status_code == 302


def test_the_skills_themselves_stay_where_they_are_shown_and_changed(ada: Client, people: Cast):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    switch(ada, "personalisation")
    for where in ("/skills/", "/me/", "/me/skills/"):
        assert "Kernel tuning" in ada.get(where, headers=ENGLISH).content.decode()


@pytest.mark.parametrize("given", ["yes", "no"])
def test_words_of_a_cv_are_counted_only_where_they_may_be(ada: Client, given: str):
    switch(ada, "words", given)
    ada.post("/cv/", {"text": "Skills: Kernel tuning, Zig tooling, Frobnicating, Quuxology"})
    ada.post("/skills/save/", {"skill": "kernel-tuning", "level-kernel-tuning": "3"})
    counted = UnknownTerm.objects.exists() or LinkDecision.objects.exists()
    assert counted is (given == "yes")
