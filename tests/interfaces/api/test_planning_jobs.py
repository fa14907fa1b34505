"""Many plans: queued at once, made by a real worker, followed by counts."""

from __future__ import annotations

import time
import uuid

import pytest

from groundwork.plans import jobs
from groundwork.plans.models import PlanningJob
from tests import builders


def pairs(learners, role):
    return {"items": [{"person": str(learner.pk), "role": role.slug} for learner in learners]}


@pytest.mark.slow
def test_a_worker_makes_the_plans_of_a_job(celery_worker_process, api, ours, role):
    learners = [builders.make_learner(organisation=ours, levels={"python": level}) for level in (1, 2, 3)]
    answer = api.post("planning-jobs/", pairs(learners, role))
    assert answer.status_code == 202, answer.content
    job = answer.json()
    assert job["total"] == 3
    assert answer["Location"] == job["url"]

    deadline = time.monotonic() + 60
    while (now := api.get(f"planning-jobs/{job['id']}/").json())["state"] != "done":
        assert time.monotonic() < deadline, now
        time.sleep(0.2)
    assert (now["done"], now["failed"]) == (3, 0)

    results = api.get(f"planning-jobs/{job['id']}/results/").json()["results"]
    assert [row["person"] for row in results] == [str(learner.pk) for learner in learners]
    assert {row["status"] for row in results} == {"optimal"}
    made = api.get(f"plans/{results[1]['plan']}/").json()
    assert [step["course"] for step in made["steps"]] == ["cuda-course"]


def test_the_same_pair_twice_is_one_item(api, people, role):
    answer = api.post("planning-jobs/", pairs([people.ada_learner] * 2, role))
    assert (answer.status_code, answer.json()["total"]) == (202, 1)


def test_an_item_that_fails_says_why_and_does_not_stop_the_others(api, people, ours, role):
    learners = [people.ada_learner, builders.make_learner(organisation=ours)]
    job = api.post("planning-jobs/", pairs(learners, role)).json()
    # Ada leaves before the worker comes to her.
    people.ada_learner.organisation = None
    people.ada_learner.save()
    jobs.work_off(uuid.UUID(job["id"]))
    now = api.get(f"planning-jobs/{job['id']}/").json()
    assert (now["state"], now["total"], now["done"], now["failed"]) == ("done", 2, 2, 1)
    failed, made = api.get(f"planning-jobs/{job['id']}/results/").json()["results"]
    assert failed["error"]
    assert failed["plan"] is None
    assert (made["error"], made["status"]) == ("", "optimal")


def test_results_come_in_pages(api, ours, role):
    learners = [builders.make_learner(organisation=ours) for _number in range(3)]
    job = api.post("planning-jobs/", pairs(learners, role)).json()
    page = api.get(f"planning-jobs/{job['id']}/results/?page_size=2").json()
    assert (page["count"], len(page["results"])) == (3, 2)
    assert api.get("planning-jobs/").json()["results"] == [api.get(f"planning-jobs/{job['id']}/").json()]


def test_a_job_is_limited(api, people, role):
    assert api.post("planning-jobs/", {"items": []}).status_code == 422
    assert api.post("planning-jobs/", pairs([people.ada_learner] * 1001, role)).status_code == 422
    assert not PlanningJob.objects.exists()


def test_unknown_people_and_roles_are_named_and_nothing_is_queued(api, people, role):
    wanted = pairs([people.ada_learner, people.otto_learner], role)
    answer = api.post("planning-jobs/", wanted)
    assert answer.status_code == 404
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["#/items/1/person"]
    wanted = {"items": [{"person": str(people.ada_learner.pk), "role": "none"}]}
    answer = api.post("planning-jobs/", wanted)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["#/items/0/role"]
    assert not PlanningJob.objects.exists()


def test_a_job_of_a_thousand_costs_a_fixed_number_of_queries(api, ours, role, django_assert_max_num_queries):
    learners = [builders.make_learner(organisation=ours) for _number in range(40)]
    with django_assert_max_num_queries(14):
        assert api.post("planning-jobs/", pairs(learners, role)).status_code == 202
