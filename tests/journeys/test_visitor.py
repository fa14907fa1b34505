"""From a CV to a path in a real browser: with the mouse, with the keyboard alone, and on a narrow screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.journeys.conftest import ROLE, does_not_scroll_sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import OpenPage

pytestmark = pytest.mark.usefixtures("catalogue")

WORDS = {
    "en-GB": {
        "find": "Find my skills",
        "found": "Found",
        "confirm": "Confirm and see my roles",
        "roles": "Roles within reach",
        "path": "Show my path",
        "proof": "Proven best.",
    },
    "zh-CN": {
        "find": "查找我的技能",
        "found": "已找到",
        "confirm": "确认并查看岗位",
        "roles": "可达岗位",
        "path": "查看我的路径",
        "proof": "已证明最优。",
    },
}
CVS = {"en-GB": "elena-hpc", "zh-CN": "wei-java"}


def cv(locale: str) -> str:
    return (settings.FIXTURES / "texts" / "cv" / f"{CVS[locale]}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_visitor_walks_from_a_cv_to_a_path(open_page: OpenPage, locale: str):
    words, page, complaints = WORDS[locale], open_page(locale=locale), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/")
    page.fill("textarea", cv(locale))
    page.get_by_role("button", name=words["find"]).click()
    page.wait_for_url("**/skills/")
    expect(page.get_by_role("heading", name=words["found"])).to_be_visible()
    assert page.locator("mark").count() > 5
    page.get_by_role("button", name=words["confirm"]).click()
    page.wait_for_url("**/roles/")
    expect(page.get_by_role("heading", name=words["roles"])).to_be_visible()
    page.wait_for_selector("#roles:not([aria-busy])", timeout=120_000)
    assert page.locator("#roles article").count() == 29
    hours = page.locator("#roles .hours").all_inner_texts()
    assert int(hours[0].split()[-1]) > 0
    page.locator(f'#roles article a[href="/roles/{ROLE}/"]').click()
    page.get_by_role("link", name=words["path"]).click()
    page.wait_for_url("**/path/")
    expect(page.get_by_text(words["proof"])).to_be_visible()
    assert page.locator("ol.steps > li").count() > 3
    assert page.locator("figure.timeline rect").count() == page.locator("ol.steps > li").count()
    assert complaints == []


def test_the_journey_needs_no_mouse(open_page: OpenPage):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('skip')"), "the skip link comes first"
    page.keyboard.press("Enter")
    _tab_to(page, "textarea")
    page.keyboard.insert_text("Skills: Python, 5 years of C++ and Linux, SQL, machine learning")
    _tab_to(page, "form[action='/cv/'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/skills/")
    _tab_to(page, "input[name=skill]")
    page.keyboard.press("Space")
    assert not page.locator("input[name=skill]").first.is_checked()
    page.keyboard.press("Space")
    _tab_to(page, ".actions .button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/roles/")
    _tab_to(page, "#roles article a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/roles/*/")
    _tab_to(page, "a.button[href$='/path/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/path/")
    assert page.locator("ol.steps > li").count() > 0


def test_ticks_on_the_map_outlive_the_exact_hours_and_lead_to_the_comparison(open_page: OpenPage):
    page = open_page()
    page.goto("/")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.locator("form[action='/examples/wei-java/'] button").click()
    page.wait_for_url("**/skills/")
    page.locator("form[action='/skills/save/'] .actions .button").first.click()
    page.wait_for_url("**/roles/")
    page.focus("#tick-ai-compiler-engineer")
    page.keyboard.press("Space")
    page.wait_for_selector("#roles:not([aria-busy])", timeout=120_000)
    expect(page.locator("#tick-ai-compiler-engineer")).to_be_checked()
    page.focus("#tick-mlops-engineer")
    page.keyboard.press("Space")
    page.locator("button[form=compare-ticked]").first.press("Enter")
    page.wait_for_url("**/roles/compare/?role=ai-compiler-engineer&role=mlops-engineer")
    assert page.locator("main table").count() > 0


def test_a_search_by_pinyin_needs_no_mouse_and_no_script(open_page: OpenPage):
    page = open_page(locale="zh-CN", java_script_enabled=False)
    page.goto("/roles/")
    page.focus("main input[name=q]")
    page.keyboard.type("xinpian")
    page.keyboard.press("Enter")
    page.wait_for_url("**/roles/?q=xinpian*")
    assert page.locator("#roles article").count() >= 2
    expect(page.locator("#roles article").first).to_contain_text("芯片")
    page.goto("/courses/")
    page.focus("main input[name=q]")
    page.keyboard.type("shenduxuexi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/?q=shenduxuexi*")
    expect(page.locator("table.catalogue th a").first).to_contain_text("深度学习")
    page.locator("a[rel=next]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**page=2")
    assert page.locator("table.catalogue tbody tr").count() > 0


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what `selector` names, and check that it can be seen there."""
    for _press in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            box = page.evaluate(
                "(() => { const b = document.activeElement.getBoundingClientRect();"
                " return [b.top, b.bottom, innerHeight] })()"
            )
            assert box[0] < box[2]
            assert box[1] > 0, "the focus is on the screen"
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_no_page_scrolls_sideways_at_320_pixels(open_page: OpenPage, locale: str):
    page = open_page(width=320, height=640, locale=locale)
    page.goto("/")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert does_not_scroll_sideways(page)
    page.locator("form[action='/examples/wei-java/'] button").click()
    page.wait_for_url("**/skills/")
    addresses = [
        "/skills/",
        "/about/",
        "/roles/",
        "/roles/?view=list",
        "/roles/?q=xinpian",
        "/courses/",
        "/courses/?q=nothing+at+all",
        "/courses/crs-307/",
        f"/roles/{ROLE}/",
        f"/roles/{ROLE}/path/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/nowhere/",
        f"/roles/{ROLE}/path/?hours=-1",
        f"/roles/{ROLE}/path/?languages=zh&max_price=0",
    ]
    page.locator("form[action='/skills/save/'] .actions .button").first.click()
    page.wait_for_url("**/roles/")
    for address in (
        *addresses,
        f"/roles/{ROLE}/path/?hours=-1",
        f"/roles/{ROLE}/path/?languages=zh&max_price=0",
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert does_not_scroll_sideways(page), address
