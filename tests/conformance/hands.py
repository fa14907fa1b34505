"""Two ways to use a page: a mouse, and a keyboard whose focus must be seen at every stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_STOPS = 900
LOOKS, PAUSE = 5, 100
"""How often it is looked again where the focus is, and the milliseconds between."""

# Where the focus is: on what was looked for, drawn, and not hidden behind something (WCAG 2.4.7 and 2.4.11).
STOP = """wanted => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const points = [[.5, .5], [.02, .5], [.98, .5], [.5, .1], [.5, .9]].map(
    ([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
  return {
    there: one === wanted,
    name: one.outerHTML.slice(0, 120),
    drawn: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: points.some(at => at && (one.contains(at) || at.contains(one) && at.tagName === "LABEL")),
    over: `${points.map(at => at && at.outerHTML.slice(0, 60))} at ${box.top} of ${innerHeight}`,
  };
}"""


class Hands(Protocol):
    """What a person does to the first element that a selector names."""

    def press(self, page: Page, selector: str) -> None:
        """A link, a button or a summary."""

    def write(self, page: Page, selector: str, text: str) -> None:
        """Replace what stands in a field."""


class Mouse:
    def press(self, page: Page, selector: str) -> None:
        page.locator(selector).first.click()

    def write(self, page: Page, selector: str, text: str) -> None:
        page.locator(selector).first.fill(text)


class Keyboard:
    """Tab, Enter, and what one types; never a mouse."""

    def press(self, page: Page, selector: str) -> None:
        self._go_to(page, selector)
        page.keyboard.press("Enter")

    def write(self, page: Page, selector: str, text: str) -> None:
        self._go_to(page, selector)
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(text)

    def _go_to(self, page: Page, selector: str) -> None:
        wanted = page.locator(selector).first.element_handle()
        for _stop in range(MOST_STOPS):
            page.keyboard.press("Tab")
            stop = _look(page, wanted)
            # Between the last element and the first the focus is on the window's own.
            if stop["name"].startswith("<body"):
                continue
            assert stop["drawn"], f"the focus cannot be seen on {stop['name']} at {page.url}"
            assert stop["seen"], f"the focus is hidden behind {stop['over']} on {stop['name']} at {page.url}"
            if stop["there"]:
                return
        raise AssertionError(f"the keyboard does not reach {selector} at {page.url}")


def _look(page: Page, wanted: object) -> dict[str, Any]:
    """Where the focus is, once the page has moved to it and what came into view with it has its place."""
    stop: dict[str, Any] = page.evaluate(STOP, wanted)
    for _again in range(LOOKS):
        if stop["seen"]:
            break
        page.wait_for_timeout(PAUSE)
        stop = page.evaluate(STOP, wanted)
    return stop
