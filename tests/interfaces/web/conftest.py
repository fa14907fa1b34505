"""A small world behind the pages: two roles, four courses, and clients for whoever knocks."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from groundwork.accounts.models import User
from groundwork.frameworks.models import Role, Skill
from groundwork.plans import ranking
from tests import builders, cast
from tests.cast import Cast

CV = "Skills: expert in Zig tooling, 5 years of Kernel tuning."


@dataclass(frozen=True, kw_only=True)
class World:
    """`role` is 50 hours away from nothing; `far` asks for a skill that nobody teaches."""

    role: Role
    far: Role


@pytest.fixture
def world(db: None) -> World:
    names = {"name_en": "Kernel tuning", "name_zh": "内核调优"}
    builders.make_skill("kernel-tuning", half_life=Skill.HalfLife.TOOL, **names)
    builders.make_skill("zig-tooling", name_en="Zig tooling", name_zh="Zig 工具链")
    builders.make_course("first-steps", hours=20, teaches={"kernel-tuning": 2}, hands_on=True)
    builders.make_course(
        "second-steps", hours=30, requires={"kernel-tuning": 2}, teaches={"kernel-tuning": 4}
    )
    builders.make_course("dear-steps", hours=20, price=9000, teaches={"kernel-tuning": 4})
    role = builders.make_role(
        "kernel-engineer",
        requires={"kernel-tuning": 4},
        optional={"zig-tooling": 1},
        postings=120,
        name_en="Kernel engineer",
        name_zh="内核工程师",
    )
    far = builders.make_role("far-engineer", requires={"untaught": 3}, name_en="Far engineer")
    return World(role=role, far=far)


@pytest.fixture
def people(world: World) -> Cast:  # everybody lives in the world
    return cast.gather()


@pytest.fixture
def visitor(world: World) -> Client:  # see people
    """Somebody without an account who has told us nothing yet."""
    return Client()


@pytest.fixture
def confirmed(visitor: Client) -> Client:
    """A visitor with one confirmed skill."""
    visitor.post("/skills/save/", {"add": "Zig tooling"})
    visitor.post("/skills/save/", {"skill": "zig-tooling", "level-zig-tooling": "3"})
    return visitor


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No role's exact hours are known, and a glance is too short to work any out."""
    cache.clear()
    monkeypatch.setattr(ranking, "GLANCE", 0.0)


@pytest.fixture
def fresh_limits() -> None:
    """Sign-ins, wrong codes and used ones are counted in the cache, which outlives a test."""
    cache.clear()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ada(people: Cast) -> Client:
    return signed_in(people.ada)


@pytest.fixture
def hana(people: Cast) -> Client:
    return signed_in(people.hana)


@pytest.fixture
def otto(people: Cast) -> Client:
    return signed_in(people.otto)


@pytest.fixture
def seeded(db: None) -> None:  # rows need the database
    """The real catalogue."""
    call_command("seed", verbosity=0)
