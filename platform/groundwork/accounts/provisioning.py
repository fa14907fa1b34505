"""Found, join, leave: the ways people and systems come into an organisation and out of it."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import (
    Invitation,
    Membership,
    Organisation,
    ServiceAccount,
    Team,
    User,
    digest_of,
)
from groundwork.core.actors import Actor, Right
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from groundwork.events import outbox


def _require(actor: Actor, right: Right) -> None:
    if not actor.may(right):
        raise ForbiddenError(_("Only an administrator of the organisation can do this."))


@transaction.atomic
def found(*, user: User, name: str, actor: Actor) -> Organisation:
    """A new organisation with `user` as its first administrator."""
    if not name.strip():
        raise InvalidError(_("Give the organisation a name."))
    organisation = Organisation.objects.create(name=name.strip())
    join(user=user, organisation=organisation, kind=Membership.Kind.ADMINISTRATOR, actor=actor)
    outbox.record(
        actor=actor,
        action="organisation.founded",
        subject=organisation,
        organisation_id=organisation.pk,
    )
    return organisation


@transaction.atomic
def join(*, user: User, organisation: Organisation, kind: str, actor: Actor) -> Membership:
    """Make `user` a member. One organisation per person."""
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, organisation=organisation, kind=kind)
    except IntegrityError as error:
        raise ConflictError(_("This person already belongs to an organisation.")) from error
    outbox.record(
        actor=actor,
        action="membership.joined",
        subject=membership,
        organisation_id=organisation.pk,
        details={"user": str(user.pk), "kind": kind},
    )
    return membership


@transaction.atomic
def leave(*, membership: Membership, actor: Actor) -> None:
    """End a membership, by the member or an administrator; an organisation keeps at least one of these."""
    own = actor.user_id == membership.user_id
    if not own and membership.organisation_id != actor.organisation_id:
        raise ForbiddenError(_("Only an administrator of the organisation can do this."))
    if not own:
        _require(actor, Right.MANAGE_ORGANISATION)
    # Two administrators who leave at once must not both count on the other.
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = Membership.objects.filter(
        organisation_id=membership.organisation_id, kind=Membership.Kind.ADMINISTRATOR
    ).exclude(pk=membership.pk)
    if membership.kind == Membership.Kind.ADMINISTRATOR and not others.exists():
        raise ConflictError(_("The last administrator cannot leave. Name another one first."))
    outbox.record(
        actor=actor,
        action="membership.left",
        subject=membership,
        organisation_id=membership.organisation_id,
        details={"user": str(membership.user_id)},
    )
    membership.delete()


@transaction.atomic
def invite(*, actor: Actor, email: str, kind: str) -> tuple[Invitation, str]:
    """An invitation and its secret; the secret is shown once and not stored."""
    _require(actor, Right.MANAGE_ORGANISATION)
    if kind not in Membership.Kind.values:
        raise InvalidError(_("A person joins as a member or as an administrator."))
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation_id=actor.employer_id,
        email=email.lower(),
        kind=kind,
        secret_digest=digest_of(secret),
    )
    outbox.record(actor=actor, action="invitation.sent", subject=invitation, details={"kind": kind})
    return invitation, secret


def invitation_for(secret: str, *, now: datetime) -> Invitation:
    """The open invitation behind a link. Raises NotFoundError when it is used, expired or unknown."""
    invitation = Invitation.objects.open(now).filter(secret_digest=digest_of(secret)).first()
    if invitation is None:
        raise NotFoundError(_("This invitation was used already, has expired, or never existed."))
    return invitation


@transaction.atomic
def accept(*, secret: str, user: User, actor: Actor, now: datetime) -> Membership:
    """Join by invitation; the address must be the invited one."""
    invitation = invitation_for(secret, now=now)
    if invitation.email != user.email.lower():
        raise ForbiddenError(_("This invitation is for another e-mail address."))
    membership = join(user=user, organisation=invitation.organisation, kind=invitation.kind, actor=actor)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    return membership


@transaction.atomic
def open_service_account(*, actor: Actor, name: str, scopes: list[str]) -> tuple[ServiceAccount, str]:
    """A service account and its token; the token is shown once and only its digest is stored."""
    _require(actor, Right.MANAGE_ORGANISATION)
    unknown = sorted(set(scopes) - set(ServiceAccount.SCOPES))
    if unknown or not scopes:
        raise InvalidError(_("Choose at least one scope from the list."), unknown=unknown)
    token = ServiceAccount.new_token()
    account = ServiceAccount.objects.create(
        organisation_id=actor.employer_id,
        name=name,
        scopes=sorted(scopes),
        token_digest=digest_of(token),
        token_hint=token[:8],
    )
    outbox.record(
        actor=actor, action="service-account.opened", subject=account, details={"scopes": sorted(scopes)}
    )
    return account, token


@transaction.atomic
def revoke(*, actor: Actor, account: ServiceAccount, now: datetime) -> None:
    """Close a service account at once; its token stops working with the commit."""
    _require(actor, Right.MANAGE_ORGANISATION)
    if account.organisation_id != actor.organisation_id:
        raise ForbiddenError(_("Only an administrator of the organisation can do this."))
    if account.revoked_at:
        return
    account.revoked_at = now
    account.save(update_fields=["revoked_at"])
    outbox.record(actor=actor, action="service-account.revoked", subject=account)


@transaction.atomic
def form_team(*, actor: Actor, name: str, members: list[Membership]) -> Team:
    """A team of members of the organisation. Raises ConflictError when the name is taken."""
    _require(actor, Right.MANAGE_ORGANISATION)
    if not name.strip():
        raise InvalidError(_("Give the team a name."))
    if any(member.organisation_id != actor.organisation_id for member in members):
        raise ForbiddenError(_("A team has members of its own organisation only."))
    try:
        with transaction.atomic():
            team = Team.objects.create(organisation_id=actor.employer_id, name=name.strip())
    except IntegrityError as error:
        raise ConflictError(_("A team with this name exists already.")) from error
    team.members.set(members)
    outbox.record(actor=actor, action="team.formed", subject=team, details={"members": len(members)})
    return team
