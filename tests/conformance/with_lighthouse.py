"""Lighthouse on the pages people meet first: scores, and what crosses the wire."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from scripts import browser
from tests.conformance import site as sites
from tests.conformance.site import Site
from tests.conformance.states import ROLE

CLI = sites.TOOLS / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
PAGES = {"start": ("visitor", "/"), "roles": ("guest", "/roles/"), "path": ("guest", f"/roles/{ROLE}/path/")}
LARGEST_PAGE = 100 * 1024
RUNS = 3
# Now and then the browser records too late for any score, and Lighthouse says so.
TRIES = 3
ASKS_FOR_ANOTHER = "Please run Lighthouse again"

Record = Callable[[str, object], None]


def _look(site: Site, page: str) -> dict[str, Any]:
    persona, path = PAGES[page]
    [session] = [one["value"] for one in site.cookies(persona, language="")] or [""]
    chromium = browser.find()
    assert chromium
    command = [
        *("node", str(CLI), site.url + path, "--quiet", "--output=json"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(['--headless', *browser.FLAGS])}",
        f"--extra-headers={json.dumps({'Cookie': f'groundwork_session={session}'})}",
    ]
    environment = {**os.environ, "CHROME_PATH": chromium}
    for _try in range(TRIES):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)
        if ASKS_FOR_ANOTHER not in done.stderr:
            break
    assert done.returncode == 0, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["finalDisplayedUrl"] == site.url + path
    return report


def _scores(report: dict[str, Any]) -> dict[str, int]:
    return {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}


def _failed(report: dict[str, Any], category: str) -> list[str]:
    ids = [one["id"] for one in report["categories"][category]["auditRefs"] if one["weight"]]
    return [name for name in ids if (report["audits"][name]["score"] or 0) < 1]


def _transferred(report: dict[str, Any]) -> int:
    """Bytes on the wire, without images."""
    requests = report["audits"]["network-requests"]["details"]["items"]
    return sum(one["transferSize"] for one in requests if one["resourceType"] != "Image")


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_quick_small_and_for_all(site: Site, record_property: Record, page: str):
    """The speed is the median of three: a busy machine slows a browser down now and then."""
    reports = [_look(site, page) for _run in range(RUNS)]
    scores = [_scores(report) for report in reports]
    record_property("scores", scores)
    record_property("bytes", _transferred(reports[0]))
    print(f"{page}: {scores}, {_transferred(reports[0])} bytes")
    assert not [_failed(report, "accessibility") for report in reports if _failed(report, "accessibility")]
    assert not [_failed(report, "best-practices") for report in reports if _failed(report, "best-practices")]
    assert {one["accessibility"] for one in scores} == {100}
    assert {one["best-practices"] for one in scores} == {100}
    assert _transferred(reports[0]) <= LARGEST_PAGE
    assert statistics.median(one["performance"] for one in scores) >= 95, scores
