"""The pages of the site, from the URL tree: what is visited, by whom, and what is no page and why."""

from __future__ import annotations

import re
from functools import cache

from tests.conformance.site import Answer, Site
from tests.isolation.test_every_route import OF_OPERATORS, ROUTES

PERSONAS = ("visitor", "guest", "newcomer", "learner", "founder", "administrator", "operator")

# Addresses that answer forms only, files and the API say so themselves; what else is no page stands here.
NO_PAGES = {
    "api:docs": "Swagger UI draws it in the browser; the same stands in docs/openapi.yaml",
    "account_confirm_login_code": "signing in by a code is off",
    "mfa_authenticate": "between password and second factor; states.py goes there",
    "openid_connect_login": "leads on to a provider, and none is set up",
    "openid_connect_callback": "where a provider leads back to",
    "socialaccount_signup": "between the sign-in of a provider and an account; needs a provider",
    "web:notification": "leads on to what it tells of",
}

# Django's admin, for operators, is Django's.
OURS = sorted(ROUTES.keys() - set(OF_OPERATORS))
_SECRET = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"')


@cache
def pages(site: Site, route: str) -> dict[str, Answer]:
    """What each persona gets at a route, of equal pages the first; empty where there is no page.

    Raises AssertionError for a page that nobody sees and that NO_PAGES does not name.
    """
    assert route in site.routes, "say in tests/isolation/table.py what fills the address of the route"
    found: dict[str, Answer] = {}
    seen: set[bytes] = set()
    if route in NO_PAGES:
        return found
    for persona in PERSONAS:
        answer = site.get(site.routes[route], persona=persona)
        if answer.answers_forms_only or answer.is_for_programs:
            return {}
        # Heads differ by who is signed in; that is seen on the pages which only they have.
        content = _SECRET.sub(b"", answer.body.partition(b"<main")[2])
        if answer.is_page and content not in seen:
            found[persona] = answer
        seen.add(content)
    assert found, f"nobody gets to see {route}: add a row in seeding.py, or the reason to NO_PAGES"
    return found
