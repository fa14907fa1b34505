"""Signing in as people do, in a browser without scripts and under the policy that every page is sent with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from groundwork import identity
from tests import builders, identity_provider
from tests.identity_provider import ANA
from tests.interfaces.web.test_identity_providers import variables
from tests.interfaces.web.test_two_factor import code_of
from tests.journeys.conftest import does_not_scroll_sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)


def complaints_of(page: Page) -> list[str]:
    """What the browser refuses to do for a page, filled as it goes; its advice is left out."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    return found


def sign_in(page: Page, address: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", address)
    page.fill("[name=password]", builders.PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def test_two_steps_on_a_phone_in_chinese_without_scripts(open_page: OpenPage):
    builders.make_user("ada@example.com", name="Ada")
    page = open_page(locale="zh-CN", width=320, java_script_enabled=False)
    complaints = complaints_of(page)
    sign_in(page, "ada@example.com")
    page.goto("/accounts/2fa/totp/activate/")
    page.fill("[name=password]", builders.PASSWORD)
    page.locator("main button").first.click()
    picture = page.locator("img.qr")
    assert picture.evaluate("image => image.naturalWidth") > 100
    assert picture.bounding_box()["width"] <= 288  # type: ignore[index]  # it is on the page
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page.content())
    assert found is not None
    page.fill("[name=code]", code_of(found[1]))
    page.get_by_role("button", name="开启").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    for address in ("/account/", "/account/sessions/", "/accounts/2fa/", "/accounts/email/"):
        page.goto(address)
        assert does_not_scroll_sideways(page), address
    phone = open_page(locale="zh-CN", width=320, java_script_enabled=False)
    sign_in(phone, "ada@example.com")
    phone.fill("[name=code]", recovery)
    phone.get_by_role("button", name="登录").click()
    phone.wait_for_url(lambda url: "/accounts/" not in url)
    phone.goto("/account/sessions/")
    expect(phone.get_by_text("本设备")).to_have_count(1)
    phone.get_by_role("button", name="退出其他所有设备").click()
    expect(phone.locator("ul.messages li")).to_be_visible()
    page.goto("/account/")
    assert "/accounts/login/" in page.url
    assert not complaints


def test_the_companys_sign_in_is_let_through_by_the_policy(open_page: OpenPage, settings: Any):
    with identity_provider.serving() as provider:
        settings.IDENTITY_PROVIDERS = identity.providers(variables(provider.address))
        settings.SOCIALACCOUNT_PROVIDERS = identity.as_allauth(settings.IDENTITY_PROVIDERS)
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        allowed = [*directives["form-action"], *settings.IDENTITY_PROVIDERS[0].form_origins]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "form-action": allowed}}
        page = open_page(java_script_enabled=False)
        complaints = complaints_of(page)
        page.goto("/accounts/login/?next=/account/")
        page.get_by_role("button", name="Lovelace ID").click()
        page.wait_for_url("**/account/")
        assert str(ANA["email"]) in page.content()
        assert not complaints
