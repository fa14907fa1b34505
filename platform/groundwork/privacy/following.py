"""What follows a request to be erased: a letter to the person, and at its time the worker."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from groundwork.accounts.models import User
from groundwork.events.models import Event
from groundwork.privacy.models import Erasure


def on_requested(event: Event) -> None:
    """Tell the person, who may not be the one that asked; hand over what is due at once."""
    erasure = Erasure.objects.open().filter(pk=event.subject_id).first()
    user = User.objects.filter(pk=erasure.of_person()).first() if erasure else None
    if erasure is None or user is None:
        return
    if erasure.due_at > timezone.now():
        _write(user, erasure)
        return
    from groundwork.privacy import tasks

    tasks.erase.delay(erasure_id=str(UUID(event.subject_id)))


def _write(user: User, erasure: Erasure) -> None:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        body = _(
            "Your account here will be deleted on %(day)s, with everything in it.\n\n"
            "If you did not ask for this, or have changed your mind: sign in before that day and choose "
            "“Keep my account” on %(page)s\n"
        ) % {"day": timezone.localdate(erasure.due_at).isoformat(), "page": f"{settings.BASE_URL}/me/data/"}
        send_mail(
            subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + _("Your account will be deleted"),
            message=body,
            from_email=None,
            recipient_list=[user.email],
        )
