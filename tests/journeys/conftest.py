"""A live server on the real catalogue, and the steps that several journeys share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from tests import builders

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROLE = "llm-inference-systems-engineer"


@pytest.fixture
def catalogue(transactional_db: None) -> None:  # the live server reads what is committed
    """All skills, roles and courses of fixtures/."""
    call_command("seed", verbosity=0)


def sign_in(page: Page, email: str) -> None:
    """Through the form, as people do."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", builders.PASSWORD)
    page.locator("main form button").last.click()
    # The form's own address ends in a slash too; what is asked for next must not overtake the answer.
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def does_not_scroll_sideways(page: Page) -> bool:
    """Whether the page fits its window; after a click, wait for what the click brings first."""
    page.wait_for_load_state()
    return bool(page.locator("html").evaluate("html => html.scrollWidth <= window.innerWidth"))
