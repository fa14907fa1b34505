"""Signing in at an identity provider: a real one on this machine, and everything it or others may try."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from groundwork import identity
from groundwork.accounts.models import User
from tests import builders, identity_provider
from tests.cast import Cast
from tests.identity_provider import ANA, CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.interfaces.web.test_account import actions
from tests.interfaces.web.test_two_factor import code_of, switched_on
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

START = "/accounts/oidc/company/"


def variables(address: str, **more: str) -> dict[str, str]:
    return {
        "GROUNDWORK_OIDC": "company",
        "GROUNDWORK_OIDC_COMPANY_NAME": "Lovelace ID",
        "GROUNDWORK_OIDC_COMPANY_ISSUER": address,
        "GROUNDWORK_OIDC_COMPANY_CLIENT_ID": CLIENT_ID,
        "GROUNDWORK_OIDC_COMPANY_CLIENT_SECRET": CLIENT_SECRET,
        **more,
    }


def configure(settings: Any, address: str, **more: str) -> None:
    settings.IDENTITY_PROVIDERS = identity.providers(variables(address, **more))
    settings.SOCIALACCOUNT_PROVIDERS = identity.as_allauth(settings.IDENTITY_PROVIDERS)


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    with identity_provider.serving() as running:
        configure(settings, running.address)
        yield running


@pytest.fixture
def trusted(provider: IdentityProvider, settings: Any) -> IdentityProvider:
    """One that the operator trusts with addresses."""
    configure(settings, provider.address, GROUNDWORK_OIDC_COMPANY_TRUST_EMAIL="yes")
    return provider


def question(client: Client, **fields: str) -> str:
    """The address the browser is sent to."""
    answer = client.post(START, fields)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def answer_to(asked: str) -> str:
    """The address, without its host, that the provider sends the browser back to."""
    back = requests.get(asked, allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    return f"{parts.path}?{parts.query}"


def changed(address: str, **values: str) -> str:
    parts = urlsplit(address)
    return parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **values})).geturl()


def pass_through(client: Client, **fields: str) -> Any:
    return client.get(answer_to(question(client, **fields)), headers=ENGLISH)


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_who_is_new_gets_an_account_and_comes_back_to_it(provider: IdentityProvider):
    first = Client()
    assert pass_through(first, next="/account/sessions/")["Location"] == "/account/sessions/"
    user = User.objects.get(email="ana@example.net")
    assert user.name == "Ana Abadi"
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    provider.person["email"] = "renamed@example.net"
    second = Client()
    pass_through(second)
    assert is_signed_in(first)
    assert is_signed_in(second)
    assert [one.pk for one in User.objects.all()] == [user.pk], "the subject counts, not the address"


def test_nothing_is_kept_but_whom_the_answer_names(provider: IdentityProvider):
    provider.person["picture"] = "https://example.net/ana.png"
    pass_through(Client())
    assert SocialAccount.objects.get().extra_data == {
        "userinfo": {"sub": "ana-1", "email": "ana@example.net", "name": "Ana Abadi"}
    }
    assert not SocialToken.objects.exists()


def refused(client: Client, address: str) -> None:
    answer = client.get(address, headers=CHINESE)
    assert answer.status_code == 401
    assert "登录未成功" in answer.content.decode()
    assert "Lovelace ID 的答复不可信" in answer.content.decode()
    assert not is_signed_in(client)
    assert not User.objects.filter(email="ana@example.net").exists()


def test_an_answer_to_no_question_is_refused(provider: IdentityProvider):
    client = Client()
    refused(client, changed(answer_to(question(client)), state="guessed"))
    refused(client, f"{START}back/?code=guessed")


def test_the_answer_to_the_question_of_another_browser_is_refused(provider: IdentityProvider):
    """Else somebody could sign a victim in to an account of their own, and read what they enter there."""
    refused(Client(), answer_to(question(Client())))


def test_an_answer_counts_once(provider: IdentityProvider):
    client = Client()
    back = answer_to(question(client))
    client.get(back)
    client.post("/accounts/logout/")
    assert client.get(back).status_code == 401
    assert not is_signed_in(client)


def test_a_changed_nonce_is_refused(provider: IdentityProvider):
    client = Client()
    asked = question(client)
    assert len(dict(parse_qsl(urlsplit(asked).query))["nonce"]) >= 32
    refused(client, answer_to(changed(asked, nonce="another")))


def test_the_page_takes_no_further_wishes_to_the_provider(provider: IdentityProvider):
    answer = Client().post(f"{START}?auth_params=nonce%3Dmine%26prompt%3Dnone&scope=everything")
    asked = dict(parse_qsl(urlsplit(answer["Location"]).query))
    assert asked["nonce"] != "mine"
    assert "prompt" not in asked
    assert set(asked["scope"].split()) == {"openid", "email", "profile"}


TWISTS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "another audience": {"aud": "another"},
    "another party": {"aud": [CLIENT_ID, "another"], "azp": "another"},
    "expired": {"exp": int(time.time()) - 600},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "no end": {"exp": None},
}


@pytest.mark.parametrize("lie", sorted(TWISTS))
def test_an_id_token_that_is_not_for_us_now_is_refused(provider: IdentityProvider, lie: str):
    provider.twist = TWISTS[lie]
    client = Client()
    refused(client, answer_to(question(client)))


@pytest.mark.parametrize("how", ["with a key of its own", "not at all", "with what everybody knows"])
def test_an_id_token_signed_otherwise_is_refused(provider: IdentityProvider, how: str):
    provider.signs = how
    client = Client()
    refused(client, answer_to(question(client)))


def test_details_of_somebody_else_are_refused(provider: IdentityProvider):
    provider.details = {"sub": "somebody-else", "email": "ben@example.com"}
    client = Client()
    refused(client, answer_to(question(client)))


def test_the_description_of_another_issuer_is_refused(provider: IdentityProvider):
    provider.described_as = "https://elsewhere.example"
    answer = Client().post(START, headers=ENGLISH)
    assert answer.status_code == 401
    assert "Signing in did not work" in answer.content.decode()


def test_a_provider_that_is_down_is_a_page_and_no_fault(settings: Any):
    configure(settings, "http://127.0.0.1:9")
    answer = Client().post(START, headers=CHINESE)
    assert answer.status_code == 401
    assert "登录未成功" in answer.content.decode()


def test_who_says_no_there_is_told_so_here(provider: IdentityProvider):
    provider.denies = True
    client = Client()
    answer = client.get(answer_to(question(client)), follow=True, headers=CHINESE)
    assert "您没有允许对方服务为您登录" in answer.content.decode()
    assert not is_signed_in(client)


# --- whose account it is ---


@pytest.mark.parametrize("verified", [True, False])
def test_an_address_alone_opens_no_account(provider: IdentityProvider, people: Cast, verified: bool):
    EmailAddress.objects.create(user=people.ada, email=people.ada.email, primary=True, verified=True)
    provider.person |= {"email": "Ada@example.com", "email_verified": verified}
    client = Client()
    answer = client.get(answer_to(question(client)), follow=True, headers=CHINESE)
    assert answer.redirect_chain[-1][0] == "/accounts/login/"
    assert "此地址已有账户" in answer.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_the_owner_connects_it_and_is_signed_in_by_it(provider: IdentityProvider, people: Cast):
    ada = Client()
    ada.post("/accounts/login/", {"login": people.ada.email, "password": builders.PASSWORD})
    back = answer_to(question(ada, process="connect"))
    asked = ada.get(back)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    ada.post(asked["Location"], {"password": builders.PASSWORD})
    elsewhere = Client()
    pass_through(elsewhere)
    assert elsewhere.get("/account/").context["user"] == people.ada
    page = ada.get("/accounts/connections/", headers=CHINESE).content.decode()
    assert "ana@example.net" in page
    ada.post("/accounts/connections/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()
    assert [one for one in actions() if one.startswith("sign-in")] == [
        "sign-in.connected",
        "sign-in.disconnected",
    ]


def test_what_signs_one_in_signs_nobody_else_in(provider: IdentityProvider, people: Cast):
    SocialAccount.objects.create(user=people.otto, provider="company", uid=ANA["sub"])
    ada = Client()
    ada.post("/accounts/login/", {"login": people.ada.email, "password": builders.PASSWORD})
    ada.post("/accounts/reauthenticate/", {"password": builders.PASSWORD})
    ada.get(answer_to(question(ada, process="connect")))
    assert SocialAccount.objects.get().user == people.otto


def test_the_last_way_in_stays(provider: IdentityProvider):
    client = Client()
    client.get(answer_to(question(client)), headers=CHINESE)
    answer = client.post(
        "/accounts/connections/", {"account": SocialAccount.objects.get().pk}, headers=CHINESE
    )
    assert SocialAccount.objects.exists()
    assert "密码" in answer.content.decode()


def trust(provider: IdentityProvider, people: Cast, *, said: Any, confirmed: bool) -> Client:
    EmailAddress.objects.create(user=people.ada, email=people.ada.email, primary=True, verified=confirmed)
    provider.person |= {"email": people.ada.email, "email_verified": said}
    client = Client()
    pass_through(client)
    return client


def test_a_trusted_provider_opens_the_account_whose_address_both_verified(
    trusted: IdentityProvider, people: Cast
):
    client = trust(trusted, people, said=True, confirmed=True)
    assert client.get("/account/").context["user"] == people.ada
    assert User.objects.get(pk=people.ada.pk).has_usable_password()
    assert SocialAccount.objects.get().user == people.ada


@pytest.mark.parametrize(
    ("said", "confirmed"),
    [(False, True), ("false", True), (None, True), ("yes", True), (True, False)],
    ids=["unverified", "the word false", "unsaid", "another word", "unconfirmed here"],
)
def test_even_a_trusted_provider_opens_no_account_by_an_unverified_address(
    trusted: IdentityProvider,
    people: Cast,
    said: Any,
    confirmed: bool,
):
    assert not is_signed_in(trust(trusted, people, said=said, confirmed=confirmed))
    assert not SocialAccount.objects.exists()


def test_the_second_step_holds_there_too(trusted: IdentityProvider, people: Cast):
    _client, secret = switched_on(people.ada)
    EmailAddress.objects.filter(user=people.ada).delete()
    client = trust(trusted, people, said=True, confirmed=True)
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(client)


def test_without_an_address_one_is_asked_for(provider: IdentityProvider):
    for name in ("email", "email_verified"):
        del provider.person[name]
    client = Client()
    page = client.get(answer_to(question(client)), follow=True, headers=CHINESE)
    assert "还差一项" in page.content.decode()
    client.post("/accounts/connections/signup/", {"email": "typed@example.net"})
    assert is_signed_in(client)
    assert not EmailAddress.objects.get(email="typed@example.net").verified


# --- where it is offered ---


def test_it_is_offered_where_it_is_configured(provider: IdentityProvider, people: Cast, ada: Client):
    page = Client().get("/accounts/login/?next=/me/", headers=CHINESE).content.decode()
    assert "或使用以下方式登录" in page
    assert f'action="{START}"' in page
    assert '<input type="hidden" name="next" value="/me/">' in page
    assert "Lovelace ID" in ada.get("/account/").content.decode()
    assert "Lovelace ID" in Client().get(START, headers=CHINESE).content.decode(), "a bookmarked way in"


def test_it_is_not_where_it_is_not(ada: Client):
    assert "Or sign in with" not in Client().get("/accounts/login/", headers=ENGLISH).content.decode()
    assert "Connected sign-ins" not in ada.get("/account/", headers=ENGLISH).content.decode()
    assert Client().post(START).status_code == 404


def test_the_policy_lets_a_form_lead_to_the_provider(tmp_path: Any):
    code = (
        "import django, sys; django.setup(); from django.conf import settings;"
        "print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'],"
        " [one for one in ('requests', 'fido2', 'qrcode') if one in sys.modules])"
    )
    known = variables("https://id.example/realm/", GROUNDWORK_OIDC_COMPANY_ORIGINS="https://login.example")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            **known,
            "GROUNDWORK_VAR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "groundwork.settings",
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "https://id.example'" in done.stdout
    assert "https://login.example'" in done.stdout
    assert done.stdout.rstrip().endswith("[]"), "no process starts with what few requests need"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"GROUNDWORK_OIDC": "Company ID"}, "short name"),
        ({"GROUNDWORK_OIDC_COMPANY_ISSUER": ""}, "ISSUER is needed"),
        ({"GROUNDWORK_OIDC_COMPANY_ISSUER": "http://id.example"}, "https"),
        ({"GROUNDWORK_OIDC_COMPANY_CLIENT_SECRET": " "}, "CLIENT_SECRET is needed"),
    ],
    ids=["name", "issuer", "http", "secret"],
)
def test_a_half_configured_provider_stops_the_start(wrong: dict[str, str], words: str):
    with pytest.raises(ImproperlyConfigured, match=words):
        identity.providers({**variables("https://id.example"), **wrong})
