"""A kept plan shared by a link: made, opened by anybody, withdrawn; nothing on it tells of its owner."""

from __future__ import annotations

import html
import re
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.events.models import AuditEntry
from groundwork.plans import enrolling
from groundwork.plans.models import Plan
from groundwork.plans.shares import PlanShare
from groundwork.web.presenting import StepView
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(people: Cast, world: World) -> Plan:
    builders.give_levels(people.ada_learner, {"kernel-tuning": 1})
    return builders.make_plan(people.ada_learner, world.role)


def make(client: Client, plan: Plan, **fields: str) -> str:
    """The path of a new link, as its page shows it."""
    answer = client.post(f"/me/plans/{plan.pk}/share/", fields or {"life": "30"})
    assert answer.status_code == 200
    [address] = re.findall(r'value="http://testserver(/shared/[-\w]{43}/)"', answer.content.decode())
    return str(address)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_link_is_made_and_opens_the_plan_without_an_account(ada: Client, visitor: Client, plan: Plan):
    assert f"/me/plans/{plan.pk}/share/" in text(ada.get(f"/me/plans/{plan.pk}/"))
    assert "No link leads to this plan." in text(ada.get(f"/me/plans/{plan.pk}/share/"))
    address = make(ada, plan)
    page = text(visitor.get(address))
    assert "Path to Kernel engineer" in page
    assert "First steps" in page
    assert "Second steps" in page
    day = timezone.localdate() + timedelta(days=30)
    assert f"until {day}" in page
    listed = text(ada.get(f"/me/plans/{plan.pk}/share/"))
    assert address not in listed
    assert address.split("/")[2][:6] in listed
    assert AuditEntry.objects.filter(action="plan.shared").count() == 1


def test_a_link_may_end_on_any_day_within_a_year(ada: Client, visitor: Client, plan: Plan):
    today = timezone.localdate()
    address = make(ada, plan, life="until", until=today.isoformat())
    made = PlanShare.objects.get()
    assert timezone.localtime(made.expires_at).date() == today
    assert visitor.get(address).status_code == 200
    for day in ("", "soon", (today - timedelta(days=1)).isoformat(), "2999-01-01"):
        answer = ada.post(f"/me/plans/{plan.pk}/share/", {"life": "until", "until": day})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in text(answer)
    assert ada.post(f"/me/plans/{plan.pk}/share/", {"life": "9"}).status_code == 422
    assert PlanShare.objects.count() == 1


def test_nothing_of_the_owner_is_on_it(ada: Client, visitor: Client, people: Cast, plan: Plan):
    address = make(ada, plan)
    before = visitor.get(address)
    enrolling.complete(
        actor=people.actor(people.ada), step=plan.steps.get(position=1), on_date=timezone.localdate()
    )
    for reader in (visitor, signed_in(people.otto), ada):
        page = text(reader.get(address))
        for word in ("Ada", "ada@", str(plan.pk), str(plan.learner_id), str(people.ada.pk), "finished"):
            assert word not in page
    after = text(visitor.get(address))
    assert after == text(before)
    assert "Kernel tuning →2" in after
    assert "1→2" not in after


def test_whoever_adds_to_a_step_says_whether_strangers_see_it():
    """A new field belongs to `_nameless` in shared.py, where it tells of the person, and then here."""
    assert {one.name for one in fields(StepView)} == {
        *("number", "id", "course", "hours", "price", "starts_on", "ends_on", "weeks", "completed_on"),
        *("closes", "gains", "opens", "on_every_route", "alternatives", "source"),
        *("expected", "hours_basis", "left", "going", "proofs", "beside"),
    }


def test_its_address_stays_between_those_who_have_it(ada: Client, visitor: Client, plan: Plan):
    for address, status in ((make(ada, plan), 200), ("/shared/guessed/", 404)):
        answer = visitor.get(address)
        assert answer.status_code == status
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Cache-Control"] == "private, no-store"
        page = text(answer)
        assert "<form" not in page
        assert "<script" not in page
        assert "csrf" not in page.lower()
        assert not answer.cookies


def test_it_speaks_the_readers_language(ada: Client, plan: Plan):
    address = make(ada, plan)
    chinese = Client(headers={"accept-language": "zh-hans"})
    page = text(chinese.get(address))
    assert "内核工程师" in page
    assert "不显示" in page
    assert 'lang="zh-Hans"' in page
    assert "Kernel engineer" in text(chinese.get(f"{address}?language=en"))
    assert "内核工程师" in text(Client().get(f"{address}?language=zh-hans"))
    assert Client().get(f"{address}?language=xx").status_code == 200
    assert "打不开" in text(chinese.get("/shared/guessed/"))


def test_expired_withdrawn_and_unknown_secrets_look_the_same(ada: Client, visitor: Client, plan: Plan):
    withdrawn, expired = make(ada, plan), make(ada, plan)
    first, second = PlanShare.objects.order_by("created_at")
    ada.post(f"/me/links/{first.pk}/withdraw/")
    now = timezone.now()
    PlanShare.objects.filter(pk=second.pk).update(created_at=now - timedelta(days=9), expires_at=now)
    answers = [visitor.get(one) for one in (withdrawn, expired, "/shared/guessed/")]
    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1
    assert "This link opens nothing" in text(answers[0])


def test_a_link_is_withdrawn_and_brought_back(ada: Client, visitor: Client, plan: Plan):
    address = make(ada, plan)
    link = PlanShare.objects.get()
    answer = ada.post(f"/me/links/{link.pk}/withdraw/", follow=True)
    assert "it stopped working just now" in text(answer)
    assert visitor.get(address).status_code == 404
    answer = ada.post(f"/me/links/{link.pk}/restore/", follow=True)
    assert "works again" in text(answer)
    assert visitor.get(address).status_code == 200
    answer = ada.post(f"/me/links/{link.pk}/restore/", follow=True)
    assert "can no longer be brought back" in text(answer)
    actions = AuditEntry.objects.filter(action__startswith="share.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["share.revoked", "share.restored"]


def test_the_owner_sees_the_day_it_was_opened(ada: Client, visitor: Client, plan: Plan):
    address = make(ada, plan)
    ada.get(address)
    visitor.head(address)
    assert "not opened yet" in text(ada.get(f"/me/plans/{plan.pk}/share/"))
    visitor.get(address)
    assert PlanShare.objects.get().last_opened_on == timezone.localdate()
    assert "not opened yet" not in text(ada.get(f"/me/plans/{plan.pk}/share/"))


def test_only_the_owner_shares(
    visitor: Client, hana: Client, otto: Client, ada: Client, plan: Plan, people: Cast, world: World
):
    make(ada, plan)
    link = PlanShare.objects.get()
    assert "/share/" not in text(hana.get(f"/me/plans/{plan.pk}/"))
    for address in (f"/me/plans/{plan.pk}/share/", f"/me/links/{link.pk}/withdraw/"):
        assert visitor.post(address, {"life": "7"}).status_code == 302
        for other in (hana, otto):
            assert other.post(address, {"life": "7"}).status_code == 404
    assert PlanShare.objects.get().revoked_at is None
    nowhere = builders.make_plan(people.ada_learner, world.far)
    assert ada.get(f"/me/plans/{nowhere.pk}/share/").status_code == 404


def test_a_shared_plan_costs_a_fixed_number_of_queries(
    ada: Client, visitor: Client, people: Cast, plan: Plan, django_assert_num_queries: Any
):
    for number in range(1, 6):
        builders.make_course(
            f"rung-{number}", requires={"rung": number - 1} if number > 1 else {}, teaches={"rung": number}
        )
    long = builders.make_plan(people.ada_learner, builders.make_role("climber", requires={"rung": 5}))
    for one in (plan, long):
        address = make(ada, one)
        visitor.get(address)
        with django_assert_num_queries(6):
            visitor.get(address)
    for links in (1, 4):
        while PlanShare.objects.filter(plan=plan).count() < links:
            make(ada, plan)
        with django_assert_num_queries(8):
            ada.get(f"/me/plans/{plan.pk}/share/")
