"""The settings page, and the link that stops e-mails without signing in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from groundwork.accounts.models import User
from groundwork.events.models import AuditEntry
from groundwork.notifications import choosing, kinds, stopping
from groundwork.notifications.kinds import DEFAULTS, Kind, Mail, Ways
from groundwork.notifications.models import DeliverySettings, KindChoice
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PAGE = "/me/notifications/settings/"
ZH = {"accept-language": "zh-hans"}


def filled(*, to_administrator: bool = False, **changed: str) -> dict[str, str]:
    """The form as it stands by default, with some answers changed."""
    given = {"digest_every": "day", "digest_hour": "8", "quiet_from": "", "quiet_to": ""}
    for kind in kinds.offered(to_administrator=to_administrator):
        given |= {f"app_{kind}": "on", f"mail_{kind}": DEFAULTS[kind].mail.value}
    return {name: value for name, value in (given | changed).items() if value != "-"}


def own(user: User) -> User:
    return User.objects.select_related("delivery_settings").get(pk=user.pk)


def test_the_page_shows_the_defaults_in_both_languages(ada: Client):
    page = ada.get(PAGE).content.decode()
    for words in ("What you hear of", "A skill is about to lapse", "In the digest", "UTC", "08:00"):
        assert words in page
    page = ada.get(PAGE, headers=ZH).content.decode()
    for words in ("通知设置", "某项技能即将失效", "汇总发送", "免打扰开始", "每周一"):
        assert words in page
    assert "In the digest" not in page


def test_kinds_for_administrators_are_offered_to_them_only(ada: Client, hana: Client):
    assert "Somebody joined" not in ada.get(PAGE).content.decode()
    assert "Somebody joined" in hana.get(PAGE).content.decode()


def test_choices_are_kept_shown_and_audited(ada: Client, people: Cast):
    given = filled(
        app_lapsing="-", mail_lapsing="never", mail_week="at-once", digest_every="week", digest_hour="17"
    )
    answer = ada.post(PAGE, given | {"quiet_from": "22:00", "quiet_to": "07:30"}, follow=True)
    assert "Saved." in answer.content.decode()
    ways, times = choosing.ways_of(people.ada), choosing.times_of(own(people.ada))
    assert ways[Kind.LAPSING] == Ways(in_app=False, mail=Mail.NEVER)
    assert ways[Kind.WEEK] == Ways(in_app=True, mail=Mail.AT_ONCE)
    assert ways[Kind.ASSIGNED] == DEFAULTS[Kind.ASSIGNED]
    assert times == choosing.Times(
        digest_every="week", digest_hour=17, quiet_from=time(22), quiet_to=time(7, 30)
    )
    # What was left as it was has no row, so that a later default reaches it.
    assert KindChoice.objects.filter(user=people.ada).count() == 2
    assert 'value="22:00"' in answer.content.decode()
    entry = AuditEntry.objects.get(action="notifications.changed")
    assert entry.details == {"kinds": ["lapsing", "week"]}
    assert entry.actor == f"user:{people.ada.pk}"


@pytest.mark.parametrize(
    ("changed", "words", "words_zh"),
    [
        ({"quiet_from": "22:00"}, "Give both ends of the quiet hours", "须同时填写"),
        ({"quiet_to": "07:00"}, "Give both ends of the quiet hours", "须同时填写"),
        ({"quiet_from": "07:00", "quiet_to": "07:00"}, "must end at another time", "不能与开始时间相同"),
        ({"quiet_from": "late", "quiet_to": "07:00"}, "Enter a valid time", "有效的时间"),
        ({"mail_week": "hourly"}, "Select a valid choice", "选择一个有效的选项"),
        ({"digest_hour": "24"}, "Select a valid choice", "选择一个有效的选项"),
    ],
)
def test_what_cannot_be_kept_is_marked_and_nothing_is_saved(
    ada: Client, changed: Mapping[str, Any], words: str, words_zh: str
):
    answer = ada.post(PAGE, filled(**changed, app_lapsing="-"))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert 'name="app_lapsing" aria' in answer.content.decode()
    assert words_zh in ada.post(PAGE, filled(**changed), headers=ZH).content.decode()
    assert not KindChoice.objects.exists()
    assert not DeliverySettings.objects.exists()


def test_the_page_says_where_an_address_is_verified(ada: Client, people: Cast):
    assert "ada@example.com is not verified yet" in ada.get(PAGE).content.decode()
    EmailAddress.objects.create(user=people.ada, email="ada@example.com", verified=True, primary=True)
    assert "not verified" not in ada.get(PAGE).content.decode()


def test_times_are_in_the_persons_own_zone(ada: Client, people: Cast):
    User.objects.filter(pk=people.ada.pk).update(time_zone="Asia/Shanghai")
    assert "Asia/Shanghai" in ada.get(PAGE).content.decode()


def test_the_page_costs_the_same_whatever_was_chosen(
    ada: Client, people: Cast, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
):
    ada.get(PAGE)
    for mail in ("never", "digest"):
        # Session, person, membership (twice), person with settings, choices, address; the navigation.
        with django_assert_num_queries(8):
            assert ada.get(PAGE).status_code == 200
        chosen = {f"mail_{kind}": mail for kind in kinds.offered(to_administrator=False)}
        ada.post(PAGE, filled() | chosen)


# --- the link ---


@pytest.fixture
def link(people: Cast) -> str:
    return stopping.link(people.ada, kinds={Kind.LAPSING})


@pytest.fixture
def anybody() -> Client:
    """A mail program: no session, no cookie, and checked for forged requests as in production."""
    return Client(enforce_csrf_checks=True)


def mail_of(people: Cast) -> Mail:
    return choosing.ways_of(people.ada)[Kind.LAPSING].mail


def test_a_mail_program_stops_a_kind_with_one_post(anybody: Client, people: Cast, link: str):
    answer = anybody.post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert mail_of(people) == Mail.NEVER
    assert anybody.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert AuditEntry.objects.filter(action="notifications.changed").count() == 1


def test_looking_at_the_link_stops_nothing(anybody: Client, people: Cast, link: str):
    answer = anybody.get(link)
    assert "Stop e-mails of this kind?" in answer.content.decode()
    assert "A skill is about to lapse" in answer.content.decode()
    assert mail_of(people) == DEFAULTS[Kind.LAPSING].mail
    assert "停止发送此类邮件？" in anybody.get(link, headers=ZH).content.decode()
    assert anybody.head(link).status_code == 405


def test_the_page_names_nobody(anybody: Client, link: str):
    for answer in (anybody.get(link), anybody.post(link)):
        page = answer.content.decode()
        assert "Ada" not in page
        assert "ada@example.com" not in page


def test_a_stop_is_taken_back_on_the_page(anybody: Client, people: Cast, link: str):
    answer = anybody.post(link)
    assert "No more e-mails of this kind" in answer.content.decode()
    answer = anybody.post(link, {"back": answer.context["back"]})
    assert "E-mails come as before" in answer.content.decode()
    assert mail_of(people) == DEFAULTS[Kind.LAPSING].mail


def test_a_forged_way_back_changes_nothing(anybody: Client, people: Cast, link: str):
    anybody.post(link)
    assert anybody.post(link, {"back": "forged"}).status_code == 200
    assert mail_of(people) == Mail.NEVER


def test_a_changed_link_and_one_of_a_closed_account_are_not_found(anybody: Client, people: Cast, link: str):
    assert anybody.post(f"{link[:-2]}x/").status_code == 404
    User.objects.filter(pk=people.ada.pk).update(is_active=False)
    assert anybody.post(link).status_code == 404
    people.ada.delete()
    assert anybody.get(link).status_code == 404
