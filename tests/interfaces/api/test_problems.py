"""What every address refuses alike, and how."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.accounts import provisioning
from groundwork.accounts.models import ServiceAccount
from groundwork.api import base, problems
from groundwork.api.authentication import KeyThrottle
from groundwork.core.actors import Right
from groundwork.learners import recording
from groundwork.learners.models import Learner
from tests import builders
from tests.interfaces.api.conftest import Api

MEMBERS = {"type", "title", "status", "detail", "code", "errors"}


def refused(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() == MEMBERS
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].endswith(f"/api/v1/problems/#{code}")
    return body


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer gwk_wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YWRhOmFkYQ=="},
        {"Authorization": "Bearer \xff\xfe"},
    ],
)
def test_without_a_valid_key_the_answer_is_401_with_a_challenge(db, headers):
    answer = Client().get("/api/v1/people/", headers=headers)
    refused(answer, 401, "unauthenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="groundwork"'


def test_signing_in_opens_no_door_to_the_api(people):
    client = Client()
    client.force_login(people.hana)
    answer = client.get("/api/v1/people/")
    refused(answer, 401, "unauthenticated")
    assert people.ada_learner.name not in answer.content.decode()


def test_a_closed_key_stops_at_once(api, people):
    assert api.get("people/").status_code == 200
    account = ServiceAccount.objects.get()
    provisioning.revoke(actor=people.actor(people.hana), account=account, now=timezone.now())
    refused(api.get("people/"), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("scopes", "method", "path", "missing"),
    [
        ([Right.WRITE_PEOPLE], "get", "people/", "people:read"),
        ([Right.READ_PEOPLE], "post", "people/", "people:write"),
        ([Right.READ_PLANS], "get", "courses/", "catalogue:read"),
        ([Right.READ_PEOPLE, Right.READ_PLANS], "post", "plans/", "plans:write"),
        ([Right.WRITE_PLANS], "post", "plans/", "people:read"),
        ([Right.READ_CATALOGUE], "get", "progress/", "plans:read"),
        ([Right.READ_PLANS], "post", "planning-jobs/", "plans:write, people:read"),
    ],
)
def test_a_missing_scope_is_named(key_with, scopes, method, path, missing):
    key = key_with(scopes)
    answer = key.get(path) if method == "get" else key.post(path, {})
    assert missing in refused(answer, 403, "missing-scope")["detail"]


def test_unknown_addresses_are_problems_too(api):
    refused(api.get("nowhere/"), 404, "not-found")
    refused(Client(enforce_csrf_checks=True).post("/api/v1/nowhere/"), 404, "not-found")
    refused(api.get("people/not-a-uuid/"), 404, "not-found")
    body = refused(api.get("people"), 404, "not-found")
    assert "slash" in body["detail"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_an_unknown_method_is_405(api, method):
    answer = getattr(Client(), method)("/api/v1/people/", headers={"Authorization": f"Bearer {api.token}"})
    refused(answer, 405, "method-not-allowed")


def test_the_answer_is_json_and_nothing_else(api):
    refused(api.get("roles/", Accept="text/html"), 406, "not-acceptable")
    assert api.get("roles/", Accept="text/html, */*;q=0.1").status_code == 200


def test_the_body_is_json_and_nothing_else(api):
    before = Learner.objects.count()
    for body, content_type in (
        ("name=Ada", "application/x-www-form-urlencoded"),
        ("<person/>", "application/xml"),
    ):
        answer = api.post("people/", body, content_type=content_type)
        assert refused(answer, 415, "unsupported-media-type")["detail"]
    assert Learner.objects.count() == before


@pytest.mark.parametrize(
    "body", ["{", '{"name": NaN}', b"\xff\xfe", "[" * 100_000, '{"name": ' + "9" * 5000 + "}", ""]
)
def test_malformed_json_is_refused(api, body):
    before = Learner.objects.count()
    assert api.post("people/", body).status_code in (400, 422)
    assert Learner.objects.count() == before


def test_malformed_json_says_so(api):
    assert "JSON" in refused(api.post("people/", '{"name": '), 400, "malformed")["detail"]


@pytest.mark.parametrize("body", [[], '"Ada"', 7, None, [1, 2]])
def test_json_that_is_no_object_is_refused(api, body):
    before = Learner.objects.count()
    assert refused(api.post("people/", body), 422, "invalid")["detail"]
    assert Learner.objects.count() == before


def test_a_body_has_a_limit(api):
    before = Learner.objects.count()
    assert refused(api.post("people/", {"name": "x" * base.MAX_BODY}), 413, "too-large")["detail"]
    assert Learner.objects.count() == before


def test_too_many_requests_are_told_how_long_to_wait(api, monkeypatch):
    monkeypatch.setattr(KeyThrottle, "rate", "2/min", raising=False)
    assert [api.get("roles/").status_code for _number in range(3)] == [200, 200, 429]
    answer = api.get("roles/")
    refused(answer, 429, "too-many-requests")
    assert 1 <= int(answer["Retry-After"]) <= 61


def test_one_busy_key_does_not_slow_another(api, ours, monkeypatch):
    monkeypatch.setattr(KeyThrottle, "rate", "1/min", raising=False)
    assert [api.get("roles/").status_code for _number in range(2)] == [200, 429]
    assert Api(token=builders.make_key(ours)[1]).get("roles/").status_code == 200


def test_a_failure_of_ours_is_logged_and_told_without_its_reason(api, monkeypatch, caplog):
    def fail(**_arguments):
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(recording, "enter_person", fail)
    answer = api.post("people/", {"name": "Ada"})
    refused(answer, 500, "internal")
    assert "secret" not in answer.content.decode()
    assert "the secret reason" in caplog.text


def test_messages_follow_accept_language(api):
    answer = api.post("people/", {"name": ""}, Accept_Language="zh-CN")
    assert answer["Content-Language"] == "zh-hans"
    english = api.post("people/", {"name": ""}, Accept_Language="en")
    assert english["Content-Language"] == "en"
    assert english.json()["title"].isascii()
    assert not answer.json()["title"].isascii()


def test_use_is_remembered_at_most_once_a_minute(api):
    api.get("roles/")
    first = ServiceAccount.objects.get().last_used_at
    assert first is not None
    api.get("roles/")
    assert ServiceAccount.objects.get().last_used_at == first
    ServiceAccount.objects.update(last_used_at=first - timedelta(minutes=2))
    api.get("roles/")
    assert ServiceAccount.objects.filter(last_used_at__gte=first).exists()


def test_every_code_has_an_explanation(db):
    assert Client().get("/api/v1/problems/").json().keys() == problems.TITLES.keys()
