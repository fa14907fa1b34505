"""The page of all pieces: the audit looks at it, so each piece must stand there."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

PIECES = (
    "button",
    "button quiet",
    "button danger",
    "message note",
    "message error",
    "field",
    "badge foundation",
    "badge estimate",
    "chips",
    "pips",
    "rings",
    "panel",
    "facts",
    "empty",
    "stack",
    "paging",
)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_piece_stands_on_the_page(client: Client, language: str):
    answer = client.get("/style/", headers={"accept-language": language})
    text = answer.content.decode()
    classes = set(re.findall(r'class="([^"]+)"', text))
    for piece in PIECES:
        assert any(set(piece.split()) <= set(one.split()) for one in classes), piece
    assert '<progress max="100" value="60"' in text
    assert 'role="alert"' in text, "a refused field"


def test_it_asks_the_database_for_nothing(client: Client, django_assert_num_queries):
    client.get("/style/")
    with django_assert_num_queries(0):
        assert client.get("/style/").status_code == 200
