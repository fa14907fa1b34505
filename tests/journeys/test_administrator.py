"""An administrator assigns, the learner plans and finishes a step, the administrator sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from groundwork.frameworks.models import Role
from groundwork.plans import examples
from tests import builders, cast
from tests.journeys.conftest import ROLE, does_not_scroll_sideways, sign_in

if TYPE_CHECKING:
    from tests.conftest import OpenPage

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def people() -> cast.Cast:
    """The cast, with Ada at the skills of an example person."""
    gathered = cast.gather()
    example = examples.person("wei-java")
    assert example
    builders.give_levels(gathered.ada_learner, {row.skill: row.level for row in example.levels})
    return gathered


def test_an_assigned_role_becomes_a_plan_with_progress(open_page: OpenPage, people: cast.Cast):
    hana = open_page()
    sign_in(hana, people.hana.email)
    hana.goto("/organisation/")
    hana.select_option("select[name=who]", label="Ada Ahlgren")
    hana.select_option("select[name=role]", value=ROLE)
    hana.fill("input[name=due_on]", (timezone.localdate() + timedelta(days=3000)).isoformat())
    hana.get_by_role("button", name="Assign", exact=True).click()
    expect(hana.get_by_text("Assigned to 1 person.")).to_be_visible()
    expect(hana.get_by_text("not planned yet", exact=True)).to_be_visible()

    ada = open_page()
    sign_in(ada, people.ada.email)
    ada.get_by_role("main").get_by_role("link", name="My plans").click()
    expect(ada.get_by_text("Lovelace Works asks you to be ready by")).to_be_visible()
    ada.get_by_role("link", name="Show my path").click()
    ada.get_by_role("button", name="Keep this plan").click()
    ada.wait_for_url("**/me/plans/**")
    ada.get_by_role("button", name="Mark as finished").first.click()
    expect(ada.get_by_role("button", name="Undo").first).to_be_visible()

    hana.goto("/organisation/")
    hana.get_by_role("link", name="Ada Ahlgren").first.click()
    hana.get_by_role("link", name="% done").first.click()
    expect(hana.get_by_text("hours done")).to_be_visible()
    expect(hana.locator("ol.steps > li.done")).to_have_count(1)
    expect(hana.get_by_role("button", name="Mark as finished")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_no_page_of_theirs_scrolls_sideways_at_320_pixels(
    open_page: OpenPage, people: cast.Cast, locale: str
):
    learner = people.ada_learner
    role = Role.objects.with_requirements().get(slug=ROLE)
    builders.make_assignment(learner, role)
    plan = builders.make_plan(learner, role)
    builders.make_key(people.ours)
    pages = {
        people.ada.email: ["/", "/me/", "/me/history/", f"/me/plans/{plan.pk}/", "/skills/"],
        people.hana.email: ["/organisation/", f"/organisation/people/{learner.pk}/", "/organisation/keys/"],
    }
    for email, addresses in pages.items():
        page = open_page(width=320, height=640, locale=locale)
        sign_in(page, email)
        for address in addresses:
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert does_not_scroll_sideways(page), address
