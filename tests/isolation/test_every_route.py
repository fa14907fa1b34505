"""Each route x each method x each outsider: nothing of another organisation is read or changed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from groundwork.accounts.models import Membership
from tests.isolation import world as worlds
from tests.isolation.table import API, TABLE, Route, Whose
from tests.isolation.world import World

Allowed = Callable[[Route, Any], bool]
METHODS = ("get", "head", "post", "put", "patch", "delete")
REFUSED = {404, 405}
TO_SIGN_IN = re.compile(r"^/accounts/login/|^/admin/login/")
ROWS_OF_PEOPLE = (Whose.MEMBERS_ROW, Whose.ADMINISTRATORS_ROW)
NEEDS_SIGN_IN = (*ROWS_OF_PEOPLE, Whose.SELF, Whose.ADMINISTRATORS)
NEEDS_KEY = (Whose.KEY, Whose.KEYS_BODY, Whose.KEYS_ROW, Whose.CATALOGUE)


def walk(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every route below `resolver` with its full name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*spaces, entry.name or "?"]), entry
        else:
            yield from walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)


ROUTES = dict(walk(get_resolver()))
OF_OPERATORS = sorted(name for name in ROUTES if name.startswith("admin:"))


@pytest.fixture
def world(db: None) -> World:
    return worlds.build()


def test_every_route_has_its_line_in_the_table():
    missing = ROUTES.keys() - TABLE.keys() - set(OF_OPERATORS)
    assert not missing, f"say in tests/isolation/table.py what outsiders may get from {sorted(missing)}"
    gone = TABLE.keys() - ROUTES.keys()
    assert not gone, f"no such route any more: {sorted(gone)}"


def call(client: Client, method: str, name: str, world: World, **headers: str) -> Any:
    route = TABLE[name]
    address = reverse(name, kwargs=route.fill(world))
    if method in ("get", "head", "delete"):
        return getattr(client, method)(address, headers=headers)
    if name in API:
        body: Any = json.dumps(route.body(world))
        return getattr(client, method)(address, body, content_type="application/json", headers=headers)
    if method == "post":
        return client.post(address, route.body(world), headers=headers)
    return getattr(client, method)(address, headers=headers)


def leaks(answer: Any, marks: set[str], *, sent: str) -> set[str]:
    """Marks in the body or the headers that the request did not bring along itself."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = html.unescape(body.decode("utf-8", "replace")) + str(dict(answer.headers))
    return {mark for mark in marks if mark in text and mark not in sent}


def sent_with(name: str, world: World) -> str:
    route = TABLE[name]
    return reverse(name, kwargs=route.fill(world)) + json.dumps(route.body(world))


def goes_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and bool(TO_SIGN_IN.match(answer["Location"]))


def visitor(route: Route, answer: Any) -> bool:
    """What may happen to somebody who is not signed in."""
    if route.whose in NEEDS_KEY:
        return answer.status_code == 401
    if route.whose in NEEDS_SIGN_IN:
        return goes_to_sign_in(answer) or answer.status_code in REFUSED
    return True


def foreign_administrator(route: Route, answer: Any) -> bool:
    """What may happen to Otto in the browser; pages of his own organisation are open to him."""
    if route.whose in NEEDS_KEY:
        return answer.status_code == 401
    return answer.status_code in REFUSED if route.whose in ROWS_OF_PEOPLE else True


def foreign_key(route: Route, answer: Any) -> bool:
    """What may happen to Otto's key."""
    if route.whose is Whose.KEYS_ROW:
        return answer.status_code in REFUSED
    if route.whose is Whose.KEYS_BODY and answer.wsgi_request.method == "POST":
        return answer.status_code == 404
    return True


def closed_key(route: Route, answer: Any) -> bool:
    """What may happen to a key that was revoked."""
    return route.whose not in NEEDS_KEY or answer.status_code == 401


def outsiders(name: str, world: World) -> Iterator[tuple[str, Client, dict[str, str], Allowed]]:
    """Each outsider with the client and the headers it comes with."""
    yield "visitor", Client(), {}, visitor
    otto = Client()
    otto.force_login(world.people.otto)
    yield "Otto", otto, {}, foreign_administrator
    if name in API:
        yield "Otto's key", Client(), {"Authorization": f"Bearer {world.theirs_token}"}, foreign_key
        yield "closed key", Client(), {"Authorization": f"Bearer {world.revoked_token}"}, closed_key


@pytest.mark.parametrize("name", sorted(TABLE))
def test_no_outsider_reads_or_changes_anything_of_ours(name, world):
    before = world.fingerprint()
    for who, client, headers, allowed in outsiders(name, world):
        for method in METHODS:
            answer = call(client, method, name, world, **headers)
            where = f"{who}: {method} {name} -> {answer.status_code}"
            assert answer.status_code < 500, where
            assert allowed(TABLE[name], answer), where
            assert not leaks(answer, world.about_us, sent=sent_with(name, world)), where
        assert world.fingerprint() == before, f"{who} changed our rows through {name}"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_member_gets_nothing_of_a_colleague(name, world):
    """Cem is in the same organisation and administers nothing; his own rows may change."""

    def allowed(route: Route, answer: Any) -> bool:
        if route.whose in NEEDS_KEY:
            return answer.status_code == 401
        closed = (*ROWS_OF_PEOPLE, Whose.ADMINISTRATORS)
        return answer.status_code in REFUSED if route.whose in closed else True

    client = Client()
    client.force_login(world.colleague)
    for method in METHODS:
        answer = call(client, method, name, world)
        where = f"{method} {name} -> {answer.status_code}"
        assert answer.status_code < 500, where
        assert allowed(TABLE[name], answer), where
        assert not leaks(answer, world.about_ada, sent=sent_with(name, world)), where
    world.plan.refresh_from_db()
    assert world.plan.superseded_at is None
    assert world.learner.levels()["python"] == 1
    assert Membership.objects.get(user=world.people.ada).kind == Membership.Kind.MEMBER


@pytest.mark.parametrize(
    "name", [name for name, route in sorted(TABLE.items()) if route.whose in ROWS_OF_PEOPLE]
)
def test_those_who_may_do_reach_the_row(name, world):
    """Without this the tests above would pass on addresses that lead nowhere."""
    client = Client()
    client.force_login(world.people.ada if TABLE[name].whose is Whose.MEMBERS_ROW else world.people.hana)
    statuses = {method: call(client, method, name, world).status_code for method in ("get", "post")}
    assert {200, 302} & set(statuses.values()), statuses


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, route in sorted(API.items())
        if route.whose in NEEDS_KEY and route.whose is not Whose.CATALOGUE
    ],
)
def test_our_own_key_reads_what_others_do_not(name, world):
    headers = {"Authorization": f"Bearer {world.token}"}
    answer = call(Client(), "get", name, world, **headers)
    if answer.status_code == 405:
        assert call(Client(), "post", name, world, **headers).status_code == 200
    else:
        assert answer.status_code == 200
        assert leaks(answer, world.about_us, sent="")


@pytest.mark.parametrize("name", ["web:organisation", "web:keys", "web:person"])
def test_hana_reads_what_others_do_not(name, world):
    client = Client()
    client.force_login(world.people.hana)
    assert leaks(call(client, "get", name, world), world.about_us, sent="")


def test_a_stolen_invitation_lets_nobody_else_in(world):
    client = Client()
    client.force_login(world.people.otto)
    before = world.fingerprint()
    client.post(reverse("web:join", args=[world.invitation_secret]))
    assert world.fingerprint() == before
    assert Membership.objects.get(user=world.people.otto).organisation == world.people.theirs


def operators_addresses(world: World) -> Iterator[tuple[str, str]]:
    """Every page of Django's admin, with rows of ours where an address names one."""
    fill: dict[str, Any] = {
        "object_id": str(world.learner.pk),
        "content_type_id": 1,
        "app_label": "catalogue",
        "url": "learners/",
        "id": str(world.people.ada.pk),
    }
    for name in OF_OPERATORS:
        pattern: Any = ROUTES[name].pattern
        if name == "admin:?":
            # The catch-all has no name that could be reversed.
            yield name, "/admin/nowhere/"
        else:
            wanted = {*pattern.converters, *pattern.regex.groupindex}
            yield name, reverse(name, kwargs={key: fill[key] for key in wanted})


@pytest.mark.parametrize("who", ["visitor", "otto", "hana"])
def test_the_operators_pages_know_no_administrator_of_an_organisation(who, world):
    client = Client()
    if who != "visitor":
        client.force_login(getattr(world.people, who))
    # Hana may read her own name.
    marks = world.about_ada if who == "hana" else world.about_us
    before = world.fingerprint()
    for name, address in operators_addresses(world):
        for method in METHODS:
            answer = getattr(client, method)(address)
            where = f"{who}: {method} {name} -> {answer.status_code}"
            assert answer.status_code < 500, where
            assert not leaks(answer, marks, sent=address), where
            # Signing out is open to all and would end the walk.
            if name not in ("admin:login", "admin:jsi18n", "admin:logout"):
                assert goes_to_sign_in(answer) or answer.status_code in (403, *REFUSED), where
            if name == "admin:logout" and who != "visitor":
                client.force_login(getattr(world.people, who))
    assert world.fingerprint() == before
