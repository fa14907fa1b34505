"""Plans, assignments and progress."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from groundwork.core.actors import Actor
from groundwork.plans import enrolling
from groundwork.plans.models import Assignment, Plan
from tests import builders

TODAY = timezone.localdate()


@pytest.fixture
def ada(people):
    return str(people.ada_learner.pk)


def plan(api, whom, **more):
    return api.post("plans/", {"person": whom, "role": "kernel-engineer", **more})


def test_a_plan_has_steps_with_dates_and_reasons_and_its_proof(api, ada, role):
    answer = plan(api, ada, starts_on=TODAY.isoformat())
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["status"], made["cost"], made["bound"], made["gap"]) == ("optimal", 5400, 5400, 0.0)
    assert (made["hours"], made["price"], made["unreachable"]) == (50, 400, [])
    first, second = made["steps"]
    assert (first["course"], second["course"]) == ("python-course", "cuda-course")
    assert first["starts_on"] == TODAY.isoformat()
    assert first["ends_on"] <= second["starts_on"] < second["ends_on"] == made["ends_on"]
    assert first["reasons"]["opens"] == [{"course": "cuda-course", "skills": ["python"]}]
    assert second["reasons"]["gains"] == [{"skill": "cuda", "before": 0, "after": 3, "needed": 3}]
    assert answer["Location"] == made["url"]
    assert api.get(f"plans/{made['id']}/").json() == made


def test_asking_again_returns_the_proven_plan(api, ada, role):
    first, second = plan(api, ada), plan(api, ada)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"whishes": {}}, "#/whishes"),
        ({"wishes": {"max_pricee": 0, "languages": ["zh"]}}, "#/wishes/max_pricee"),
    ],
)
def test_a_misspelt_wish_is_refused_and_nothing_is_planned(api, ada, role, sent, where):
    answer = plan(api, ada, **sent)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["message"]) == (where, "There is no such member.")
    assert not Plan.objects.exists()


def test_wishes_shape_the_plan(api, ada, role, chinese_course):
    builders.make_course("cheap-cuda", hours=90, requires={"python": 2}, teaches={"cuda": 3})
    assert plan(api, ada).json()["price"] == 400
    free = plan(api, ada, wishes={"max_price": 0}).json()
    assert [step["course"] for step in free["steps"]] == ["python-course", "cheap-cuda"]
    without = plan(api, ada, wishes={"exclude": ["cuda-course"]}).json()
    assert [step["course"] for step in without["steps"]] == ["python-course", "cheap-cuda"]
    chinese = plan(api, ada, wishes={"languages": ["zh"]}).json()
    assert (chinese["status"], chinese["cost"], chinese["gap"], chinese["steps"]) == (
        "infeasible",
        None,
        None,
        [],
    )
    assert chinese["unreachable"] == ["cuda"]


def test_plans_are_listed_by_person_role_and_currency(api, ada, role):
    old = plan(api, ada).json()
    new = plan(api, ada, wishes={"max_price": 500}).json()
    listed = api.get(f"plans/?person={ada}").json()
    assert [row["id"] for row in listed["results"]] == [new["id"], old["id"]]
    assert "steps" not in listed["results"][0]
    assert [row["id"] for row in api.get("plans/?current=true").json()["results"]] == [new["id"]]
    assert [row["id"] for row in api.get("plans/?current=false").json()["results"]] == [old["id"]]
    assert api.get("plans/?role=none").json()["count"] == 0
    assert api.get(f"plans/?person={uuid.uuid4()}").json()["count"] == 0
    assert api.get("plans/?person=ada").status_code == 422


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"role": "no-such-role"}, 422, "#/role"),
        ({"person": str(uuid.uuid4())}, 404, "#/person"),
        ({"person": "ada"}, 422, "#/person"),
        ({"starts_on": "9999-12-31"}, 422, "#/starts_on"),
        ({"wishes": {"max_price": -1}}, 422, "#/wishes/max_price"),
        ({"wishes": {"exclude": ["no-such-course"]}}, 422, "#/wishes/exclude/0"),
        ({"wishes": 7}, 422, "#/wishes"),
    ],
)
def test_a_wrong_plan_is_refused_and_nothing_is_written(api, ada, role, changes, status, pointer):
    answer = plan(api, ada, **changes)
    assert answer.status_code == status
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert not Plan.objects.exists()


def test_a_role_is_assigned_once_listed_and_withdrawn(api, ada, role):
    wanted = {"person": ada, "role": "kernel-engineer", "due_on": (TODAY + timedelta(days=300)).isoformat()}
    answer = api.post("assignments/", wanted)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert {name: made[name] for name in wanted} == wanted
    assert api.post("assignments/", wanted).status_code == 409
    assert api.get(f"assignments/?person={ada}").json()["results"] == [made]
    assert api.delete(f"assignments/{made['id']}/").status_code == 204
    assert api.get("assignments/").json()["count"] == 0
    assert api.get(f"assignments/{made['id']}/").json()["withdrawn_at"]
    assert api.delete(f"assignments/{made['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"due_on": TODAY.isoformat()}, 422),
        ({"due_on": "soon"}, 422),
        ({"role": "none"}, 422),
        ({"person": str(uuid.uuid4())}, 404),
    ],
)
def test_a_wrong_assignment_is_refused(api, ada, role, changes, status):
    wanted = {"person": ada, "role": "kernel-engineer", "due_on": (TODAY + timedelta(days=300)).isoformat()}
    assert api.post("assignments/", {**wanted, **changes}).status_code == status
    assert not Assignment.objects.exists()


def test_progress_counts_finished_hours_and_says_when_it_is_late(api, people, ada, role):
    assignment = builders.make_assignment(people.ada_learner, role, due_in_days=400)
    assert api.get("progress/").json()["results"][0]["plan"] is None
    made = builders.make_plan(people.ada_learner, role)
    step = made.steps.select_related("course", "plan__learner").get(position=1)
    enrolling.complete(actor=Actor(user_id=people.ada.pk), step=step, on_date=TODAY)

    now = api.get(f"assignments/{assignment.pk}/progress/").json()
    assert (now["percent"], now["hours_done"], now["hours_total"], now["late"]) == (40, 20, 50, False)
    assert api.get(f"progress/?person={ada}").json()["results"] == [now]

    Assignment.objects.update(due_on=TODAY + timedelta(days=2))
    assert api.get("progress/").json()["results"][0]["late"] is True


def test_a_plan_that_could_not_be_made_is_no_progress(api, people, role):
    hopeless = builders.make_role("hopeless", requires={"telepathy": 5})
    builders.make_plan(people.ada_learner, hopeless)
    builders.make_assignment(people.ada_learner, hopeless)
    assert api.get("progress/").json()["results"][0]["percent"] == 0


def test_lists_cost_the_same_whatever_their_length(api, ours, role, django_assert_max_num_queries):
    for _number in range(10):
        learner = builders.make_learner(organisation=ours, levels={"python": 1})
        builders.make_assignment(learner, role)
        builders.make_plan(learner, role)
    api.get("plans/")
    for path, queries in (("plans/", 3), ("assignments/", 3), ("progress/", 5)):
        with django_assert_max_num_queries(queries):
            assert len(api.get(path).json()["results"]) == 10


def test_rows_of_other_organisations_do_not_exist(api, people, role):
    foreign = builders.make_plan(people.otto_learner, role)
    assignment = builders.make_assignment(people.otto_learner, role)
    assert api.get(f"plans/{foreign.pk}/").status_code == 404
    assert plan(api, str(people.otto_learner.pk)).status_code == 404
    assert api.get(f"assignments/{assignment.pk}/").status_code == 404
    assert api.get(f"assignments/{assignment.pk}/progress/").status_code == 404
    assert api.delete(f"assignments/{assignment.pk}/").status_code == 404
    for path in ("plans/", "assignments/", "progress/"):
        assert api.get(path).json()["count"] == 0
    assert Assignment.objects.current().count() == 1
