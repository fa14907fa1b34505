"""What every test may ask for: a browser on a live server, a real worker.

The engine's tests run through here without Django too, so nothing of it is imported before a fixture is used.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from scripts import browser as chromium
from scripts import servers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are marked by what they use, and share one browser in one worker of the run."""
    for item in items:
        if "open_page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session", autouse=True)
def _planner_is_warm() -> None:
    """As in a server before people come: a limit in seconds then means planning, not loading."""
    from recommender import planning

    planning.warm()


@pytest.fixture(autouse=True)
def _language_of_the_project() -> None:
    """A request leaves its language behind in the thread; no test reads in that of the one before it."""
    if "django.conf" in sys.modules:
        from django.utils import translation

        translation.deactivate()


# --- a browser ---


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skips the test with one line where there is none."""
    path = chromium.find_or_install()
    if path is None:
        pytest.skip("no Chromium on this machine: install it, or name one with CHROMIUM=/path")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)

    # Playwright's event loop runs in this thread, and Django would refuse to touch the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=path, headless=True, args=chromium.FLAGS)
        yield instance
        instance.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """Opens pages on the live server, each a person of their own: `open_page(locale="zh-CN", width=320)`.

    The options are Playwright's for a browser context; addresses in `page.goto("/roles/")` are the server's.
    """
    contexts = []

    def open_one(*, width: int = 1280, height: int = 900, locale: str = "en-GB", **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale=locale, viewport={"width": width, "height": height}, **options
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One page at 1280 px, in English."""
    return open_page()


# --- a worker ---


@pytest.fixture
def celery_worker_process(transactional_db: None) -> Iterator[None]:  # stopped before its tables are emptied
    """A real worker process on the test's database and queue; what is sent with delay() gets done.

    For one test only: it would work off what others put into the queue to look at.
    """
    from django.conf import settings
    from django.db import connection

    from groundwork.celery import app

    # What Celery needs to know of the test run is where its database and its queue are.
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "groundwork.settings",
        "PYTHONPATH": os.pathsep.join([str(settings.ROOT / "platform"), str(settings.ROOT)]),
        "DATABASE_URL": urlunsplit(database),
        "REDIS_URL": settings.REDIS_URL,
        "REMAP_SIGTERM": "SIGQUIT",
        "GROUNDWORK_SOFT_SHUTDOWN": "1",
    }
    command = [sys.executable, "-m", "celery", "--app", "groundwork", "worker", "--loglevel", "WARNING"]
    with subprocess.Popen(
        [*command, "--concurrency", "1", "--without-gossip", "--without-mingle"],
        env=environment,
        start_new_session=True,
        preexec_fn=servers.dies_with_parent(),  # noqa: PLW1509  # it must not outlive a killed test run
    ) as process:
        try:
            deadline = time.monotonic() + 60
            while not app.control.ping(timeout=0.5):
                assert process.poll() is None, "the worker ended before it was ready"
                assert time.monotonic() < deadline, "the worker did not become ready"
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
