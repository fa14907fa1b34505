"""Deleting one's account in the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.accounts.models import User
from groundwork.privacy import erasing, tasks
from groundwork.privacy.models import Erasure
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = pytest.mark.django_db
RIGHT = {"when": "later", "proof": builders.PASSWORD}


def test_the_page_says_what_goes_and_what_is_left(ada: Client):
    page = ada.get("/me/data/delete/", headers=ENGLISH).content.decode()
    assert "a pseudonym that leads back to nobody" in page
    assert "In 7 days" in page
    chinese = ada.get("/me/data/delete/", headers=CHINESE).content.decode()
    assert "删除我的账户" in chinese
    assert "Everything on record" not in chinese


def test_within_the_days_of_grace_the_account_works_and_can_be_kept(ada: Client, people: Cast):
    answer = ada.post("/me/data/delete/", RIGHT, follow=True, headers=ENGLISH)
    assert answer.redirect_chain == [("/me/data/", 302)]
    page = answer.content.decode()
    assert "Your account will be deleted" in page
    assert "Keep my account" in page
    erasure = Erasure.objects.get()
    assert f"/erasures/{erasure.pk}/" in page
    state = Client().get(f"/erasures/{erasure.pk}/", headers=ENGLISH).content.decode()
    assert "It begins on" in state
    assert "Ada" not in state
    kept = ada.post("/me/data/keep/", follow=True, headers=ENGLISH).content.decode()
    assert "Your account stays" in kept
    assert "Keep my account" not in kept
    assert User.objects.get(pk=people.ada.pk).is_active


def test_now_signs_out_everywhere_and_shows_how_far_it_is(ada: Client, people: Cast):
    elsewhere = Client()
    elsewhere.force_login(people.ada)
    answer = ada.post("/me/data/delete/", {**RIGHT, "when": "now"}, follow=True, headers=ENGLISH)
    erasure = Erasure.objects.get()
    assert answer.redirect_chain == [(f"/erasures/{erasure.pk}/", 302)]
    assert elsewhere.get("/me/").status_code == 302, "an account that is closed is nobody's session"
    turns = iter([True, True, False])
    erasing.run(erasure.pk, has_time=lambda: next(turns))
    assert "2 of" in Client().get(f"/erasures/{erasure.pk}/", headers=ENGLISH).content.decode()
    tasks.erase.apply(kwargs={"erasure_id": str(erasure.pk)}).get()
    page = Client().get(f"/erasures/{erasure.pk}/", headers=CHINESE).content.decode()
    assert "全部已删除" in page
    assert not User.objects.filter(pk=people.ada.pk).exists()


def test_a_wrong_password_deletes_nothing_and_guessing_has_an_end(ada: Client):
    for _turn in range(10):
        answer = ada.post("/me/data/delete/", {**RIGHT, "proof": "wrong"}, headers=ENGLISH)
        assert answer.status_code == 422
        assert "This is not your password" in answer.content.decode()
    answer = ada.post("/me/data/delete/", RIGHT, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Too many tries" in answer.content.decode()
    assert not Erasure.objects.exists()


def test_who_has_no_password_types_the_address(ada: Client, people: Cast):
    people.ada.set_unusable_password()
    people.ada.save()
    ada.force_login(people.ada)
    assert "ada@example.com" in ada.get("/me/data/delete/").content.decode()
    assert ada.post("/me/data/delete/", {**RIGHT, "proof": "ada"}).status_code == 422
    assert ada.post("/me/data/delete/", {**RIGHT, "proof": "Ada@example.com"}).status_code == 302


def test_the_only_administrator_is_told_what_to_do(otto: Client, people: Cast):
    builders.make_user("second@example.org", organisation=people.theirs)
    page = otto.get("/me/data/delete/", headers=ENGLISH).content.decode()
    assert "You are the only administrator of Otterbein Ltd" in page
    assert 'name="proof"' not in page
    answer = otto.post("/me/data/delete/", RIGHT, headers=CHINESE)
    assert answer.status_code == 409
    assert "唯一的管理员" in answer.content.decode()
    assert not Erasure.objects.exists()


def test_who_is_alone_is_told_that_the_organisation_goes_along(otto: Client):
    page = otto.get("/me/data/delete/", headers=ENGLISH).content.decode()
    assert "You are alone in Otterbein Ltd" in page


def test_the_schedule_hands_over_what_is_due(ada: Client, people: Cast, monkeypatch):
    ada.post("/me/data/delete/", RIGHT)
    sent: list[str] = []
    monkeypatch.setattr(tasks.erase, "delay", lambda *, erasure_id: sent.append(erasure_id))
    tasks.erase_due()
    assert sent == []
    Erasure.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    tasks.erase_due()
    assert sent == [str(Erasure.objects.get().pk)]


def test_operators_see_how_far_it_is_and_not_whose(ada: Client, people: Cast):
    ada.post("/me/data/delete/", RIGHT)
    operator = User.objects.create_superuser("root@example.com", builders.PASSWORD)
    client = Client()
    client.force_login(operator)
    page = client.get("/admin/privacy/erasure/").content.decode()
    assert Erasure.objects.get().pseudonym in page
    assert (
        str(people.ada.pk)
        not in client.get(f"/admin/privacy/erasure/{Erasure.objects.get().pk}/change/").content.decode()
    )
