"""Pages cross the wire compressed, padded at random."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_page_is_compressed_for_who_can_read_that():
    plain, packed = Client().get("/"), Client().get("/", headers={"accept-encoding": "gzip"})
    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(packed.content)


def test_the_length_of_a_page_does_not_tell_what_is_in_it():
    client = Client()
    client.get("/")
    lengths = {len(client.get("/", headers={"accept-encoding": "gzip"}).content) for _ in range(20)}
    assert len(lengths) > 5
