"""From an exported CV to a path, stopping on the way: with scripts and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, expect

from tests.apps.learners import exports
from tests.journeys.conftest import does_not_scroll_sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import OpenPage

pytestmark = pytest.mark.usefixtures("catalogue")


def upload(page: Page, kind: str) -> None:
    name, data = exports.EVERY_FORMAT[kind]
    page.goto("/")
    payload = FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
    page.set_input_files("input[type=file]", [payload])
    page.locator("form[action='/cv/'] button").click()
    page.wait_for_url("**/skills/")


def test_an_export_becomes_skills_whose_levels_are_kept_while_one_fills_them_in(open_page: OpenPage):
    page = open_page()
    upload(page, "linkedin")
    expect(page.get_by_role("heading", name="From your work")).to_be_visible()
    level = page.get_by_label("Level in Python")
    level.focus()
    page.keyboard.press("1")
    expect(level).to_have_value("1")
    page.keyboard.press("Tab")
    expect(page.locator("#kept")).to_contain_text("Nothing is confirmed yet")
    page.goto("/about/")
    page.goto("/")
    page.get_by_role("link", name="Go on where you stopped").click()
    expect(page.get_by_label("Level in Python")).to_have_value("1")
    page.get_by_role("button", name="Confirm and see my roles").click()
    page.wait_for_url("**/roles/")


def test_without_scripts_nothing_is_lost_either_and_the_offer_is_a_link(open_page: OpenPage):
    page = open_page(java_script_enabled=False, width=320)
    upload(page, "europass-pdf")
    page.get_by_label("Level in Kubernetes").select_option("4")
    page.get_by_role("button", name="Keep for later").click()
    expect(page.get_by_label("Level in Kubernetes")).to_have_value("4")
    page.get_by_role("button", name="Confirm and see my roles").click()
    page.wait_for_url("**/roles/")
    page.goto("/skills/")
    page.get_by_role("link", name="Which short assessment could make the path shorter?").click()
    expect(page.get_by_role("heading", name="Assessments worth taking")).to_be_visible()
    assert does_not_scroll_sideways(page)
