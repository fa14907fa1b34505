"""Builds an Actor from whoever knocks."""

from __future__ import annotations

from groundwork.accounts.models import Membership, ServiceAccount, User
from groundwork.core.actors import ADMINISTRATOR_RIGHTS, Actor, Right


def of_user(user: User) -> Actor:
    """The signed-in person, acting for the organisation it belongs to, if any."""
    membership = Membership.objects.filter(user=user).first()
    if membership is None:
        return Actor(user_id=user.pk)
    is_administrator = membership.kind == Membership.Kind.ADMINISTRATOR
    return Actor(
        user_id=user.pk,
        organisation_id=membership.organisation_id,
        rights=ADMINISTRATOR_RIGHTS if is_administrator else frozenset(),
    )


def of_service_account(account: ServiceAccount) -> Actor:
    """The calling system, with exactly the scopes of its token."""
    return Actor(
        service_account_id=account.pk,
        organisation_id=account.organisation_id,
        rights=frozenset(Right(scope) for scope in account.scopes),
    )
