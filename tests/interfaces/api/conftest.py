"""A client that holds a key, and a small world to call into."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from groundwork.accounts.models import Organisation
from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Role
from tests import builders, cast


@dataclass(frozen=True, kw_only=True)
class Api:
    """Calls /api/v1/ with one key; bodies go out as JSON."""

    token: str

    def get(self, path: str, **headers: str) -> Any:
        return Client().get(f"/api/v1/{path}", headers=self._headers(headers))

    def post(self, path: str, body: object, **headers: str) -> Any:
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        content_type = headers.pop("content_type", "application/json")
        return Client().post(
            f"/api/v1/{path}", content, content_type=content_type, headers=self._headers(headers)
        )

    def delete(self, path: str) -> Any:
        return Client().delete(f"/api/v1/{path}", headers=self._headers({}))

    def _headers(self, extra: dict[str, str]) -> dict[str, str]:
        names = {name.replace("_", "-"): value for name, value in extra.items()}
        return {"Authorization": f"Bearer {self.token}", **names}


@pytest.fixture
def people(db: None) -> cast.Cast:
    return cast.gather()


@pytest.fixture
def ours(people: cast.Cast) -> Organisation:
    return people.ours


@pytest.fixture
def api(ours: Organisation) -> Api:
    """Hana's HR system, with every scope."""
    return Api(token=builders.make_key(ours)[1])


@pytest.fixture
def key_with(ours: Organisation) -> Callable[[Sequence[str]], Api]:
    """A key of the same organisation with fewer scopes."""
    return lambda scopes: Api(token=builders.make_key(ours, scopes=scopes)[1])


@pytest.fixture
def role(db: None) -> Role:
    """Reached by two courses, one after the other, 50 hours."""
    builders.make_course("python-course", hours=20, teaches={"python": 2})
    builders.make_course("cuda-course", hours=30, price=400, requires={"python": 2}, teaches={"cuda": 3})
    return builders.make_role("kernel-engineer", requires={"cuda": 3}, postings=120)


@pytest.fixture
def chinese_course(db: None) -> Course:
    return builders.make_course(
        "zh-course", title_zh="并行计算导论", language="zh", hands_on=True, teaches={"cuda": 2}
    )
