"""Pictures of every page for the guide: both languages, three widths, light and dark. `make screenshots`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conformance import routes, views
from tests.conformance.site import ROOT, Site

if TYPE_CHECKING:
    from tests.conformance.conftest import OpenWindow

FOLDER = ROOT / "docs" / "guide" / "screenshots"
LANGUAGES = {"en": "en", "zh-hans": "zh"}
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
TALLEST = 1600
"""Pixels after which a picture ends: enough to know a page, and small enough to keep."""
COLOURS = 32


@pytest.mark.parametrize("route", routes.OURS)
def test_every_page_has_its_pictures(site: Site, window: OpenWindow, route: str):
    found = routes.pages(site, route)
    if not found:
        return
    # Of several who see it, the last knows most of it; the path that seeding.py walks is the guest's.
    persona = "guest" if "guest" in found else list(found)[-1]
    name = route.replace("web:", "").replace("_", "-")
    for language, short in LANGUAGES.items():
        with window(persona, language=language) as page:
            page.goto(site.routes[route])
            views.settle(page)
            for width in WIDTHS:
                for scheme in SCHEMES:
                    page.set_viewport_size({"width": width, "height": 900})
                    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
                    tall = page.evaluate("document.documentElement.scrollHeight")
                    clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)}
                    picture = page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]  # a plain dict
                    keep(picture, FOLDER / f"{name}-{short}-{width}-{scheme}.webp")


def keep(picture: bytes, path: Path) -> None:
    """Write a picture in few colours, a sixth of the size, unless it is the same as the one there."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    few = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    buffer = io.BytesIO()
    few.convert("RGB").save(buffer, "WEBP", lossless=True, method=6)
    if not path.exists() or path.read_bytes() != buffer.getvalue():
        path.write_bytes(buffer.getvalue())
