"""People with evidence: all of it or nothing, and only one's own."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from groundwork.events.models import AuditEntry
from groundwork.learners.models import Evidence, Learner
from tests import builders

SHOWN = {"skill": "python", "level": 3, "kind": "work-history", "evidenced_on": "2025-11-30"}
WEI = {
    "name": "Wei Lin",
    "external_id": "P-1",
    "hours_per_week": 10,
    "languages": ["en", "zh"],
    "evidence": [SHOWN],
}


@pytest.fixture(autouse=True)
def skills(db):
    return [builders.make_skill("python", name_zh="Python 编程"), builders.make_skill("cuda")]


def with_evidence(**changes):
    return {**WEI, "evidence": [SHOWN, {**SHOWN, "skill": "cuda", **changes}]}


def test_a_person_is_entered_with_evidence(api, ours):
    answer = api.post("people/", WEI)
    assert answer.status_code == 201, answer.content
    person = answer.json()
    assert answer["Location"] == person["url"] == f"/api/v1/people/{person['id']}/"
    assert person["has_account"] is False
    assert person["proficiencies"] == [
        {
            "skill": "python",
            "name_en": "Python",
            "name_zh": "Python 编程",
            "level": 3,
            "as_of": "2025-11-30",
            "kind": "work-history",
        }
    ]
    learner = Learner.objects.get(pk=person["id"])
    assert learner.organisation == ours
    assert AuditEntry.objects.filter(subject_id=person["id"], actor__startswith="service:").count() == 2


def test_a_person_is_found_by_external_id_and_by_name(api):
    person = api.post("people/", WEI).json()
    assert api.get("people/?external_id=P-1").json()["results"] == [person]
    assert api.get("people/?q=wei").json()["count"] == 1
    assert api.get("people/?external_id=P-2").json()["count"] == 0
    assert api.get(f"people/{person['id']}/").json() == person


def test_later_evidence_moves_a_level(api):
    person = api.post("people/", WEI).json()
    # A second word of the work history would move the estimate, too, but not all the way to its level.
    more = {
        **SHOWN,
        "level": 4,
        "kind": "certificate",
        "evidenced_on": timezone.localdate().isoformat(),
    }
    answer = api.post(f"people/{person['id']}/evidence/", {"evidence": [more]})
    assert answer.status_code == 200
    assert answer.json()["proficiencies"][0]["level"] == 4


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"level": 9}, "#/evidence/1/level"),
        ({"level": -1}, "#/evidence/1/level"),
        ({"level": 2.5}, "#/evidence/1/level"),
        ({"skill": "no-such-skill"}, "#/evidence/1/skill"),
        ({"kind": "rumour"}, "#/evidence/1/kind"),
        ({"kind": "correction"}, "#/evidence/1/kind"),
        ({"evidenced_on": "2999-01-01"}, "#/evidence/1/evidenced_on"),
        ({"evidenced_on": "yesterday"}, "#/evidence/1/evidenced_on"),
        ({"words": "x" * 301}, "#/evidence/1/words"),
    ],
)
def test_one_wrong_piece_of_evidence_and_nothing_is_written(api, changes, pointer):
    before = Learner.objects.count()
    answer = api.post("people/", with_evidence(**changes))
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert (Learner.objects.count(), Evidence.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 151},
        {"name": "nul\0byte"},
        {"hours_per_week": -8},
        {"hours_per_week": 0},
        {"hours_per_week": 61},
        {"hours_per_week": "many"},
        {"languages": ["Klingon!"]},
        {"languages": "en"},
        {"evidence": {"skill": "python"}},
        {"evidence": ["python"]},
        {"evidence": [SHOWN] * 501},
    ],
)
def test_a_person_out_of_range_is_refused(api, changes):
    before = Learner.objects.count()
    answer = api.post("people/", {**WEI, **changes})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert all(fault["pointer"].startswith(f"#/{next(iter(changes))}") for fault in answer.json()["errors"])
    assert Learner.objects.count() == before


def test_evidence_of_tomorrow_about_a_known_person_is_refused(api):
    person = api.post("people/", WEI).json()
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = api.post(f"people/{person['id']}/evidence/", {"evidence": [{**SHOWN, "evidenced_on": tomorrow}]})
    assert answer.status_code == 422
    assert Evidence.objects.count() == 1
    assert api.post(f"people/{person['id']}/evidence/", {"evidence": []}).status_code == 422


def test_an_external_id_is_taken_once_in_an_organisation(api, people):
    assert api.post("people/", WEI).status_code == 201
    answer = api.post("people/", WEI)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    elsewhere = type(api)(token=builders.make_key(people.theirs)[1])
    assert elsewhere.post("people/", WEI).status_code == 201


def test_people_of_other_organisations_do_not_exist(api, people):
    assert api.get(f"people/{people.otto_learner.pk}/").status_code == 404
    answer = api.post(f"people/{people.otto_learner.pk}/evidence/", {"evidence": [SHOWN]})
    assert answer.status_code == 404
    assert api.get(f"people/{uuid.uuid4()}/").status_code == 404
    names = {person["name"] for person in api.get("people/").json()["results"]}
    assert names == {"Ada Ahlgren", "Ben Brandt", "Hana Hofer"}


def test_a_list_costs_the_same_whatever_its_length(api, ours, django_assert_max_num_queries):
    for number in range(30):
        builders.make_learner(organisation=ours, name=f"P {number}", levels={"python": 2, "cuda": 1})
    # The key, its use, the count, the page, the proficiencies of the page.
    with django_assert_max_num_queries(5):
        assert len(api.get("people/").json()["results"]) == 33
