"""The suite runs against real servers, each worker with databases of its own."""

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_postgresql():
    assert connection.vendor == "postgresql"


def test_the_cache_is_a_server_of_its_own():
    cache.set("greeting", "hello", 5)
    assert cache.get("greeting") == "hello"


@pytest.mark.django_db
def test_the_health_page_asks_both(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"healthy": True, "database": True, "cache": True}
