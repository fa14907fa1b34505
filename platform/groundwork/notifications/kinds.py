"""What people can be told of, and how they are told unless they choose otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """One reason to tell somebody something."""

    ASSIGNED = "assigned", _("A role is assigned to me")
    DUE_SOON = "due-soon", _("A due date is near")
    OVERDUE = "overdue", _("A due date has passed")
    LAPSING = "lapsing", _("A skill is about to lapse")
    SETTLED = "settled", _("A dispute of mine is settled")
    CREDENTIAL_ISSUED = "credential-issued", _("A credential is issued to me")
    CREDENTIAL_EXPIRING = "credential-expiring", _("A credential is about to expire")
    WEEK = "week", _("My study week, each Monday")
    JOB_ENDED = "job-ended", _("Many plans were computed")
    JOINED = "joined", _("Somebody joined the organisation")


class Mail(models.TextChoices):
    """Whether and when a kind is sent by e-mail."""

    NEVER = "never", _("No e-mail")
    AT_ONCE = "at-once", _("At once")
    DIGEST = "digest", _("In the digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How a person is told of one kind; neither way is off."""

    in_app: bool
    mail: Mail

    @property
    def is_off(self) -> bool:
        """Not told at all."""
        return not self.in_app and self.mail == Mail.NEVER


FOR_ADMINISTRATORS = frozenset({Kind.JOB_ENDED, Kind.JOINED})

# What has a date or an answer in it is sent at once; what can wait comes together; what one did oneself, or
# finds by looking, is not sent.
DEFAULTS: Mapping[Kind, Ways] = {
    Kind.ASSIGNED: Ways(in_app=True, mail=Mail.AT_ONCE),
    Kind.DUE_SOON: Ways(in_app=True, mail=Mail.AT_ONCE),
    Kind.OVERDUE: Ways(in_app=True, mail=Mail.AT_ONCE),
    Kind.LAPSING: Ways(in_app=True, mail=Mail.DIGEST),
    Kind.SETTLED: Ways(in_app=True, mail=Mail.AT_ONCE),
    Kind.CREDENTIAL_ISSUED: Ways(in_app=True, mail=Mail.NEVER),
    Kind.CREDENTIAL_EXPIRING: Ways(in_app=True, mail=Mail.DIGEST),
    Kind.WEEK: Ways(in_app=True, mail=Mail.DIGEST),
    Kind.JOB_ENDED: Ways(in_app=True, mail=Mail.NEVER),
    Kind.JOINED: Ways(in_app=True, mail=Mail.DIGEST),
}


def offered(*, to_administrator: bool) -> list[Kind]:
    """The kinds a person can choose for, in the order of the settings page."""
    return [kind for kind in Kind if to_administrator or kind not in FOR_ADMINISTRATORS]
