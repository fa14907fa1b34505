"""Found, invite, join, leave; and learners follow their people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from groundwork.accounts import actors, provisioning
from groundwork.accounts.models import Invitation, Membership, ServiceAccount, Team
from groundwork.core.actors import Right
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from groundwork.events.models import AuditEntry, Event
from groundwork.learners import following, recording
from groundwork.learners.models import Learner
from tests import builders, cast

pytestmark = pytest.mark.django_db


def test_a_founder_becomes_the_first_administrator():
    user = builders.make_user()
    organisation = provisioning.found(user=user, name=" Works ", actor=actors.of_user(user))
    assert organisation.name == "Works"
    assert actors.of_user(user).may(Right.MANAGE_ORGANISATION)
    assert AuditEntry.objects.filter(action="organisation.founded", actor=f"user:{user.pk}").exists()


def test_an_organisation_needs_a_name():
    user = builders.make_user()
    with pytest.raises(InvalidError):
        provisioning.found(user=user, name="  ", actor=actors.of_user(user))
    assert not Membership.objects.exists()


def test_an_invited_person_joins_once_and_the_secret_is_not_stored():
    people = cast.gather()
    invitation, secret = provisioning.invite(
        actor=people.actor(people.hana), email="New@Example.com", kind=Membership.Kind.MEMBER
    )
    assert secret not in str(Invitation.objects.values().get(pk=invitation.pk))
    user = builders.make_user("new@example.com")
    now = timezone.now()
    provisioning.accept(secret=secret, user=user, actor=actors.of_user(user), now=now)
    assert user.membership.organisation == people.ours
    with pytest.raises(NotFoundError):
        provisioning.invitation_for(secret, now=now)


def test_an_invitation_is_for_its_address_only_and_ages():
    people = cast.gather()
    _invitation, secret = provisioning.invite(
        actor=people.actor(people.hana), email="new@example.com", kind=Membership.Kind.MEMBER
    )
    stranger = builders.make_user("stranger@example.com")
    with pytest.raises(ForbiddenError):
        provisioning.accept(secret=secret, user=stranger, actor=actors.of_user(stranger), now=timezone.now())
    with pytest.raises(NotFoundError):
        provisioning.invitation_for(secret, now=timezone.now() + timedelta(days=15))


def test_members_cannot_invite_or_open_keys():
    people = cast.gather()
    with pytest.raises(ForbiddenError):
        provisioning.invite(actor=people.actor(people.ada), email="x@example.com", kind="member")
    with pytest.raises(ForbiddenError):
        provisioning.open_service_account(
            actor=people.actor(people.ada), name="key", scopes=[Right.READ_PEOPLE]
        )


def test_one_person_belongs_to_one_organisation():
    people = cast.gather()
    with pytest.raises(ConflictError):
        provisioning.join(
            user=people.ada, organisation=people.theirs, kind="member", actor=people.actor(people.otto)
        )


def test_the_last_administrator_stays():
    people = cast.gather()
    with pytest.raises(ConflictError):
        provisioning.leave(membership=people.otto.membership, actor=people.actor(people.otto))


def test_whoever_leaves_is_no_longer_seen(django_capture_on_commit_callbacks):
    people = cast.gather()
    hana = people.actor(people.hana)
    assert Learner.objects.visible_to(hana).filter(pk=people.ada_learner.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        provisioning.leave(membership=people.ada.membership, actor=hana)
    assert not Learner.objects.visible_to(hana).filter(pk=people.ada_learner.pk).exists()
    assert Learner.objects.visible_to(actors.of_user(people.ada)).get() == people.ada_learner


def test_a_learner_follows_into_the_organisation(django_capture_on_commit_callbacks):
    people = cast.gather()
    user = builders.make_user("loner@example.com")
    learner = recording.learner_of(user, actor=actors.of_user(user))
    with django_capture_on_commit_callbacks(execute=True):
        provisioning.join(user=user, organisation=people.ours, kind="member", actor=people.actor(people.hana))
    learner.refresh_from_db()
    assert learner.organisation == people.ours


def test_a_key_works_until_it_is_revoked_and_only_its_digest_is_stored():
    people = cast.gather()
    hana = people.actor(people.hana)
    account, token = provisioning.open_service_account(actor=hana, name="HR", scopes=[Right.READ_PEOPLE])
    assert token not in str(ServiceAccount.objects.values().get(pk=account.pk))
    assert ServiceAccount.objects.holding(token) == account
    assert actors.of_service_account(account).rights == {Right.READ_PEOPLE}
    provisioning.revoke(actor=hana, account=account, now=timezone.now())
    assert ServiceAccount.objects.holding(token) is None


@pytest.mark.parametrize("scopes", [[], ["organisation:manage"], ["everything"]])
def test_a_key_gets_known_scopes_only(scopes):
    people = cast.gather()
    with pytest.raises(InvalidError):
        provisioning.open_service_account(actor=people.actor(people.hana), name="HR", scopes=scopes)


def test_team_names_are_unique_within_an_organisation():
    people = cast.gather()
    hana = people.actor(people.hana)
    provisioning.form_team(actor=hana, name="Core", members=[people.ada.membership])
    with pytest.raises(ConflictError):
        provisioning.form_team(actor=hana, name="Core", members=[])
    assert not Team.objects.visible_to(people.actor(people.otto)).exists()
    assert not Team.objects.visible_to(people.actor(people.ada)).exists()


def test_members_see_themselves_and_administrators_everybody_of_theirs():
    people = cast.gather()
    seen = {
        name: set(Membership.objects.visible_to(people.actor(user)).values_list("user__email", flat=True))
        for name, user in (("ada", people.ada), ("hana", people.hana), ("otto", people.otto))
    }
    assert seen == {
        "ada": {"ada@example.com"},
        "hana": {"ada@example.com", "ben@example.com", "hana@example.com"},
        "otto": {"otto@example.org"},
    }


def test_only_oneself_or_an_administrator_ends_a_membership():
    people = cast.gather()
    for user in (people.ada, people.otto):
        with pytest.raises(ForbiddenError):
            provisioning.leave(membership=people.ben.membership, actor=people.actor(user))
    provisioning.leave(membership=people.ada.membership, actor=people.actor(people.ada))
    provisioning.leave(membership=people.ben.membership, actor=people.actor(people.hana))
    assert Membership.objects.filter(organisation=people.ours).count() == 1


def test_keys_and_people_of_others_are_out_of_reach():
    people = cast.gather()
    otto = people.actor(people.otto)
    account, _token = builders.make_key(people.ours)
    with pytest.raises(ForbiddenError):
        provisioning.revoke(actor=otto, account=account, now=timezone.now())
    with pytest.raises(ForbiddenError):
        provisioning.form_team(actor=otto, name="Core", members=[people.ada.membership])
    with pytest.raises(InvalidError):
        provisioning.invite(actor=otto, email="x@example.com", kind="owner")
    with pytest.raises(InvalidError):
        provisioning.form_team(actor=otto, name=" ", members=[])


def test_an_event_that_arrives_late_does_not_show_a_person_to_a_former_employer():
    people = cast.gather()
    provisioning.leave(membership=people.ada.membership, actor=people.actor(people.ada))
    left = Event.objects.get(kind="membership.left")
    joined = Event.objects.get(kind="membership.joined", payload__user=str(people.ada.pk))
    for event in (left, joined, joined):
        following.on_membership_changed(event)
    people.ada_learner.refresh_from_db()
    assert people.ada_learner.organisation is None


def join_invited(people, email, *, django_capture_on_commit_callbacks, learner_first):
    _invitation, secret = provisioning.invite(actor=people.actor(people.hana), email=email, kind="member")
    user = builders.make_user(email)
    if learner_first:
        recording.learner_of(user, actor=actors.of_user(user))
    with django_capture_on_commit_callbacks(execute=True):
        provisioning.accept(secret=secret, user=user, actor=actors.of_user(user), now=timezone.now())
    return type(user).objects.get(pk=user.pk)


@pytest.mark.parametrize("learner_first", [False, True])
def test_whoever_was_entered_by_hr_takes_that_learner_over(django_capture_on_commit_callbacks, learner_first):
    people = cast.gather()
    eve = recording.enter_person(actor=people.actor(people.hana), name="Eve", email="Eve@Example.com")
    builders.give_levels(eve, {"python": 3})
    user = join_invited(
        people,
        "eve@example.com",
        django_capture_on_commit_callbacks=django_capture_on_commit_callbacks,
        learner_first=learner_first,
    )
    assert recording.learner_of(user, actor=actors.of_user(user)) == eve
    assert Learner.objects.filter(organisation=people.ours, name="Eve").count() == 1
    assert user.learner.levels() == {"python": 3}


def test_a_person_with_a_learning_of_their_own_keeps_it(django_capture_on_commit_callbacks):
    people = cast.gather()
    recording.enter_person(actor=people.actor(people.hana), name="Eve", email="eve@example.com")
    user = builders.make_user("eve@example.com")
    own = builders.make_learner(user=user, levels={"sql": 2})
    with django_capture_on_commit_callbacks(execute=True):
        provisioning.join(user=user, organisation=people.ours, kind="member", actor=people.actor(people.hana))
    own.refresh_from_db()
    assert (own.user, own.organisation) == (user, people.ours)


def test_what_the_former_employer_called_a_person_stays_behind(django_capture_on_commit_callbacks):
    people = cast.gather()
    user = builders.make_user("eve@example.com", organisation=people.ours)
    learner = builders.make_learner(user=user, organisation=people.ours, external_id="P-7")
    with django_capture_on_commit_callbacks(execute=True):
        provisioning.leave(membership=user.membership, actor=people.actor(people.hana))
    learner.refresh_from_db()
    assert (learner.organisation, learner.external_id) == (None, "")
