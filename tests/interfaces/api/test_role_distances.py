"""Roles ranked for a person, their feeders, and two of them as one goal."""

from __future__ import annotations

import pytest

from groundwork.core.actors import Right
from groundwork.plans.models import Plan
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(ours):
    return builders.make_learner(organisation=ours, name="Ida", levels={"python": 2})


def test_roles_are_ranked_with_what_is_shared_and_missing(api, role, person):
    builders.make_role("far", requires={"magic": 1})
    builders.make_role("ready", requires={"python": 1})
    found = api.get(f"people/{person.pk}/roles/").json()
    assert [one["role"] for one in found["roles"]] == ["ready", "kernel-engineer", "far"]
    ready, near, far = found["roles"]
    assert (ready["hours"], ready["shared"], ready["coverage_percent"]) == (0, ["python"], 100)
    assert (near["hours"], near["hours_at_least"], near["is_proven"]) == (30, 30, True)
    assert near["missing"] == [{"skill": "cuda", "have": 0, "need": 3, "essential": True}]
    assert (far["has_route"], far["hours"], far["hours_at_least"]) == (False, None, None)


def test_without_exact_hours_there_are_proven_bounds(api, role, person):
    (found,) = api.get(f"people/{person.pk}/roles/?exact=0").json()["roles"]
    assert (found["hours"], found["hours_at_least"]) == (None, 30)


def test_ranking_needs_the_scope_of_people(key_with, role, person):
    assert key_with([Right.READ_CATALOGUE]).get(f"people/{person.pk}/roles/").status_code == 403


def test_feeders_come_nearest_first(api, role):
    builders.make_role("python-role", requires={"python": 2})
    found = api.get("roles/kernel-engineer/feeders/").json()
    assert [(one["role"], one["hours"]) for one in found["feeders"]] == [("python-role", 30)]


def test_two_roles_together_save_what_they_share(api, role, person):
    builders.make_course("tuning", hours=10, requires={"cuda": 3}, teaches={"tuning": 2})
    builders.make_role("tuner", requires={"tuning": 2, "cuda": 2})
    found = api.get(f"people/{person.pk}/roles/kernel-engineer/with/tuner/").json()
    assert (found["hours"], found["hours_apart"], found["hours_saved"]) == (40, 70, 30)
    assert found["shared"] == ["cuda"]
    assert found["courses"] == ["cuda-course", "tuning"]


@pytest.mark.parametrize(("second", "status"), [("kernel-engineer", 422), ("no", 404)])
def test_two_roles_are_two_that_exist(api, role, person, second, status):
    answer = api.get(f"people/{person.pk}/roles/kernel-engineer/with/{second}/")
    assert answer.status_code == status


def test_a_plan_for_two_roles_is_kept(api, role, person):
    builders.make_role("python-role", requires={"python": 3})
    builders.make_course("more-python", hours=5, teaches={"python": 3})
    body = {"person": str(person.pk), "role": "kernel-engineer", "also": "python-role"}
    made = api.post("plans/", body)
    assert made.status_code == 201, made.content
    assert {made.json()["role"], made.json()["also"]} == {"kernel-engineer", "python-role"}
    assert Plan.objects.get().hours == 35
    again = api.post("plans/", body | {"also": "kernel-engineer"})
    assert again.status_code == 422


def test_a_preference_is_part_of_the_wishes(api, role, person):
    wishes = {"strategic": 3, "ties_only": True}
    made = api.post("plans/", {"person": str(person.pk), "role": "kernel-engineer", "wishes": wishes}).json()
    kept = Plan.objects.get(pk=made["id"])
    assert kept.problem["objective"]["prefer"]["merits"][0]["weight"] == 3
    refused = api.post(
        "plans/", {"person": str(person.pk), "role": "kernel-engineer", "wishes": {"strategic": 6}}
    )
    assert refused.status_code == 422
