"""Links to plans and calendar addresses: a secret opens, nothing else does, and all is on the trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from groundwork.core.actors import VISITOR, Actor
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events.models import AuditEntry
from groundwork.plans import sharing
from groundwork.plans.models import Plan
from groundwork.plans.shares import CalendarFeed, PlanShare
from tests import builders, cast
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def people() -> Cast:
    builders.make_course("basics", hours=20, teaches={"python": 2})
    return cast.gather()


@pytest.fixture
def ada(people: Cast) -> Actor:
    return people.actor(people.ada)


@pytest.fixture
def plan(people: Cast) -> Plan:
    return builders.make_plan(people.ada_learner, builders.make_role("engineer", requires={"python": 2}))


def share(actor: Actor, plan: Plan, *, days: int = 7) -> tuple[PlanShare, str]:
    return sharing.share(actor=actor, plan=plan, ends_at=NOW + timedelta(days=days), now=NOW)


def actions() -> list[str]:
    recorded = AuditEntry.objects.filter(action__regex=r"^(plan\.shared|share\.|calendar\.)")
    return list(recorded.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("days", [1, 7, 366])
def test_a_link_opens_its_plan_until_its_last_second(ada: Actor, plan: Plan, days: int):
    made, secret = share(ada, plan, days=days)
    end = NOW + timedelta(days=days)
    opened = PlanShare.objects.opened_by(secret, now=end - A_SECOND)
    assert opened == made
    assert opened.plan == plan
    assert PlanShare.objects.opened_by(secret, now=end) is None


def test_the_secret_is_kept_nowhere(ada: Actor, plan: Plan):
    made, secret = share(ada, plan)
    feed = sharing.open_feed(actor=ada, learner=plan.learner, language="en", now=NOW)
    for row in (*PlanShare.objects.values(), *CalendarFeed.objects.values(), *AuditEntry.objects.values()):
        assert secret not in str(row)
        assert feed not in str(row)
    assert made.hint == secret[:6]
    assert len(secret) == 43


def test_a_withdrawn_link_opens_nothing_and_is_withdrawn_once(ada: Actor, plan: Plan):
    made, secret = share(ada, plan)
    _other, still = share(ada, plan)
    for _twice in range(2):
        sharing.revoke(actor=ada, share=made, now=NOW)
    assert PlanShare.objects.opened_by(secret, now=NOW) is None
    assert PlanShare.objects.opened_by(still, now=NOW)
    assert actions() == ["plan.shared", "plan.shared", "share.revoked"]


def test_a_withdrawal_is_taken_back_within_a_day(ada: Actor, plan: Plan):
    made, secret = share(ada, plan, days=1)
    other, _secret = share(ada, plan)
    sharing.revoke(actor=ada, share=made, now=NOW)
    assert set(PlanShare.objects.listed(NOW)) == {made, other}
    sharing.restore(actor=ada, share=made, now=NOW + A_SECOND)
    opened = PlanShare.objects.opened_by(secret, now=NOW + A_SECOND)
    assert opened == made
    assert opened.expires_at == NOW + timedelta(days=1)
    assert actions()[-2:] == ["share.revoked", "share.restored"]


def test_what_is_live_expired_or_long_withdrawn_is_not_brought_back(ada: Actor, plan: Plan):
    live, short, long = (share(ada, plan, days=days)[0] for days in (7, 1, 30))
    for one in (short, long):
        sharing.revoke(actor=ada, share=one, now=NOW)
    later = NOW + timedelta(days=1)
    assert list(PlanShare.objects.listed(later)) == [live]
    for one in (live, short, long):
        with pytest.raises(ConflictError):
            sharing.restore(actor=ada, share=one, now=later)
    assert "share.restored" not in actions()


def test_the_day_it_was_opened_is_remembered_and_no_more(
    ada: Actor, plan: Plan, django_assert_num_queries: Any
):
    made, _secret = share(ada, plan)
    today = NOW.date()
    sharing.note_opened(made, today=today)
    made.refresh_from_db()
    assert made.last_opened_on == today
    with django_assert_num_queries(0):
        sharing.note_opened(made, today=today)


def test_other_ends_and_plans_without_steps_are_refused(ada: Actor, people: Cast, plan: Plan):
    for days in (-1, 0, 367):
        with pytest.raises(InvalidError):
            share(ada, plan, days=days)
    builders.make_skill("untaught")
    nowhere = builders.make_plan(people.ada_learner, builders.make_role("far", requires={"untaught": 3}))
    with pytest.raises(ConflictError):
        share(ada, nowhere)
    assert not PlanShare.objects.exists()
    assert actions() == []


@pytest.mark.parametrize("who", ["ben", "hana", "otto"])
def test_only_the_learner_shares_and_sees_it(people: Cast, plan: Plan, who: str):
    other = people.actor(getattr(people, who))
    ada = people.actor(people.ada)
    made, secret = share(ada, plan)
    feed = sharing.open_feed(actor=ada, learner=plan.learner, language="en", now=NOW)
    for act in (
        lambda: share(other, plan),
        lambda: sharing.revoke(actor=other, share=made, now=NOW),
        lambda: sharing.restore(actor=other, share=made, now=NOW),
        lambda: sharing.open_feed(actor=other, learner=plan.learner, language="en", now=NOW),
        lambda: sharing.close_feed(actor=other, learner=plan.learner),
    ):
        with pytest.raises(ForbiddenError):
            act()
    for actor, sees in ((ada, 1), (other, 0), (VISITOR, 0)):
        assert PlanShare.objects.visible_to(actor).count() == sees
        assert CalendarFeed.objects.visible_to(actor).count() == sees
    assert PlanShare.objects.opened_by(secret, now=NOW)
    assert CalendarFeed.objects.opened_by(feed)


def test_a_closed_account_closes_its_addresses(ada: Actor, people: Cast, plan: Plan):
    _made, secret = share(ada, plan)
    feed = sharing.open_feed(actor=ada, learner=plan.learner, language="en", now=NOW)
    people.ada.is_active = False
    people.ada.save()
    assert PlanShare.objects.opened_by(secret, now=NOW) is None
    assert CalendarFeed.objects.opened_by(feed) is None


def test_a_renewed_calendar_address_ends_the_former_one(ada: Actor, plan: Plan):
    first = sharing.open_feed(actor=ada, learner=plan.learner, language="en", now=NOW)
    second = sharing.open_feed(actor=ada, learner=plan.learner, language="zh-hans", now=NOW)
    assert CalendarFeed.objects.opened_by(first) is None
    found = CalendarFeed.objects.opened_by(second)
    assert found
    assert (found.learner, found.language) == (plan.learner, "zh-hans")
    for _twice in range(2):
        sharing.close_feed(actor=ada, learner=plan.learner)
    assert CalendarFeed.objects.opened_by(second) is None
    assert actions() == ["calendar.opened", "calendar.renewed", "calendar.closed"]


def test_the_database_refuses_a_link_that_ends_before_it_begins(ada: Actor, plan: Plan):
    made, _secret = share(ada, plan)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanShare.objects.filter(pk=made.pk).update(expires_at=NOW)
