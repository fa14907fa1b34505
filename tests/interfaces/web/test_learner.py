"""Signed in: a visit kept, a plan kept, steps finished and undone; and nobody else's plan."""

from __future__ import annotations

import pytest
from django.test import Client

from groundwork.learners.models import Evidence, Learner
from groundwork.plans.models import Plan, PlanStep
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import CV, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(ada: Client, people: Cast) -> Plan:  # Ada's client keeps it
    builders.give_levels(people.ada_learner, {"zig-tooling": 3})
    ada.post("/roles/kernel-engineer/keep/?hours=10")
    return Plan.objects.get()


@pytest.mark.parametrize("address", ["/me/", "/me/history/", "/organisation/new/"])
def test_strangers_are_asked_to_sign_in(visitor: Client, address: str):
    assert visitor.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_somebody_new_signs_up_and_keeps_the_skills_of_the_visit(confirmed: Client):
    confirmed.post(
        "/accounts/signup/",
        {"email": "new@example.com", "password1": "a long pass phrase", "password2": "a long pass phrase"},
    )
    page = confirmed.get("/me/").content.decode()
    assert "You confirmed 1 skill before signing in." in page
    assert not Evidence.objects.exists(), "nothing is kept unasked"
    answer = confirmed.post("/skills/keep/", {"next": "/roles/kernel-engineer/path/"})
    assert answer["Location"] == "/roles/kernel-engineer/path/"
    learner = Learner.objects.get(user__email="new@example.com")
    assert learner.levels() == {"zig-tooling": 3}
    assert "levels" not in confirmed.session
    assert "before signing in" not in confirmed.get("/me/").content.decode()


def test_the_path_offers_to_keep_the_visit_before_it_asks_for_skills(
    ada: Client, visitor: Client, people: Cast
):
    visitor.post("/cv/", {"text": CV})
    visitor.post("/skills/save/", {"skill": "zig-tooling", "level-zig-tooling": "3"})
    visitor.post("/accounts/login/", {"login": people.ada.email, "password": builders.PASSWORD})
    assert "You confirmed 1 skill" in visitor.get("/roles/kernel-engineer/path/").content.decode()
    assert "You confirmed 1 skill" not in ada.get("/roles/kernel-engineer/path/").content.decode()


def test_the_start_page_greets_whoever_is_signed_in(ada: Client):
    assert "Welcome, Ada Ahlgren." in ada.get("/").content.decode()


def test_a_cv_becomes_evidence_with_its_words(ada: Client, people: Cast):
    ada.post("/cv/", {"text": CV})
    ada.post("/skills/save/", {"skill": "zig-tooling", "level-zig-tooling": "4"})
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.level, evidence.words) == ("cv", 4, "Zig tooling")
    assert people.ada_learner.levels() == {"zig-tooling": 4}
    assert "found" not in ada.session
    assert "Zig tooling" in ada.get("/me/history/").content.decode()


def test_skills_taken_out_can_be_brought_back(ada: Client, people: Cast):
    builders.give_levels(people.ada_learner, {"zig-tooling": 3, "kernel-tuning": 2})
    ada.post("/skills/save/", {"skill": "kernel-tuning", "level-kernel-tuning": "2"})
    assert people.ada_learner.levels() == {"kernel-tuning": 2}
    assert "You have taken out 1 skill." in ada.get("/skills/").content.decode()
    ada.post("/skills/restore/", {"next": "/skills/"})
    assert people.ada_learner.levels() == {"kernel-tuning": 2, "zig-tooling": 3}
    assert "You have taken out" not in ada.get("/skills/").content.decode()


def test_a_kept_plan_shows_steps_and_progress(ada: Client, plan: Plan):
    assert (plan.status, plan.hours, plan.hours_per_week) == ("optimal", 50, 10)
    page = ada.get(f"/me/plans/{plan.pk}/").content.decode()
    assert "0 of 50 hours done" in page
    assert "First steps" in page
    assert "Kernel engineer" in ada.get("/me/").content.decode()


def test_a_finished_step_counts_and_can_be_undone(ada: Client, plan: Plan, people: Cast):
    step = PlanStep.objects.get(plan=plan, position=1)
    ada.post(f"/me/plans/{plan.pk}/steps/{step.pk}/complete/")
    assert people.ada_learner.levels()["kernel-tuning"] == 2
    page = ada.get(f"/me/plans/{plan.pk}/").content.decode()
    assert "20 of 50 hours done" in page
    assert "Your skills have changed" not in page
    ada.post(f"/me/plans/{plan.pk}/steps/{step.pk}/reopen/")
    assert "kernel-tuning" not in people.ada_learner.levels()
    assert "0 of 50 hours done" in ada.get(f"/me/plans/{plan.pk}/").content.decode()


def test_finishing_twice_is_refused_with_a_message(ada: Client, plan: Plan):
    step = PlanStep.objects.get(plan=plan, position=1)
    ada.post(f"/me/plans/{plan.pk}/steps/{step.pk}/complete/")
    page = ada.post(f"/me/plans/{plan.pk}/steps/{step.pk}/complete/", follow=True)
    assert "This step is finished already." in page.content.decode()


def test_a_plan_says_when_the_skills_have_moved_on_and_is_made_again(
    ada: Client, plan: Plan, people: Cast, world: World
):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    page = ada.get(f"/me/plans/{plan.pk}/").content.decode()
    assert "Your skills have changed since this plan was made" in page
    ada.post(f"/roles/{world.role.slug}/keep/")
    assert Plan.objects.current().get().hours == 30
    assert "A later plan has taken the place" in ada.get(f"/me/plans/{plan.pk}/").content.decode()


def test_hours_per_week_are_kept(ada: Client, people: Cast):
    ada.post("/me/hours/", {"hours": "15"})
    people.ada_learner.refresh_from_db()
    assert people.ada_learner.hours_per_week == 15
    page = ada.get("/roles/kernel-engineer/path/", follow=True)
    assert page.status_code == 200


def test_nobody_elses_plan_is_there(otto: Client, visitor: Client, plan: Plan):
    step = plan.steps.get(position=1)
    assert otto.get(f"/me/plans/{plan.pk}/").status_code == 404
    assert otto.post(f"/me/plans/{plan.pk}/steps/{step.pk}/complete/").status_code == 404
    assert visitor.get(f"/me/plans/{plan.pk}/").status_code == 302
    step.refresh_from_db()
    assert step.completed_on is None


def test_an_administrator_sees_a_plan_but_cannot_finish_its_steps(hana: Client, plan: Plan):
    assert "Mark as finished" not in hana.get(f"/me/plans/{plan.pk}/").content.decode()
    step = plan.steps.get(position=1)
    hana.post(f"/me/plans/{plan.pk}/steps/{step.pk}/complete/")
    step.refresh_from_db()
    assert step.completed_on is None


@pytest.mark.parametrize(
    "address", ["/me/", "/me/history/", "/skills/", "/roles/", "/roles/kernel-engineer/"]
)
def test_the_pages_of_a_learner_speak_chinese(ada: Client, plan: Plan, address: str):
    page = ada.get(address, headers={"Accept-Language": "zh-CN"}).content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "筑基" in page
    plan_page = ada.get(f"/me/plans/{plan.pk}/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "通往内核工程师的路径" in plan_page
