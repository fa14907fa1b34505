"""One site for a whole run of the audit, and windows on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance import site as sites
from tests.conformance import validator
from tests.conformance.site import Site
from tests.conformance.validator import Validate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    OpenWindow = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Web server, worker, PostgreSQL and Valkey, with the people of tests/conformance/seeding.py."""
    with sites.running(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def validate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Validate]:
    """The errors that the W3C's validator finds in a page."""
    with validator.running(tmp_path_factory.mktemp("validator")) as ask:
        yield ask


@pytest.fixture(scope="session")
def window(browser: Browser, site: Site) -> OpenWindow:
    """`with window("learner", language="zh-hans", width=320) as page`: a page of its own, signed in."""

    @contextmanager
    def open_one(
        persona: str = "visitor", *, language: str = "en", width: int = 1280, **options: Any
    ) -> Iterator[Page]:
        context = browser.new_context(
            base_url=site.url,
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            viewport={"width": width, "height": 900},
            **options,
        )
        context.set_default_timeout(30_000)
        context.add_cookies(site.cookies(persona, language=language))  # type: ignore[arg-type]  # plain dicts
        try:
            yield context.new_page()
        finally:
            context.close()

    return open_one
