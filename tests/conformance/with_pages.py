"""Every page, for whoever may see it, in both languages: axe-core and the W3C's validator find nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conformance import routes, views
from tests.conformance.site import Site
from tests.conformance.states import STATES

if TYPE_CHECKING:
    from tests.conformance.conftest import OpenWindow
    from tests.conformance.validator import Validate


@pytest.mark.parametrize("route", routes.OURS)
def test_axe_finds_nothing_on_any_page(site: Site, window: OpenWindow, route: str):
    complaints = []
    for number, persona in enumerate(routes.pages(site, route)):
        for language, looks in views.of_variant(number).items():
            with window(persona, language=language) as page:
                page.goto(site.routes[route])
                lines = views.complaints(page, views=looks)
                complaints += [f"{persona}, {language}: {line}" for line in lines]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("route", routes.OURS)
def test_the_validator_finds_nothing_on_any_page(site: Site, validate: Validate, route: str):
    complaints = []
    for persona, answer in routes.pages(site, route).items():
        in_chinese = site.get(site.routes[route], persona=persona, language="zh-hans")
        complaints += [f"{persona}, en: {line}" for line in validate(answer.body)]
        complaints += [f"{persona}, zh-hans: {line}" for line in validate(in_chinese.body)]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("state", STATES)
def test_neither_finds_anything_in_any_state(site: Site, window: OpenWindow, validate: Validate, state: str):
    complaints = []
    for language, look in (("en", views.LIGHT), ("zh-hans", views.DARK)):
        with window(STATES[state].persona, language=language) as page:
            documents = views.documents_of(page)
            STATES[state].reach(page, site)
            lines = [*views.complaints(page, views=[look]), *validate(documents[-1].body())]
            complaints += [f"{language}: {line}" for line in lines]
    assert not complaints, "\n".join(complaints)
