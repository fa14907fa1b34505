"""Credentials in a browser: issued and verified without JavaScript, and at 320 px."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from groundwork.learners import recording
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from tests import builders, cast
from tests.journeys.conftest import does_not_scroll_sideways, sign_in

if TYPE_CHECKING:
    from tests.conftest import OpenPage


@pytest.fixture
def people(transactional_db: None) -> cast.Cast:  # the live server reads what is committed
    people = cast.gather()
    builders.make_skill("kernel-tuning", name_en="Kernel tuning", name_zh="内核调优")
    observed = Observation(
        skill="kernel-tuning",
        level=4,
        kind=Evidence.Kind.CERTIFICATE,
        evidenced_on=timezone.localdate() - timedelta(days=9),
    )
    recording.record_evidence(
        actor=people.actor(people.hana), learner=people.ada_learner, observations=[observed]
    )
    return people


@pytest.mark.parametrize(
    ("locale", "issue", "valid", "revoke", "revoked"),
    [("en-GB", "Issue", "Valid", "Revoke", "Revoked"), ("zh-CN", "签发", "有效", "撤销", "已撤销")],
)
def test_issued_verified_and_revoked_on_a_phone_without_javascript(
    open_page: OpenPage,
    people: cast.Cast,
    locale: str,
    issue: str,
    valid: str,
    revoke: str,
    revoked: str,
):
    phone = {"width": 320, "height": 640, "locale": locale}
    ada = open_page(**phone)
    sign_in(ada, people.ada.email)
    ada.goto("/me/credentials/")
    assert does_not_scroll_sideways(ada)
    ada.get_by_role("checkbox").check()
    ada.get_by_role("button", name=issue).click()
    ada.wait_for_url("**/credentials/*-*/")
    address = ada.url

    anybody = open_page(**phone, java_script_enabled=False)
    anybody.goto(address)
    expect(anybody.locator(".badge")).to_have_text(valid)
    expect(anybody.get_by_text("Ada Ahlgren")).to_be_visible()
    anybody.goto("/credentials/")
    anybody.get_by_role("textbox").fill(address)
    anybody.locator("main form button").click()
    expect(anybody.locator(".badge")).to_have_text(valid)

    for page in ("/credentials/", address, "/me/credentials/"):
        ada.goto(page)
        ada.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert does_not_scroll_sideways(ada), page
    ada.get_by_role("button", name=revoke).click()
    expect(ada.get_by_role("button", name=revoke)).to_have_count(0)
    anybody.goto(address)
    expect(anybody.locator(".badge")).to_have_text(revoked)
