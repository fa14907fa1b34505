"""Pages and mails of signing in are allauth's in part: nothing is left in English, none has a script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils.html import strip_tags

from groundwork.accounts.models import User
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.test_account import confirmed
from tests.interfaces.web.test_identity_providers import configure
from tests.interfaces.web.test_two_factor import switched_on
from tests.interfaces.web.test_visitor import CHINESE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

# Two words with a space between them are a sentence; names of programs and places stand alone.
ENGLISH = re.compile(r"\b[A-Za-z]{2,}[ ,.]+[a-z]{2,}\b")
BEFORE = ("login", "signup", "password/reset", "password/reset/done", "inactive", "confirm-email")
BEHIND = ("email", "password/change", "reauthenticate", "2fa", "2fa/totp/activate", "connections")
SECOND = (
    "2fa",
    "2fa/totp/deactivate",
    "2fa/recovery-codes",
    "2fa/recovery-codes/generate",
    "2fa/reauthenticate",
)
REFUSED = {"connections/login/error": 401, "connections/login/cancelled": 200, "confirm-email/guessed": 200}


def english_in(text: str) -> list[str]:
    return [str(found) for found in ENGLISH.findall(re.sub(r"\S+@\S+|http\S+", "", text))]


def looked_at(client: Client, address: str, *, status: int = 200) -> None:
    answer = client.get(f"/accounts/{address}/", headers=CHINESE)
    assert answer.status_code == status, address
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert not english_in(strip_tags(re.sub(r"<code>.*?</code>", "", main))), address
    assert not re.search(r"<script(?! src=)|\sstyle=|\son[a-z]+=", page), address
    assert "<script" not in main, address


def test_nothing_is_left_in_english_before_signing_in(settings: Any):
    configure(settings, "http://127.0.0.1:9")
    for address in BEFORE:
        looked_at(Client(), address)
    for address, status in REFUSED.items():
        looked_at(Client(), address, status=status)


def test_nothing_is_left_in_english_behind_it(people: Cast, settings: Any):
    configure(settings, "http://127.0.0.1:9")
    EmailAddress.objects.create(user=people.ada, email=people.ada.email, primary=True, verified=True)
    client = confirmed(people.ada)
    client.get("/account/")  # takes the greeting away, which was in the browser's language
    for address in (*BEHIND, "logout"):
        looked_at(client, address)
    client, _secret = switched_on(people.ada)
    client.get("/account/")
    for address in SECOND:
        looked_at(client, address)


@pytest.mark.django_db(transaction=True)
def test_mails_are_in_the_language_of_the_account(people: Cast):
    User.objects.update(language="zh-hans")
    EmailAddress.objects.create(user=people.ada, email=people.ada.email, primary=True, verified=True)
    client = confirmed(people.ada)
    client.post("/accounts/email/", {"email": "ada@new.example", "action_add": ""})
    client.post("/accounts/email/", {"email": "ada@new.example", "action_remove": ""})
    client, _secret = switched_on(people.ada)
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    new = "another battery staple"
    client.post(
        "/accounts/password/change/", {"oldpassword": builders.PASSWORD, "password1": new, "password2": new}
    )
    Client().post("/accounts/password/reset/", {"email": people.ada.email}, headers=CHINESE)
    assert len(mail.outbox) >= 6
    for one in mail.outbox:
        text = f"{one.subject}\n{one.body}"
        assert not english_in(text), text
        assert re.search(r"[\u4e00-\u9fff]", str(one.subject)), one.subject
