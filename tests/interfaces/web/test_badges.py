"""Badges of others on the pages: looked at, taken as evidence, taken back."""

from __future__ import annotations

import html
import json
import re

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openbadgeslib.keys import key_to_pem
from openbadgeslib.ob3 import did

from groundwork.credentials.badges import Badge
from groundwork.frameworks.models import Skill
from groundwork.learners.models import Evidence
from tests.cast import Cast
from tests.foreign_badges import Academy, make_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def academy(people: Cast, settings) -> Academy:
    """A trusted issuer whose id is its key: nothing need be fetched."""
    EmailAddress.objects.create(user=people.ada, email="ada@example.com", primary=True, verified=True)
    key = make_key()
    issuer = did.did_key_from_pem(key_to_pem(key.public_key()))
    settings.BADGE_ISSUERS = [issuer]
    return Academy(id=issuer, key=key)


def look(client: Client, text: str, status: int = 200) -> str:
    page = client.post("/me/badges/read/", {"text": text})
    assert page.status_code == status
    return page.content.decode()


def text_in(page: str) -> str:
    """What the form sends along."""
    found = re.search(r'name="text" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def test_a_badge_is_looked_at_taken_and_taken_back(ada: Client, academy: Academy, people: Cast):
    assert "No badge yet." in ada.get("/me/badges/").content.decode()
    token = academy.issue()
    page = look(ada, token)
    assert "Its signature is valid" in page
    assert not Evidence.objects.filter(learner=people.ada_learner, kind="certificate").exists()
    sent = {"text": text_in(page), "level-kernel-tuning": "3"}
    said = ada.post("/me/badges/accept/", sent, follow=True).content.decode()
    assert "Kernel tuning counts as evidence now." in said
    assert '<span class="badge good">Verified</span>' in said
    badge, line = Badge.objects.get(), Evidence.objects.get(learner=people.ada_learner, kind="certificate")
    assert f'href="/me/skills/kernel-tuning/#line-{line.pk}"' in said
    skill = ada.get("/me/skills/kernel-tuning/").content.decode()
    assert "“Kernel tuning (The Academy)”" in skill
    again = ada.post("/me/badges/accept/", sent)
    assert again.status_code == 422
    assert "This badge is in your list already." in again.content.decode()
    said = ada.post(f"/me/badges/{badge.pk}/remove/", follow=True).content.decode()
    assert "Kernel tuning is removed; what rested on it counts no longer." in said
    assert not Badge.objects.exists()


def test_a_file_is_read_like_its_text(ada: Client, academy: Academy):
    upload = SimpleUploadedFile("badge.jwt", academy.issue().encode())
    page = ada.post("/me/badges/read/", {"file": upload})
    assert page.context["badge"].verifies == {"kernel-tuning": 3}


def test_what_is_not_verified_says_why_and_leaves_the_level_to_the_person(
    ada: Client, academy: Academy, settings
):
    settings.BADGE_ISSUERS = []
    page = look(ada, academy.issue())
    assert "Its issuer is not one of those whose badges are verified here." in page
    assert "What you take from it counts as your own word." in page
    answer = ada.post("/me/badges/accept/", {"text": text_in(page), "level-kernel-tuning": "5"}, follow=True)
    assert '<span class="badge warn">Own word</span>' in answer.content.decode()
    assert Evidence.objects.filter(level=5, kind="self-report").count() == 1


def test_leaving_everything_out_takes_nothing_and_keeps_the_page(ada: Client, academy: Academy):
    token = academy.issue()
    answer = ada.post("/me/badges/accept/", {"text": token, "level-kernel-tuning": ""})
    assert answer.status_code == 422
    assert "Choose a level for at least one skill." in answer.content.decode()
    assert text_in(answer.content.decode()) == token
    assert not Badge.objects.exists()


@pytest.mark.parametrize("level", ["4", "0", "six", "-1"])
def test_a_level_that_the_badge_does_not_bear_out_is_refused(ada: Client, academy: Academy, level: str):
    answer = ada.post("/me/badges/accept/", {"text": academy.issue(), "level-kernel-tuning": level})
    assert answer.status_code == 422
    assert not Badge.objects.exists()


@pytest.mark.parametrize("where", ["/me/badges/read/", "/me/badges/accept/"])
def test_what_is_no_badge_is_said_beside_the_field(ada: Client, where: str):
    for text in ("nonsense", "", "\x00", "{"):
        answer = ada.post(where, {"text": text})
        assert answer.status_code == 422
        assert answer.context["form"].errors
    upload = SimpleUploadedFile("badge.png", b"")
    assert "nothing in it" in str(ada.post("/me/badges/read/", {"file": upload}).context["form"].errors)


def test_a_badge_without_a_skill_we_know_leads_to_the_persons_own_word(ada: Client, academy: Academy):
    page = look(
        ada, academy.issue(name="Basket weaving", description="Willow.", criteria_narrative="Ten baskets.")
    )
    assert "It names no skill of our vocabulary." in page


def test_a_strangers_words_are_shown_as_words(ada: Client, academy: Academy):
    Skill.objects.filter(slug="kernel-tuning").update(name_en="Kernel tuning")
    academy.name = "<script>alert(1)</script>"
    page = look(ada, json.dumps(academy.credential(name='Kernel tuning · "><img src=x>').to_vc()))
    assert "<script>alert" not in page
    assert "<img" not in page


def test_the_pages_speak_chinese(ada: Client, academy: Academy):
    ada.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    assert "签名有效" in look(ada, academy.issue())
    assert "还没有徽章" in ada.get("/me/badges/").content.decode()
