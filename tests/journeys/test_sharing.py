"""A plan shared from a phone without JavaScript: opened without an account, withdrawn, brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import builders, cast
from tests.journeys.conftest import does_not_scroll_sideways, sign_in

if TYPE_CHECKING:
    from groundwork.plans.models import Plan
    from tests.conftest import OpenPage


@pytest.fixture
def people(transactional_db: None) -> cast.Cast:  # the live server reads what is committed
    builders.make_course("first-steps", hours=20, teaches={"kernel-tuning": 2})
    return cast.gather()


@pytest.fixture
def plan(people: cast.Cast) -> Plan:
    role = builders.make_role("kernel-engineer", requires={"kernel-tuning": 2})
    return builders.make_plan(people.ada_learner, role)


@pytest.mark.parametrize(
    ("locale", "share", "make", "withdraw", "undo", "nothing"),
    [
        ("en-GB", "Share by a link", "Make a link", "Withdraw", "Undo", "This link opens nothing"),
        ("zh-CN", "用链接分享", "生成链接", "撤回", "撤销", "这个链接打不开任何内容"),
    ],
)
def test_shared_withdrawn_and_brought_back(
    open_page: OpenPage,
    people: cast.Cast,
    plan: Plan,
    locale: str,
    share: str,
    make: str,
    withdraw: str,
    undo: str,
    nothing: str,
):
    phone = {"width": 320, "height": 640, "locale": locale, "java_script_enabled": False}
    ada, anybody = open_page(**phone), open_page(**phone)
    sign_in(ada, people.ada.email)
    ada.goto(f"/me/plans/{plan.pk}/")
    ada.get_by_role("link", name=share).click()
    ada.get_by_role("button", name=make).click()
    expect(ada.locator("#address")).to_be_visible()
    assert does_not_scroll_sideways(ada)
    address = ada.locator("#address").input_value()

    anybody.goto(address)
    expect(anybody.locator("h1")).to_contain_text(
        plan.role.name_zh if locale == "zh-CN" else plan.role.name_en
    )
    expect(anybody.locator("form")).to_have_count(0)
    assert does_not_scroll_sideways(anybody)
    # The one thing to press that is no way out: the other language, without a form.
    anybody.locator("header .tools a").click()
    expect(anybody.locator("h1")).to_contain_text(
        plan.role.name_en if locale == "zh-CN" else plan.role.name_zh
    )

    ada.get_by_role("button", name=withdraw).click()
    expect(ada.get_by_role("button", name=undo)).to_be_visible()
    anybody.goto(address)
    expect(anybody.locator("h1")).to_have_text(nothing)
    assert does_not_scroll_sideways(anybody)
    ada.get_by_role("button", name=undo).click()
    expect(ada.get_by_role("button", name=withdraw)).to_be_visible()
    anybody.goto(address)
    expect(anybody.locator("h1")).not_to_have_text(nothing)


def test_what_is_printed_is_black_on_white_with_addresses(open_page: OpenPage, people: cast.Cast, plan: Plan):
    ada = open_page(color_scheme="dark")
    sign_in(ada, people.ada.email)
    ada.goto(f"/me/plans/{plan.pk}/")
    ada.emulate_media(media="print")
    colours = ada.evaluate(
        "(({color, backgroundColor}) => [color, backgroundColor])(getComputedStyle(document.body))"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    for gone in ("header.site", "footer", ".actions", ".crumbs", ".steps form", "details:not([open])"):
        for one in ada.locator(gone).all():
            expect(one).to_be_hidden()
    step = ada.locator(".steps > li").first
    assert step.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    shown = step.locator("h3 a").evaluate("one => getComputedStyle(one, '::after').content")
    assert shown == '"https://courses.example/first-steps"'
