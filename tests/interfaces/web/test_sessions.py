"""The devices a person is signed in on: listed with their network, ended one by one or all at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from groundwork.accounts import sessions, tasks
from groundwork.accounts.models import User
from groundwork.web.sessions import device
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.test_account import actions
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1"


def sign_in(user: User, *, agent: str = FIREFOX, address: str = "203.0.113.77") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post("/accounts/login/", {"login": user.email, "password": builders.PASSWORD})
    return client


def test_each_device_is_listed_with_its_network_and_no_address(
    people: Cast, django_assert_num_queries: object
):
    here = sign_in(people.ada)
    sign_in(people.ada, agent=WECHAT, address="2001:db8:abcd:12:1:2:3:4")
    sign_in(people.otto, agent=EDGE)
    here.get("/account/sessions/")
    with django_assert_num_queries(5):  # type: ignore[operator]  # a fixture's
        page = here.get("/account/sessions/", headers=ENGLISH).content.decode()
    assert "Firefox on Linux" in page
    assert "WeChat on Android" in page
    assert "Edge" not in page
    assert "203.0.113.0/24" in page
    assert "2001:db8:abcd::/48" in page
    assert page.count("this one") == 1
    assert not UserSession.objects.filter(ip__in=["203.0.113.77", "2001:db8:abcd:12:1:2:3:4"]).exists()
    chinese = here.get("/account/sessions/", headers=CHINESE).content.decode()
    assert "Linux 上的 Firefox" in chinese
    assert "登录的设备" in chinese


def test_one_device_is_signed_out_and_the_others_stay(people: Cast):
    here, phone, tablet = (sign_in(people.ada) for _number in range(3))
    row = UserSession.objects.get(session_key=phone.session.session_key)
    assert here.post(f"/account/sessions/{row.pk}/end/").status_code == 302
    assert phone.get("/account/").status_code == 302
    assert tablet.get("/account/").status_code == here.get("/account/").status_code == 200
    assert here.post(f"/account/sessions/{row.pk}/end/").status_code == 404, "it is over already"
    assert actions().count("sessions.ended") == 1


def test_nobody_ends_the_session_of_another(people: Cast):
    ada, otto = sign_in(people.ada), sign_in(people.otto)
    row = UserSession.objects.get(user=people.ada)
    assert otto.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert otto.post("/account/sessions/end-others/").status_code == 302
    assert ada.get("/account/").status_code == 200


def test_all_others_at_once(people: Cast):
    here, *others = (sign_in(people.ada) for _number in range(3))
    page = here.post("/account/sessions/end-others/", follow=True, headers=ENGLISH).content.decode()
    assert "2 other devices are signed out." in page
    assert "Sign out everywhere but here" not in page
    assert {client.get("/account/").status_code for client in others} == {302}
    assert here.get("/account/").status_code == 200


def test_signing_out_takes_the_device_off_the_list(people: Cast):
    here, phone = sign_in(people.ada), sign_in(people.ada, agent=IPHONE)
    phone.post("/accounts/logout/")
    assert "Safari on iOS" not in here.get("/account/sessions/", headers=ENGLISH).content.decode()


def test_a_changed_password_leaves_no_device_on_the_list(people: Cast):
    sign_in(people.ada)
    here = sign_in(people.ada)
    new = "another battery staple"
    here.post("/accounts/reauthenticate/", {"password": builders.PASSWORD})
    form = {"oldpassword": builders.PASSWORD, "password1": new, "password2": new}
    here.post("/accounts/password/change/", form)
    assert not sessions.of_user(people.ada).exists()


def test_use_is_noted_at_most_every_five_minutes(people: Cast):
    here = sign_in(people.ada)
    here.get("/account/")
    long_ago = timezone.now() - timedelta(hours=3)
    UserSession.objects.update(last_seen_at=long_ago)
    here.get("/account/")
    assert UserSession.objects.get().last_seen_at == long_ago
    cache.clear()
    here.get("/account/", REMOTE_ADDR="198.51.100.9")
    seen = UserSession.objects.get()
    assert seen.last_seen_at > long_ago + timedelta(hours=2)
    assert seen.ip == "198.51.100.0"


def test_what_is_over_is_forgotten(people: Cast):
    client = sign_in(people.ada)
    sign_in(people.otto)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now())
    tasks.forget_ended_sessions()
    assert [row.user for row in UserSession.objects.all()] == [people.otto]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (WECHAT, "WeChat on Android"),
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on iOS"),
        ("curl/8.5.0", "an unknown device"),
        ("", "an unknown device"),
    ],
    ids=["firefox", "wechat", "edge", "iphone", "curl", "none"],
)
def test_a_device_in_words(agent: str, words: str):
    assert device(agent) == words
