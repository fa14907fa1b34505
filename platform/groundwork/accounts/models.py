"""Organisations, the people who sign in, and the systems that call the API."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor, Right
from groundwork.core.querysets import VisibleQuerySet

INVITATION_DAYS = 14


def digest_of(secret: str) -> str:
    """SHA-256 (hex) of a random secret; only this is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Organisation(models.Model):
    """An employer whose people learn together and are seen by nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    is_example = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who signs in with `email`; without a password sign-in is closed until a reset."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An operator with the Django admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Theme(models.TextChoices):
    """How pages look to a person."""

    SYSTEM = "system", _("As the device is set")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractUser):
    """A person who signs in with an e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]  # sign-in is by e-mail
    first_name = None  # type: ignore[assignment]  # one name field fits both scripts
    last_name = None  # type: ignore[assignment]  # see first_name
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    # Empty: never chosen, so the browser's language, the server's time zone and the cookie's theme count.
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(_("theme"), max_length=10, blank=True, choices=Theme.choices)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[misc,assignment]  # e-mail in place of username

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_the_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.email


class MembershipQuerySet(VisibleQuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> Self:
        """All members for an administrator, oneself otherwise."""
        if actor.may(Right.MANAGE_ORGANISATION):
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


class Membership(models.Model):
    """A person's place in an organisation."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("Member")
        ADMINISTRATOR = "administrator", _("Administrator")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    # One organisation per person keeps "who may see me" a question with one answer.
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at"]

    def __str__(self) -> str:
        return f"{self.user} @ {self.organisation}"


class TeamQuerySet(VisibleQuerySet["Team"]):
    def visible_to(self, actor: Actor) -> Self:
        """Teams of the organisation, for its administrators."""
        if actor.may(Right.MANAGE_ORGANISATION):
            return self.filter(organisation_id=actor.organisation_id)
        return self.none()


class Team(models.Model):
    """A named group of members that a role can be assigned to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=120)
    members = models.ManyToManyField(Membership, related_name="teams", blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class InvitationQuerySet(VisibleQuerySet["Invitation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Invitations of the organisation, for its administrators."""
        if actor.may(Right.MANAGE_ORGANISATION):
            return self.filter(organisation_id=actor.organisation_id)
        return self.none()

    def open(self, now: datetime) -> Self:
        """Neither accepted nor older than its days."""
        return self.filter(accepted_at=None, created_at__gt=now - timedelta(days=INVITATION_DAYS))


class Invitation(models.Model):
    """An administrator's offer to join; nobody is pulled into an organisation without accepting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    kind = models.CharField(max_length=20, choices=Membership.Kind.choices, default=Membership.Kind.MEMBER)
    secret_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} -> {self.organisation}"


class ServiceAccountQuerySet(VisibleQuerySet["ServiceAccount"]):
    def visible_to(self, actor: Actor) -> Self:
        """Service accounts of the organisation, for its administrators."""
        if actor.may(Right.MANAGE_ORGANISATION):
            return self.filter(organisation_id=actor.organisation_id)
        return self.none()

    def holding(self, token: str) -> ServiceAccount | None:
        """The account whose live token this is, or None."""
        return self.filter(token_digest=digest_of(token), revoked_at=None).first()


class ServiceAccount(models.Model):
    """An HR system's key to the API of one organisation."""

    SCOPES: ClassVar[list[str]] = [
        Right.READ_CATALOGUE,
        Right.READ_PEOPLE,
        Right.WRITE_PEOPLE,
        Right.READ_PLANS,
        Right.WRITE_PLANS,
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="service_accounts")
    name = models.CharField(_("name"), max_length=120)
    scopes = models.JSONField(default=list)
    token_digest = models.CharField(max_length=64, unique=True)
    # The first characters let a person tell keys apart; they are too few to guess the rest.
    token_hint = models.CharField(max_length=12)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceAccountQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def new_token() -> str:
        """256 random bits with a prefix that secret scanners can recognise."""
        return f"gwk_{secrets.token_urlsafe(32)}"
