"""An HR system brings attempts of the past and keeps those of today in step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from groundwork.catalogue.models import Course
from groundwork.events.models import AuditEntry
from groundwork.learners.models import Evidence
from groundwork.plans.enrolments import Enrolment
from tests import builders
from tests.apps.plans.attempts import make_attempts, make_people, retrained

pytestmark = pytest.mark.django_db

FINISHED = {
    "course": "python-course",
    "started_on": "2026-01-12",
    "state": "finished",
    "ended_on": "2026-02-20",
    "hours": 27,
}
GOING_ON = {"course": "cuda-course", "started_on": "2026-03-02", "state": "started"}


@pytest.fixture
def address(role, people) -> str:
    return f"people/{people.ada_learner.pk}/enrolments/"


def test_attempts_are_reported_and_listed(api, address, people):
    answer = api.post(address, {"enrolments": [FINISHED, GOING_ON]})
    assert answer.status_code == 200, answer.json()
    first, second = answer.json()["enrolments"]
    assert {**first, **FINISHED} == first
    assert (second["state"], second["ended_on"], second["hours"]) == ("started", None, None)
    listed = api.get(address).json()
    assert [row["course"] for row in listed["results"]] == ["cuda-course", "python-course"]
    assert api.get(address + "?state=finished").json()["count"] == 1
    assert api.get(address + "?course=cuda-course").json()["count"] == 1
    assert api.get(first["url"].removeprefix("/api/v1/")).json() == first
    assert people.ada_learner.levels() == {"python": 2}
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.evidenced_on.isoformat()) == ("course", "2026-02-20")


def test_the_same_report_twice_changes_nothing(api, address):
    api.post(address, {"enrolments": [FINISHED, GOING_ON]})
    written = AuditEntry.objects.count(), Evidence.objects.count()
    before = api.get(address).json()
    assert api.post(address, {"enrolments": [FINISHED, GOING_ON]}).json()["enrolments"]
    assert api.get(address).json() == before
    assert (AuditEntry.objects.count(), Evidence.objects.count()) == written


def test_an_attempt_that_went_on_is_reported_as_ended(api, address, people):
    [row] = api.post(address, {"enrolments": [GOING_ON]}).json()["enrolments"]
    ended = {**GOING_ON, "state": "failed", "ended_on": "2026-04-01"}
    [again] = api.post(address, {"enrolments": [ended]}).json()["enrolments"]
    assert (again["id"], again["state"]) == (row["id"], "failed")
    assert people.ada_learner.levels() == {}


def test_one_field_can_be_changed_and_a_completion_taken_back(api, address, people):
    [row] = api.post(address, {"enrolments": [FINISHED]}).json()["enrolments"]
    place = row["url"].removeprefix("/api/v1/")
    assert patch(api, place, {"hours": 31}).json()["hours"] == 31
    assert people.ada_learner.levels() == {"python": 2}
    changed = patch(api, place, {"state": "failed"}).json()
    assert (changed["state"], changed["ended_on"], changed["hours"]) == ("failed", "2026-02-20", 31)
    assert people.ada_learner.levels() == {}
    assert patch(api, place, {"state": "started"}).status_code == 422
    assert patch(api, place, {"state": "started", "ended_on": None}).json()["state"] == "started"


def patch(api, place, body):
    import json

    from django.test import Client

    return Client().patch(
        f"/api/v1/{place}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {api.token}"},
    )


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"ended_on": None}, "#/enrolments/1"),
        ({"ended_on": "2026-01-01"}, "#/enrolments/1"),
        ({"ended_on": "2999-01-01"}, "#/enrolments/1"),
        ({"state": "started"}, "#/enrolments/1"),
        ({"course": "no-such-course"}, "#/enrolments/1/course"),
        ({"hours": 0}, "#/enrolments/1/hours"),
        ({"hours": 20_001}, "#/enrolments/1/hours"),
        ({"state": "graduated"}, "#/enrolments/1/state"),
    ],
)
def test_one_wrong_attempt_and_nothing_is_written(api, address, change, pointer):
    answer = api.post(address, {"enrolments": [GOING_ON, {**FINISHED, **change}]})
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert not Enrolment.objects.exists()


def test_two_attempts_at_a_course_do_not_go_on_at_once(api, address):
    api.post(address, {"enrolments": [GOING_ON]})
    answer = api.post(address, {"enrolments": [{**GOING_ON, "started_on": "2026-03-09"}]})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert Enrolment.objects.count() == 1


def test_a_key_that_may_not_write_people_reports_nothing(key_with, address, people):
    answer = key_with(["people:read"]).post(address, {"enrolments": [FINISHED]})
    assert answer.status_code == 403
    stranger = builders.make_learner(organisation=people.theirs)
    foreign = key_with(["people:read", "people:write"])
    answer = foreign.post(f"people/{stranger.pk}/enrolments/", {"enrolments": [FINISHED]})
    assert answer.status_code == 404
    assert not Enrolment.objects.exists()


def test_the_list_costs_the_same_for_one_and_for_six(api, address, django_assert_num_queries):
    counts = []
    for number in range(6):
        day = timezone.localdate() - timedelta(days=30 - number)
        attempt = {**FINISHED, "started_on": day.isoformat(), "ended_on": day.isoformat()}
        api.post(address, {"enrolments": [attempt]})
        if number in (0, 5):
            with django_assert_num_queries(4):
                counts.append(api.get(address).json()["count"])
    assert counts == [1, 6]


def test_a_plan_says_which_of_its_hours_are_expected(api, role, people):
    learners = make_people(20, organisation=people.theirs)
    make_attempts(learners, Course.objects.get(slug="python-course"), factor=1.5)
    retrained(on_date=timezone.localdate())
    plan = api.post("plans/", {"person": str(people.ada_learner.pk), "role": role.slug}).json()
    first, second = plan["steps"]
    assert (first["estimate"]["declared"], first["estimate"]["expected"]) == (20, first["hours"])
    assert (first["estimate"]["timed"], first["estimate"]["basis"]) == (20, "counts")
    assert (second["hours"], second["estimate"]) == (30, None)
