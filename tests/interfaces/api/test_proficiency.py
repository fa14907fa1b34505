"""What a person can do on a day, why, and lines withdrawn by whoever recorded them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from groundwork.events.models import AuditEntry
from groundwork.learners.models import Mark
from tests import builders

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def skills(db):
    return [builders.make_skill("python", half_life="tool"), builders.make_skill("cuda")]


@pytest.fixture
def person(api):
    day = TODAY() - timedelta(days=400)
    piece = {"skill": "python", "evidenced_on": day.isoformat()}
    evidence = [
        {**piece, "level": 2, "kind": "self-report"},
        {**piece, "level": 4, "kind": "certificate", "words": "Exam of the vendor"},
        {**piece, "skill": "cuda", "level": 3, "kind": "work-history", "used_until": TODAY().isoformat()},
    ]
    return api.post("people/", {"name": "Wei Lin", "evidence": evidence}).json()


def test_the_levels_of_today_and_of_other_days(api, person):
    address = f"people/{person['id']}/proficiency/"
    now = api.get(address).json()
    assert now["on"] == TODAY().isoformat()
    cuda, python = now["proficiencies"]
    # In use ever since, so nothing has faded; but shown too long ago to be up to date.
    assert (cuda["skill"], cuda["level"], cuda["mean"]) == ("cuda", 2, 3.0)
    assert (python["verified_level"], python["due_for_refresh"], python["level"]) == (4, True, 2)
    then = api.get(f"{address}?on={python['shown_on']}").json()
    assert [one["level"] for one in then["proficiencies"]] == [3, 4]
    assert api.get(f"{address}?on=2001-01-01").json()["proficiencies"] == []


def test_what_lapses_before_a_day(api, person):
    before = (TODAY() + timedelta(days=700)).isoformat()
    address = f"people/{person['id']}/proficiency/"
    python = api.get(f"{address}?before={before}").json()["proficiencies"][1]
    assert [(one["level"], one["to_level"]) for one in python["lapses"]] == [(2, 1)]
    assert TODAY().isoformat() < python["lapses"][0]["on"] < before


@pytest.mark.parametrize("query", ["on=yesterday", "before=2001-01-01", "until=2030-01-01"])
def test_a_wrong_day_is_refused(api, person, query):
    assert api.get(f"people/{person['id']}/proficiency/?{query}").status_code == 422


def test_why_a_level_is_what_it_is(api, person):
    found = api.get(f"people/{person['id']}/proficiency/python/").json()
    assert (found["disuse_months"], found["currency_months"]) == (18, 18)
    certificate, said = sorted(found["evidence"], key=lambda one: -one["weight"])
    assert (certificate["kind"], certificate["weight"], certificate["role"]) == ("certificate", 1, "counted")
    assert (said["kind"], said["weight"], said["status"]) == ("self-report", 0, "counts")
    assert certificate["words"] == "Exam of the vendor"
    assert found["currency"] < 1
    nothing = api.get(f"people/{person['id']}/proficiency/no-such-skill/")
    assert nothing.status_code == 404


def test_a_revoked_certificate_is_withdrawn_and_brought_back(api, person):
    lines = api.get(f"people/{person['id']}/proficiency/python/").json()["evidence"]
    [line] = [one["id"] for one in lines if one["kind"] == "certificate"]
    address = f"people/{person['id']}/evidence/{line}/withdrawal/"
    withdrawn = api.post(address, {})
    assert withdrawn.status_code == 200, withdrawn.content
    assert withdrawn.json()["verified_level"] == 0
    assert {one["status"] for one in withdrawn.json()["evidence"]} == {"counts", "withdrawn"}
    assert api.post(address, {}).status_code == 409
    assert api.delete(address).json()["verified_level"] == 4
    assert Mark.objects.count() == 2
    assert AuditEntry.objects.filter(action__in=("evidence.withdrawn", "evidence.restored")).count() == 2


def test_use_cannot_end_before_the_evidence_or_in_the_future(api, person):
    piece = {"skill": "python", "level": 2, "kind": "cv", "evidenced_on": TODAY().isoformat()}
    for until in (TODAY() - timedelta(days=1), TODAY() + timedelta(days=1)):
        body = {"evidence": [{**piece, "used_until": until.isoformat()}]}
        answer = api.post(f"people/{person['id']}/evidence/", body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/evidence/0/used_until"
