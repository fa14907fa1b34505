"""States of pages that an address alone does not show: errors, results, what stands there after a click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests import builders
from tests.conformance.site import ROOT, Site
from tests.isolation.world import badge_text

if TYPE_CHECKING:
    from playwright.sync_api import Page

Reach = Callable[["Page", Site], object]
ROLE = "llm-inference-systems-engineer"
PATH = f"/roles/{ROLE}/path/"
CV = (ROOT / "fixtures" / "texts" / "cv" / "wei-java.txt").read_text(encoding="utf-8")

# As a browser without checks of its own would send it.
SEND = """([action, values]) => {
  const form = [...document.forms].find(one => (one.getAttribute("action") || location.pathname) === action);
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  form.noValidate = true;
  form.requestSubmit();
}"""
WITHOUT_TOKEN = """() => {
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(one => one.remove());
  document.forms[0].querySelector("button").click();
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Who, and how the state is reached from an empty page."""

    persona: str
    reach: Reach


def at(path: str, *, persona: str = "visitor") -> State:
    return State(persona=persona, reach=lambda page, _site: page.goto(path))


def sent(start: str, *, to: str = "", persona: str = "visitor", **values: str) -> State:
    """The form that goes `to`, on the page `start`, with these values."""
    return State(persona=persona, reach=lambda page, _site: send(page, start, to=to or start, **values))


def place(name: str, *, persona: str = "visitor") -> State:
    return State(persona=persona, reach=lambda page, site: page.goto(site.places[name]))


def send(page: Page, start: str, *, to: str, **values: str) -> None:
    page.goto(start)
    with page.expect_navigation():
        page.evaluate(SEND, [to, values])


def _choose(theme: str) -> State:
    def reach(page: Page, _site: Site) -> None:
        send(page, "/", to="/theme/")
        page.context.add_cookies([{"name": "groundwork_theme", "value": theme, "url": page.url}])
        page.goto("/")

    return State(persona="visitor", reach=reach)


def _without_token(page: Page, _site: Site) -> None:
    page.goto("/")
    with page.expect_navigation():
        page.evaluate(WITHOUT_TOKEN)


def _wrong_file(page: Page, _site: Site) -> None:
    page.goto("/")
    page.set_input_files("input[type=file]", {"name": "cv.exe", "mimeType": "text/plain", "buffer": b"MZ"})
    page.locator("form[action='/cv/'] button").click()
    page.wait_for_url("**/cv/")


def _nothing_ticked(page: Page, _site: Site) -> None:
    send(page, "/", to="/cv/", text=CV)
    page.locator("input[name=skill]").evaluate_all("all => all.forEach(one => { one.checked = false })")
    with page.expect_navigation():
        page.locator("form[action='/skills/save/'] .actions button:not([name])").click()


def _key_made(page: Page, _site: Site) -> None:
    page.goto("/organisation/keys/")
    page.fill("input[name=name]", "Key of the audit")
    page.locator("input[name=scopes]").first.check()
    with page.expect_navigation():
        page.locator("form[action='/organisation/keys/add/'] button").click()


def _tampered(page: Page, site: Site) -> None:
    token = site.places["token"]
    send(
        page,
        "/credentials/",
        to="/credentials/",
        text=token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:],
    )


def _genuine(page: Page, site: Site) -> None:
    send(page, "/credentials/", to="/credentials/", text=site.places["token"])


STATES: dict[str, State] = {
    "no such page": at("/nowhere/"),
    "no such page, signed in": at("/me/plans/00000000-0000-0000-0000-000000000000/", persona="learner"),
    "a form without its token": State(persona="visitor", reach=_without_token),
    "dark by choice": _choose("dark"),
    "light by choice": _choose("light"),
    "an empty CV": sent("/", to="/cv/"),
    "a CV in a file that is none": State(persona="visitor", reach=_wrong_file),
    "skills found in a CV": sent("/", to="/cv/", text=CV),
    "a CV without skills": sent("/", to="/cv/", text="I like walks."),
    "nothing ticked": State(persona="visitor", reach=_nothing_ticked),
    "a skill nobody knows": sent("/skills/", to="/skills/save/", add="Basket weaving", persona="guest"),
    "roles searched for": at("/roles/?q=compiler", persona="guest"),
    "no role found": at("/roles/?q=zzzz", persona="guest"),
    "roles in one list": at("/roles/?view=list&order=name&page=2", persona="guest"),
    "a layer without roles": at("/roles/?layer=application", persona="guest"),
    "courses searched for": at("/courses/?q=xinpian&order=hours", persona="guest"),
    "no course found": at("/courses/?q=nothing+at+all", persona="guest"),
    "two roles combined": at(f"/roles/combine/?roles={ROLE}&roles=ai-compiler-engineer", persona="guest"),
    "a role combined with itself": at(f"/roles/combine/?roles={ROLE}&roles={ROLE}", persona="guest"),
    "two roles compared": at(f"/roles/compare/?role={ROLE}&role=ai-compiler-engineer", persona="guest"),
    "a role compared with nothing": at(f"/roles/compare/?role={ROLE}", persona="guest"),
    "a path with other hours": at(f"{PATH}?hours=20", persona="guest"),
    "a path with preferences": at(f"{PATH}?hours=8&strategic=3&demanded=3&ties=on", persona="guest"),
    "hours below zero": at(f"{PATH}?hours=-1", persona="guest"),
    "a day that is over": at(f"{PATH}?hours=8&deadline=2020-01-01", persona="guest"),
    "a day that is near": at(f"{PATH}?hours=4&deadline=2027-01-15", persona="guest"),
    "no money, one language": at(f"{PATH}?hours=8&languages=zh&max_price=0", persona="guest"),
    "nothing but practice": at(f"{PATH}?hours=8&practice=100", persona="guest"),
    "signing in with the wrong words": sent("/accounts/login/", login="nobody@example.net", password="wrong"),
    "a second factor asked for": sent(
        "/accounts/login/", login="ada@example.com", password=builders.PASSWORD
    ),
    "signing in with nothing": sent("/accounts/login/"),
    "signing up with a weak password": sent(
        "/accounts/signup/", email="weak@example.net", password1="12345", password2="54321"
    ),
    "a new password asked for": sent("/accounts/password/reset/", email="nia@example.net"),
    "a new password for nobody": sent("/accounts/password/reset/", email="no address"),
    "a password changed to nothing": sent("/accounts/password/change/", persona="learner"),
    "hours saved": sent("/me/", to="/me/hours/", hours="9", persona="learner"),
    "hours refused": sent("/me/", to="/me/hours/", hours="99", persona="learner"),
    "a small plan": place("small_plan", persona="learner"),
    "a badge looked at": sent("/me/badges/", to="/me/badges/read/", text=badge_text(), persona="learner"),
    "a badge refused": sent("/me/badges/", to="/me/badges/read/", text="no badge", persona="learner"),
    "a skill without evidence": at("/me/skills/cuda/", persona="newcomer"),
    "a level on a day to come": sent(
        "/me/skills/python/", to="/me/skills/python/say/", level="2", on="2999-01-01", persona="learner"
    ),
    "a question": place("sitting", persona="learner"),
    "an invitation": place("join", persona="newcomer"),
    "an invitation, signed out": place("join"),
    "an invitation that never was": at("/join/guessed/", persona="newcomer"),
    "a revoked credential": place("revoked"),
    "a genuine credential": State(persona="visitor", reach=_genuine),
    "a tampered credential": State(persona="visitor", reach=_tampered),
    "a credential that is none": sent("/credentials/", text="hello"),
    "an organisation without a name": sent("/organisation/new/", persona="newcomer"),
    "nobody assigned": sent("/organisation/", to="/organisation/assignments/", persona="administrator"),
    "an invitation to no address": sent(
        "/organisation/", to="/organisation/invitations/", email="nowhere", persona="administrator"
    ),
    "a person without a name": sent(
        "/organisation/", to="/organisation/people/add/", persona="administrator"
    ),
    "a team without a name": sent("/organisation/", to="/organisation/teams/", persona="administrator"),
    "a key without scopes": sent(
        "/organisation/keys/", to="/organisation/keys/add/", persona="administrator"
    ),
    "a key just made": State(persona="administrator", reach=_key_made),
    "half-lives of nothing": sent("/organisation/half-lives/", disuse_tool="0", persona="administrator"),
}
