"""Two-step sign-in: codes by RFC 6238, worked out here apart from the library that checks them."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin import site
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from groundwork.accounts.models import User
from groundwork.events.models import AuditEntry
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.test_account import actions, confirmed, sign_in
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def code_of(secret: str) -> str:
    """RFC 6238 with SHA-1, six digits and steps of 30 seconds."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def switched_on(user: User) -> tuple[Client, str]:
    """A client that has just switched it on, and the app's secret."""
    client = confirmed(user)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found is not None
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1])})
    assert answer.status_code == 302, answer.content.decode()
    cache.clear()
    return client, found[1]


def test_the_picture_is_the_secret_and_breaks_no_policy(people: Cast):
    page = confirmed(people.ada).get("/accounts/2fa/totp/activate/").content.decode()
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert picture is not None
    assert base64.b64decode(picture[1]).startswith(b"<?xml")
    assert not re.search(r"<script(?! src=)|\sstyle=|\son[a-z]+=", page)
    assert re.search(r"otpauth://totp/ada%40example.com\?secret=[A-Z2-7]{32}&amp;issuer=Groundwork", page)


def test_with_it_the_password_alone_signs_nobody_in(people: Cast):
    _client, secret = switched_on(people.ada)
    fresh = Client()
    answer = fresh.post("/accounts/login/", {"login": people.ada.email, "password": builders.PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert fresh.get("/account/").status_code == 302
    for headers, words in ((ENGLISH, "Second step"), (CHINESE, "第二步")):
        assert words in fresh.get("/accounts/2fa/authenticate/", headers=headers).content.decode()
    refused = fresh.post("/accounts/2fa/authenticate/", {"code": wrong(code_of(secret))}, headers=CHINESE)
    assert "代码" in refused.content.decode()
    assert fresh.get("/account/").status_code == 302
    fresh.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert fresh.get("/account/").status_code == 200


def test_a_code_counts_once(people: Cast):
    _client, secret = switched_on(people.ada)
    code = code_of(secret)
    answers = []
    for _time in range(2):
        client = Client()
        client.post("/accounts/login/", {"login": people.ada.email, "password": builders.PASSWORD})
        client.post("/accounts/2fa/authenticate/", {"code": code})
        answers.append(client.get("/account/").status_code)
    assert answers == [200, 302]


def test_a_recovery_code_counts_once_and_is_on_the_trail(people: Cast):
    client, _secret = switched_on(people.ada)
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/accounts/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10
    for left, status in ((9, 200), (9, 302)):
        fresh = Client()
        fresh.post("/accounts/login/", {"login": people.ada.email, "password": builders.PASSWORD})
        fresh.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert fresh.get("/account/").status_code == status
        page = client.get("/accounts/2fa/", headers=ENGLISH).content.decode()
        assert f"{left} of 10 are left." in page
    assert actions().count("recovery-codes.used") == 1


@pytest.mark.django_db(transaction=True)
def test_on_and_off_are_audited_and_told(people: Cast):
    client, _secret = switched_on(people.ada)
    client.post("/accounts/2fa/totp/deactivate/")
    assert [one for one in actions() if one.startswith(("two-", "reco"))] == [
        "two-factor.switched-on",
        "recovery-codes.made",
        "two-factor.switched-off",
    ]
    assert {entry.actor for entry in AuditEntry.objects.filter(action__startswith="two-factor")} == {
        f"user:{people.ada.pk}"
    }
    assert not Authenticator.objects.exists()
    assert len(mail.outbox) == 2
    audit = Client()
    audit.force_login(people.hana)
    assert (
        "switched two-step sign-in off" in audit.get("/organisation/keys/", headers=ENGLISH).content.decode()
    )
    assert sign_in(people.ada).get("/account/").status_code == 200


def test_nothing_of_it_can_be_read_from_the_database(people: Cast):
    _client, secret = switched_on(people.ada)
    rows = Authenticator.objects.all()
    assert len(rows) == 2
    assert secret not in str([row.data for row in rows])
    for row in rows:
        (sealed,) = (value for value in row.data.values() if isinstance(value, str))
        assert sealed.startswith("gAAAA")


def test_every_step_asks_who_it_is_first(ada: Client, people: Cast):
    for address in ("totp/activate/", "recovery-codes/generate/"):
        assert ada.get(f"/accounts/2fa/{address}")["Location"].startswith("/accounts/reauthenticate/")
    switched_on(people.ada)
    for address in ("totp/deactivate/", "recovery-codes/", "recovery-codes/download/"):
        answer = ada.get(f"/accounts/2fa/{address}")
        assert answer["Location"].startswith("/accounts/reauthenticate/"), address
    page = ada.get("/accounts/2fa/reauthenticate/", headers=CHINESE).content.decode()
    assert "应用当前显示的代码" in page


def test_who_has_not_confirmed_their_address_cannot_lock_its_owner_out(people: Cast):
    EmailAddress.objects.create(user=people.ada, email=people.ada.email, primary=True, verified=False)
    client = confirmed(people.ada)
    answer = client.get("/accounts/2fa/totp/activate/", follow=True, headers=CHINESE)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "验证" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_operators_pass_the_second_step_too(people: Cast):
    User.objects.filter(pk=people.ada.pk).update(is_staff=True, is_superuser=True)
    _client, secret = switched_on(people.ada)
    client = Client()
    posted = client.post("/admin/login/", {"username": people.ada.email, "password": builders.PASSWORD})
    assert posted["Location"].startswith("/accounts/login/")
    assert client.get("/admin/").status_code == 302
    client.post("/accounts/login/", {"login": people.ada.email, "password": builders.PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200
    assert not site.is_registered(Authenticator), "secrets are shown to nobody"


def test_an_operator_helps_who_has_lost_the_phone(people: Cast, capsys: pytest.CaptureFixture[str]):
    switched_on(people.ada)
    call_command("reset_two_factor", "ADA@example.com")
    call_command("reset_two_factor", "ada@example.com")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "Two-step sign-in is off.",
        "Two-step sign-in was off already.",
    ]
    assert AuditEntry.objects.get(action="two-factor.switched-off").organisation_id == people.ours.pk
    assert sign_in(people.ada).get("/account/").status_code == 200
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_two_factor", "nobody@example.com")


def test_guessing_codes_is_stopped(people: Cast):
    _client, secret = switched_on(people.ada)
    fresh = Client()
    fresh.post("/accounts/login/", {"login": people.ada.email, "password": builders.PASSWORD})
    for _time in range(20):
        fresh.post("/accounts/2fa/authenticate/", {"code": wrong(code_of(secret))})
    fresh.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert fresh.get("/account/").status_code == 302
