"""An administrator invites, groups, assigns, follows, hands out keys; other organisations see nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.accounts.models import Membership, ServiceAccount, Team
from groundwork.learners.models import Learner
from groundwork.plans.models import Assignment
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World, signed_in

pytestmark = pytest.mark.django_db


def due_on(days: int = 365) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def assignment(people: Cast, world: World) -> Assignment:
    return builders.make_assignment(people.ada_learner, world.role)


def test_somebody_starts_an_organisation(world: World):  # the database is there
    client = signed_in(builders.make_user("founder@example.net"))
    assert client.post("/organisation/new/", {"name": "Fresh Ltd"})["Location"] == "/organisation/"
    assert "Fresh Ltd" in client.get("/organisation/").content.decode()
    assert client.post("/organisation/new/", {"name": "Second"}).status_code == 422


def test_an_invitation_is_a_link_shown_once_for_one_address(hana: Client, people: Cast):
    page = hana.post("/organisation/invitations/", {"email": "Carl@example.com", "kind": "member"})
    link = re.search(r"<code>http://testserver(/join/[^<]+)</code>", page.content.decode())
    assert link
    assert link[1] not in hana.get("/organisation/").content.decode()
    stranger = signed_in(builders.make_user("someone.else@example.com"))
    assert "another e-mail address" in stranger.post(link[1], follow=True).content.decode()
    carl = builders.make_user("carl@example.com")
    client = signed_in(carl)
    assert "Its administrators will see your plans" in client.get(link[1]).content.decode()
    client.post(link[1])
    assert Membership.objects.get(user=carl).organisation == people.ours
    assert "was used already" in client.get(link[1], follow=True).content.decode()


def test_a_role_is_assigned_to_a_person_and_the_person_sees_it(
    hana: Client, ada: Client, people: Cast, world: World
):
    who = f"person:{people.ada_learner.pk}"
    page = hana.post(
        "/organisation/assignments/",
        {"who": who, "role": world.role.slug, "due_on": due_on()},
        follow=True,
    )
    assert "Assigned to 1 person." in page.content.decode()
    assert "Lovelace Works asks you to be ready by" in ada.get("/me/").content.decode()


def test_a_role_is_assigned_to_a_team(hana: Client, people: Cast, world: World):
    members = Membership.objects.filter(user__in=[people.ada, people.ben])
    hana.post("/organisation/teams/", {"name": "Kernel", "member": [one.pk for one in members]})
    team = Team.objects.get()
    page = hana.post(
        "/organisation/assignments/",
        {"who": f"team:{team.pk}", "role": world.role.slug, "due_on": due_on()},
        follow=True,
    )
    assert "Assigned to 2 people." in page.content.decode()
    assert Assignment.objects.filter(team=team).count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [({"due_on": due_on(-1)}, "__all__"), ({"role": "no-such-role"}, "role"), ({"who": "person:x"}, "who")],
)
def test_a_wrong_assignment_is_refused(
    hana: Client, people: Cast, world: World, change: dict[str, str], field: str
):
    data = {"who": f"person:{people.ada_learner.pk}", "role": world.role.slug, "due_on": due_on()}
    answer = hana.post("/organisation/assignments/", data | change)
    assert answer.status_code == 422
    assert field in answer.context["assignment_form"].errors
    assert not Assignment.objects.exists()


def test_a_person_of_another_organisation_cannot_be_assigned_to(hana: Client, people: Cast, world: World):
    data = {"who": f"person:{people.otto_learner.pk}", "role": world.role.slug, "due_on": due_on()}
    assert hana.post("/organisation/assignments/", data).status_code == 422
    assert not Assignment.objects.exists()


def test_progress_and_gaps_of_a_person_are_shown(hana: Client, people: Cast, assignment: Assignment):
    builders.give_levels(people.ada_learner, {"zig-tooling": 3})
    plan = builders.make_plan(people.ada_learner, assignment.role)
    step = plan.steps.get(position=1)
    signed_in(people.ada).post(f"/me/plans/{plan.pk}/steps/{step.pk}/complete/")
    overview = hana.get("/organisation/").content.decode()
    assert "40 % done" in overview
    page = hana.get(f"/organisation/people/{people.ada_learner.pk}/").content.decode()
    assert "Kernel tuning" in page
    assert "1 gap" in page
    assert "2 skills on record" in page


def test_a_plan_that_ends_too_late_is_marked(hana: Client, people: Cast, world: World):
    builders.make_assignment(people.ada_learner, world.role, due_in_days=7)
    builders.make_plan(people.ada_learner, world.role)
    assert "after the due date" in hana.get("/organisation/").content.decode()


def test_an_assignment_is_withdrawn(hana: Client, ada: Client, assignment: Assignment):
    hana.post(f"/organisation/assignments/{assignment.pk}/withdraw/")
    assert not Assignment.objects.current().exists()
    assert "Assigned to you" not in ada.get("/me/").content.decode()
    assert hana.post(f"/organisation/assignments/{assignment.pk}/withdraw/").status_code == 404


def test_a_person_without_an_account_is_entered_once(hana: Client):
    data = {"name": "Petra Prinz", "external_id": "P-7"}
    assert (
        "The person is entered." in hana.post("/organisation/people/add/", data, follow=True).content.decode()
    )
    assert "exists already" in hana.post("/organisation/people/add/", data, follow=True).content.decode()
    assert Learner.objects.filter(external_id="P-7").count() == 1


def test_a_key_is_shown_once_and_can_be_closed(hana: Client):
    page = hana.post("/organisation/keys/add/", {"name": "HR", "scopes": ["people:read"]}).content.decode()
    token = re.search(r"gwk_[\w-]{30,}", page)
    assert token
    account = ServiceAccount.objects.get()
    assert ServiceAccount.objects.holding(token[0]) == account
    later = hana.get("/organisation/keys/").content.decode()
    assert token[0] not in later
    assert "read people and their skills" in later
    hana.post(f"/organisation/keys/{account.pk}/revoke/")
    assert ServiceAccount.objects.holding(token[0]) is None


def test_a_key_needs_a_scope_from_the_list(hana: Client):
    assert hana.post("/organisation/keys/add/", {"name": "HR"}).status_code == 422
    data = {"name": "HR", "scopes": ["organisation:manage"]}
    assert hana.post("/organisation/keys/add/", data).status_code == 422
    assert not ServiceAccount.objects.exists()


def test_the_trail_names_people_and_deeds(hana: Client, people: Cast, world: World):
    data = {"who": f"person:{people.ada_learner.pk}", "role": world.role.slug, "due_on": due_on()}
    hana.post("/organisation/assignments/", data)
    page = hana.get("/organisation/keys/").content.decode()
    assert "Hana Hofer" in page
    assert "assigned a role" in page
    assert "指派了岗位" in hana.get("/organisation/keys/", headers={"Accept-Language": "zh"}).content.decode()


def test_another_organisation_sees_nothing(otto: Client, people: Cast, assignment: Assignment):
    plan = builders.make_plan(people.ada_learner, assignment.role)
    key, _token = builders.make_key(people.ours)
    assert otto.get(f"/organisation/people/{people.ada_learner.pk}/").status_code == 404
    assert otto.get(f"/me/plans/{plan.pk}/").status_code == 404
    assert otto.post(f"/organisation/assignments/{assignment.pk}/withdraw/").status_code == 404
    assert otto.post(f"/organisation/keys/{key.pk}/revoke/").status_code == 404
    page = otto.get("/organisation/").content.decode() + otto.get("/organisation/keys/").content.decode()
    assert "Ada Ahlgren" not in page
    assert "Lovelace" not in page
    assert Assignment.objects.current().count() == 1


@pytest.mark.parametrize("address", ["/organisation/", "/organisation/keys/"])
def test_a_member_without_the_right_does_not_learn_that_the_page_exists(ada: Client, address: str):
    assert ada.get(address).status_code == 404
