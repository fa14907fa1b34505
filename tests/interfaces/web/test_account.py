"""The account page: what a person sets there holds on every page, in both languages."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from groundwork.accounts.models import User
from groundwork.events.models import AuditEntry
from groundwork.learners.models import Learner
from groundwork.plans.models import Plan
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

WANTED = {"name": "Ada A.", "language": "zh-hans", "time_zone": "Asia/Shanghai", "theme": "dark"}


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def sign_in(user: User, password: str = builders.PASSWORD) -> Client:
    """Through the page, as a person does it: only then does the site know that it was just now."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": password})
    assert answer.status_code == 302, answer.content
    return client


def confirmed(user: User) -> Client:
    """Signed in, and the password given once more, as every sensitive step asks for."""
    client = sign_in(user)
    client.post("/accounts/reauthenticate/", {"password": builders.PASSWORD})
    return client


def test_what_is_saved_holds_on_the_next_page(ada: Client, people: Cast):
    answer = ada.post("/account/", WANTED, follow=True, headers=ENGLISH)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/account/", 302)]
    assert '<html lang="zh-Hans" data-theme="dark">' in page
    assert "账户已保存。" in page
    assert '<html lang="zh-Hans"' in ada.get("/roles/", headers=ENGLISH).content.decode()
    kept = User.objects.get(pk=people.ada.pk)
    assert {name: getattr(kept, name) for name in WANTED} == WANTED
    entry = AuditEntry.objects.get(action="account.changed")
    assert entry.details["fields"] == ["language", "name", "theme", "time_zone"]
    assert "Ada A." not in str(entry.details)


def test_the_learner_is_called_as_the_person_is(
    ada: Client, people: Cast, django_capture_on_commit_callbacks: object
):
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture's
        ada.post("/account/", WANTED)
    assert Learner.objects.get(pk=people.ada_learner.pk).name == "Ada A."


def test_saving_the_same_again_writes_nothing(ada: Client):
    ada.post("/account/", WANTED)
    ada.post("/account/", WANTED)
    assert actions().count("account.changed") == 1


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}, {"theme": "pink"}])
def test_a_choice_that_is_none_is_refused_beside_its_field(ada: Client, people: Cast, wrong: dict[str, str]):
    answer = ada.post("/account/", {**WANTED, **wrong}, headers=CHINESE)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == wrong.keys()
    assert User.objects.get(pk=people.ada.pk).language == ""


def test_the_day_is_that_of_the_persons_clock(ada: Client, people: Cast, world: World):
    """On Kiritimati and on Niue the calendar never shows the same day."""
    plans = {}
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        User.objects.filter(pk=people.ada.pk).update(time_zone=zone)
        Plan.objects.all().delete()
        ada.post(f"/roles/{world.role.slug}/keep/")
        plans[zone] = Plan.objects.latest("created_at").starts_on
        assert plans[zone] == timezone.localdate(timezone=ZoneInfo(zone))
    assert plans["Pacific/Kiritimati"] > plans["Pacific/Niue"]
    assert timezone.get_current_timezone_name() == "UTC", "the clock of one request is not that of the next"


def test_a_language_chosen_in_the_header_goes_with_the_account(ada: Client, people: Cast):
    ada.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    assert User.objects.get(pk=people.ada.pk).language == "zh-hans"
    elsewhere = Client()
    elsewhere.force_login(people.ada)
    assert '<html lang="zh-Hans"' in elsewhere.get("/", headers=ENGLISH).content.decode()


def test_a_theme_chosen_in_the_header_goes_with_the_account(ada: Client, people: Cast):
    ada.post("/theme/", {"theme": "dark", "next": "/"})
    elsewhere = Client()
    elsewhere.force_login(people.ada)
    assert 'data-theme="dark"' in elsewhere.get("/").content.decode()
    ada.post("/account/", {**WANTED, "theme": "system"})
    assert "data-theme" not in ada.get("/").content.decode(), "the account outweighs the cookie"


def test_giving_the_language_back_asks_the_browser_again(ada: Client):
    ada.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    ada.post("/account/", {**WANTED, "language": ""})
    assert '<html lang="en"' in ada.get("/", headers=ENGLISH).content.decode()


def test_a_visitor_changes_nobodys_account(client: Client, people: Cast):
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    client.post("/theme/", {"theme": "dark", "next": "/"})
    assert client.get("/account/").status_code == 302
    assert set(User.objects.values_list("language", "theme")) == {("", "")}


def test_the_page_in_both_languages(ada: Client, django_assert_num_queries: object):
    for headers, words in ((ENGLISH, "not confirmed"), (CHINESE, "未确认")):
        with django_assert_num_queries(6):  # type: ignore[operator]  # a fixture's
            page = ada.get("/account/", headers=headers).content.decode()
        assert words in page
        assert "ada@example.com" in page


def test_whoever_signs_up_in_chinese_is_written_to_in_chinese(client: Client):
    form = {"email": "neu@example.com", "password1": builders.PASSWORD, "password2": builders.PASSWORD}
    client.post("/accounts/signup/", form, headers=CHINESE)
    assert User.objects.get(email="neu@example.com").language == "zh-hans"
    assert re.search(r"[\u4e00-\u9fff]", str(mail.outbox[0].body))


def test_a_new_address_counts_when_its_link_was_followed(people: Cast):
    EmailAddress.objects.create(user=people.ada, email="ada@example.com", primary=True, verified=True)
    client = confirmed(people.ada)
    page = client.post("/accounts/email/", {"email": "ada@new.example", "action_add": ""}, follow=True)
    assert "You asked to change to ada@new.example" in page.content.decode()
    assert User.objects.get(pk=people.ada.pk).email == "ada@example.com"
    link = next(one for one in mail.outbox if one.to == ["ada@new.example"])
    address = re.search(r"http://\S+(/accounts/confirm-email/\S+/)", str(link.body))
    assert address is not None
    client.post(address[1])
    assert User.objects.get(pk=people.ada.pk).email == "ada@new.example"
    assert "account.email-changed" in actions()


def test_a_changed_password_ends_every_session_and_is_told(people: Cast):
    here, there = sign_in(people.ada), sign_in(people.ada)
    new = "another battery staple"
    form = {"oldpassword": builders.PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert there.get("/account/").status_code == 302
    assert sign_in(people.ada, new).get("/account/").status_code == 200
    assert "account.password-changed" in actions()
    assert len(mail.outbox) == 1


def test_sensitive_steps_ask_for_the_password_again(ada: Client):
    posted = ada.post("/accounts/email/", {"email": "x@new.example", "action_add": ""})
    assert posted.status_code == 302
    assert posted["Location"].startswith("/accounts/reauthenticate/")
    page = ada.get(posted["Location"], headers=CHINESE).content.decode()
    assert "为保护您的账户" in page
    assert "Enter your password" not in page
