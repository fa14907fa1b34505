"""Idempotency-Key: the same request twice has one effect."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from groundwork.events.models import IdempotencyKey
from groundwork.learners.models import Learner
from tests import builders
from tests.interfaces.api.conftest import Api

WEI = {"name": "Wei Lin", "hours_per_week": 10}


def named_wei():
    return Learner.objects.filter(name="Wei Lin").count()


def test_the_same_request_twice_has_one_effect_and_one_answer(api):
    first = api.post("people/", WEI, Idempotency_Key="k1")
    second = api.post("people/", WEI, Idempotency_Key="k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first["Location"] == second["Location"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert named_wei() == 1


def test_without_a_key_twice_is_twice(api):
    api.post("people/", WEI)
    api.post("people/", WEI)
    assert named_wei() == 2


def test_the_order_of_members_does_not_matter(api):
    api.post("people/", WEI, Idempotency_Key="k1")
    assert api.post("people/", dict(reversed(WEI.items())), Idempotency_Key="k1").status_code == 201


def test_a_key_belongs_to_one_request(api):
    api.post("people/", WEI, Idempotency_Key="k1")
    other = api.post("people/", {**WEI, "hours_per_week": 11}, Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert named_wei() == 1


def test_a_refused_request_leaves_its_key_free(api):
    assert api.post("people/", {"name": ""}, Idempotency_Key="k1").status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert api.post("people/", WEI, Idempotency_Key="k1").status_code == 201


def test_two_callers_may_choose_the_same_key(api, ours):
    other = Api(token=builders.make_key(ours)[1])
    api.post("people/", WEI, Idempotency_Key="k1")
    assert "Idempotency-Replayed" not in other.post("people/", WEI, Idempotency_Key="k1")
    assert named_wei() == 2


def test_keys_are_forgotten_after_a_day(api):
    api.post("people/", WEI, Idempotency_Key="k1")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    api.post("people/", WEI, Idempotency_Key="k1")
    assert named_wei() == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "键"])
def test_a_key_that_cannot_be_kept_is_refused(api, key):
    value = key.encode().decode("latin-1")
    assert api.post("people/", WEI, Idempotency_Key=value).status_code == 400
    assert named_wei() == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_request_many_times_at_the_same_moment_has_one_effect(api):
    def call(_number):
        try:
            return api.post("people/", WEI, Idempotency_Key="k1")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(call, range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert named_wei() == 1
