"""What axe-core says of an open page: wide and narrow, light and dark, in forced colours, all opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.conformance import site as sites

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

OPEN_ALL = """() => {
  document.querySelectorAll("details").forEach(one => { one.open = true });
}"""
ASK = """tags => axe.run(document, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false
})"""
DIALOGS = "[...document.querySelectorAll('dialog')].length"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One way to look at a page."""

    width: int
    scheme: str
    forced: bool = False

    def __str__(self) -> str:
        return f"{self.width} px, {self.scheme}{', forced colours' if self.forced else ''}"


LIGHT = View(width=1280, scheme="light")
DARK = View(width=320, scheme="dark")
# Each width with each scheme, and each language with each of both.
IN_ENGLISH = (LIGHT, DARK, View(width=320, scheme="light", forced=True))
IN_CHINESE = (View(width=320, scheme="light"), View(width=1280, scheme="dark"))


def of_variant(number: int) -> dict[str, Sequence[View]]:
    """How the first variant of a page is looked at, and how the further ones, by language."""
    if number == 0:
        return {"en": IN_ENGLISH, "zh-hans": IN_CHINESE}
    return {"en": [LIGHT]} if number % 2 else {"zh-hans": [DARK]}


@cache
def _axe() -> str:
    return (sites.TOOLS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def settle(page: Page) -> None:
    """Wait for what the page loads after itself."""
    if page.locator("[data-hx-trigger], [aria-busy]").count():
        page.wait_for_load_state("networkidle")
        page.locator("[aria-busy=true]").first.wait_for(state="detached", timeout=120_000)


def complaints(page: Page, *, views: Sequence[View]) -> Iterator[str]:
    """One line for each element that breaks a rule, and for each view in which the page scrolls sideways."""
    settle(page)
    page.evaluate(_axe())
    page.evaluate(OPEN_ALL)
    for view in views:
        _look(page, view)
        yield from _broken(page, view)
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            yield f"[{view}] the page scrolls sideways"
        for number in range(page.evaluate(DIALOGS)):
            page.evaluate("n => document.querySelectorAll('dialog')[n].showModal()", number)
            yield from (f"dialog {number}: {line}" for line in _broken(page, view))
            page.evaluate("n => document.querySelectorAll('dialog')[n].close()", number)


def _look(page: Page, view: View) -> None:
    page.set_viewport_size({"width": view.width, "height": 900})
    page.emulate_media(
        color_scheme="dark" if view.scheme == "dark" else "light",
        forced_colors="active" if view.forced else "none",
    )


def _broken(page: Page, view: View) -> Iterator[str]:
    found: dict[str, Any] = page.evaluate(ASK, TAGS)
    for rule in found["violations"]:
        for node in rule["nodes"]:
            why = node["failureSummary"].replace("\n", " ")
            yield f"[{view}] {rule['id']} at {node['target']}: {why} | {node['html'][:160]}"


def documents_of(page: Page) -> list[Response]:
    """The answers that become the page, from now on, the latest last."""
    found: list[Response] = []

    def keep(response: Response) -> None:
        is_document = response.request.is_navigation_request() and response.frame == page.main_frame
        if is_document and response.status not in range(300, 400):
            found.append(response)

    page.on("response", keep)
    return found
