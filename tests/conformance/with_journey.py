"""From a CV to a verified credential: in English, in Chinese, without JavaScript, by keyboard alone."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.conformance.hands import Hands, Keyboard, Mouse
from tests.conformance.site import ROOT, Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conformance.conftest import OpenWindow

VERIFY = ROOT / "var" / "conformance" / "verify.mjs"
MOUSE = Mouse()
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """Who goes how; the role is near to what the CV says."""

    cv: str = "elena-hpc"
    role: str = "ai-performance-hpc-engineer"
    language: str = "en"
    hands: Hands = MOUSE
    javascript: bool = True


TRAVELLERS = {
    "in English": Traveller(),
    "in Chinese": Traveller(cv="wei-java", role="ai-data-engineer", language="zh-hans"),
    "without JavaScript": Traveller(javascript=False),
    "by keyboard alone": Traveller(hands=Keyboard()),
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", TRAVELLERS)
def test_from_a_cv_to_a_verified_credential(site: Site, window: OpenWindow, name: str):
    traveller = TRAVELLERS[name]
    options = {"language": traveller.language, "java_script_enabled": traveller.javascript}
    with window(**options) as page, window(**options) as stranger:
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        _tell_skills(page, traveller)
        _choose_a_role(page, traveller)
        _ask_what_if(page, traveller)
        _sign_up_and_keep(page, traveller)
        _do_the_first_course(page, traveller)
        _plan_again_and_do_the_rest(page, traveller)
        address = _take_the_credential(page, traveller)
        _verify(stranger, traveller, site=site, address=address)
        assert not complaints


def _is_read(page: Page, traveller: Traveller) -> None:
    """In the traveller's language, heading and all."""
    language = page.locator("html").get_attribute("lang")
    assert language == ("zh-Hans" if traveller.language == "zh-hans" else "en")
    if traveller.language == "zh-hans":
        assert CHINESE.search(page.locator("h1").first.inner_text()), page.url


def _tell_skills(page: Page, traveller: Traveller) -> None:
    cv = (ROOT / "fixtures" / "texts" / "cv" / f"{traveller.cv}.txt").read_text(encoding="utf-8")
    page.goto("/")
    _is_read(page, traveller)
    traveller.hands.write(page, "textarea[name=text]", cv)
    traveller.hands.press(page, "form[action='/cv/'] button")
    page.wait_for_url("**/skills/")
    _is_read(page, traveller)
    assert page.locator("mark").count() > 5
    traveller.hands.press(page, "form[action='/skills/save/'] .actions button:not([name])")
    page.wait_for_url("**/roles/")


def _choose_a_role(page: Page, traveller: Traveller) -> None:
    _is_read(page, traveller)
    if traveller.javascript:
        page.locator("#roles[aria-busy]").wait_for(state="detached", timeout=120_000)
    traveller.hands.press(page, f"#roles a[href='/roles/{traveller.role}/']")
    page.wait_for_url(f"**/roles/{traveller.role}/")
    _is_read(page, traveller)
    traveller.hands.press(page, "main a.button[href$='/path/']")
    page.wait_for_url("**/path/")
    _is_read(page, traveller)
    assert page.locator("ol.steps > li").count() > 0


def _ask_what_if(page: Page, traveller: Traveller) -> None:
    """More hours, then a reason why the first course is not for them; both taken back."""
    before = page.locator("ol.steps h3").all_inner_texts()
    traveller.hands.write(page, "input[name=hours]", "16")
    traveller.hands.press(page, "form[aria-label] p.actions button")
    page.wait_for_url(re.compile(r"hours=16"))
    assert page.locator("section.panel dl.facts").count() > 0, "the difference is shown"
    traveller.hands.press(page, "ol.steps details:has(form[action*='/path/refuse/']) > summary")
    traveller.hands.press(page, "ol.steps form[action*='/path/refuse/'] button")
    page.wait_for_url(re.compile(r"(refused|drop|without)=[^&]"))
    _take_the_refusal_back(page, traveller)
    traveller.hands.press(page, "ul.chips a")
    page.wait_for_url(re.compile(r"^(?!.*hours=16)"))
    assert page.locator("ol.steps h3").all_inner_texts() == before


def _take_the_refusal_back(page: Page, traveller: Traveller) -> None:
    """By the button beside it; where every route takes the course it was only looked at, as a wish."""
    if "refused=" not in page.url:
        traveller.hands.press(page, "ul.chips li:nth-child(2) a")
        page.wait_for_url(re.compile(r"^(?!.*without=)"))
        return
    expect(page.locator("#not-for-me")).to_be_visible()
    traveller.hands.press(page, "ul.chips form[action*='/path/take-back/'] button")
    page.wait_for_url(re.compile(r"^(?!.*refused=)"))
    expect(page.locator("ul.chips form")).to_have_count(0)


def _sign_up_and_keep(page: Page, traveller: Traveller) -> None:
    hands = traveller.hands
    hands.press(page, "a.button[href^='/accounts/signup/']")
    page.wait_for_url("**/accounts/signup/**")
    _is_read(page, traveller)
    words = secrets.token_urlsafe(12)
    hands.write(page, "input[name=email]", f"traveller-{secrets.token_hex(6)}@example.net")
    hands.write(page, "input[name=password1]", words)
    hands.write(page, "input[name=password2]", words)
    hands.press(page, "main form button")
    page.wait_for_url("**/path/**")
    hands.press(page, "form[action='/skills/keep/'] button")
    page.wait_for_selector("ul.messages li")
    hands.press(page, "form[action*='/keep/'] button.button:not(.small)")
    page.wait_for_url("**/me/plans/*/")
    _is_read(page, traveller)


def _do_the_first_course(page: Page, traveller: Traveller) -> None:
    plan = page.url
    traveller.hands.press(page, "button[formaction$='/start/']")
    page.wait_for_selector("button[formaction$='/undo/']")
    _complete(page, traveller)
    page.goto("/me/history/")
    _is_read(page, traveller)
    assert page.locator("main tbody tr, main li").count() > 0
    page.goto(plan)


def _complete(page: Page, traveller: Traveller) -> None:
    done = page.locator("ol.steps > li.done").count()
    traveller.hands.press(page, "form[action$='/complete/'] button")
    expect(page.locator("ol.steps > li.done")).to_have_count(done + 1)


def _plan_again_and_do_the_rest(page: Page, traveller: Traveller) -> None:
    before = page.url.split("#")[0]
    traveller.hands.press(page, "main form[action$='/renew/'] button")
    page.wait_for_url(lambda url: "/me/plans/" in url and not url.startswith(before))
    assert page.locator("ol.steps > li.done").count() == 0, "what is finished is not planned again"
    while page.locator("form[action$='/complete/']").count():
        _complete(page, traveller)


def _take_the_credential(page: Page, traveller: Traveller) -> str:
    traveller.hands.press(page, "main a[href='/me/credentials/']")
    page.wait_for_url("**/me/credentials/")
    _is_read(page, traveller)
    traveller.hands.press(page, "form[action='/me/credentials/issue/'] button")
    page.wait_for_url("**/credentials/*-*/")
    return page.url


def _verify(page: Page, traveller: Traveller, *, site: Site, address: str) -> None:
    """A stranger on our page, and another implementation on what is downloaded."""
    page.goto("/credentials/")
    _is_read(page, traveller)
    traveller.hands.write(page, "textarea, input[name=text]", address)
    traveller.hands.press(page, "main form button")
    page.wait_for_selector("main .badge.good")
    token = site.get(f"{address.removeprefix(site.url).rstrip('/')}.jwt").body.decode()
    done = subprocess.run(
        ["node", str(VERIFY), site.url], input=token, capture_output=True, text=True, timeout=120
    )
    said: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode, said["id"], said["revoked"]) == (0, address, False)
