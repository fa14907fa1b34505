"""Send the e-mails that are due: one to a person with all that is due, once, after their quiet hours.

Rows are claimed before they are sent, by putting their time off, so that no transaction is open while a mail
server thinks, and no second worker sends them too. A worker that is killed in between sends them again after
`LEASE`, under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from groundwork.accounts import actors
from groundwork.accounts.models import User
from groundwork.notifications import choosing, letters, people, quiet
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import Notification, NotificationQuerySet
from groundwork.plans.models import Assignment

logger = logging.getLogger(__name__)

LEASE = timedelta(hours=1)
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 12
"""About a day and a half of trying."""
AT_A_TIME = 1000
PERMANENT = 500
"""SMTP codes from here on are final (RFC 5321, 4.2.1)."""
OF_ASSIGNMENTS = frozenset({Kind.ASSIGNED, Kind.DUE_SOON, Kind.OVERDUE})
CONSOLE = "django.core.mail.backends.console.EmailBackend"

MailState = Notification.MailState


def send_due(*, now: datetime, has_time: Callable[[], bool] = lambda: True) -> int:
    """Send what is due, longest due first; returns the number of e-mails. Failures are logged and put off."""
    due = Notification.objects.due(now).order_by("mail_due_at").values_list("user_id", flat=True)
    sent = 0
    for user_id in dict.fromkeys(due[:AT_A_TIME]):
        if not has_time():
            break
        sent += _send_to(user_id, now=now)
    if sent and settings.EMAIL_BACKEND == CONSOLE:
        logger.warning("%d e-mails went to the console: EMAIL_URL names no mail server", sent)
    return sent


def _send_to(user_id: UUID, *, now: datetime) -> bool:
    user = User.objects.select_related("delivery_settings").filter(pk=user_id).first()
    if user is None:
        # Erased since the list was read.
        return False
    times = choosing.times_of(user)
    free = quiet.after_quiet(now, zone=people.zone_of(user), start=times.quiet_from, end=times.quiet_to)
    if free > now:
        Notification.objects.due(now).filter(user=user).update(mail_due_at=free)
        return False
    rows = _claim(user, now=now)
    if not rows:
        return False
    try:
        letters.to(user, rows).send()
    except (SMTPException, OSError) as error:
        _put_off(user, rows, error=error, now=now)
        return False
    _of(rows).update(mail_state=MailState.SENT, mailed_at=now)
    return True


@transaction.atomic
def _claim(user: User, *, now: datetime) -> list[Notification]:
    """The rows to send, ours for the length of a lease; those that are needed no more are let go."""
    skip_locked = connection.features.has_select_for_update_skip_locked
    due = Notification.objects.due(now).filter(user=user).order_by("created_at", "pk")
    rows = list(due.select_for_update(skip_locked=skip_locked))
    hopeless = [row for row in rows if row.mail_attempts >= MOST_ATTEMPTS]
    if hopeless:
        # Nobody was left to count these attempts as failures: the worker died of each.
        _give_up(user, hopeless, reason="no attempt came to its end")
    rows = [row for row in rows if row.mail_attempts < MOST_ATTEMPTS]
    wanted = _wanted(user, rows)
    _of([row for row in rows if row not in wanted]).update(mail_state=MailState.SKIPPED)
    _of(wanted).update(mail_due_at=now + LEASE, mail_attempts=F("mail_attempts") + 1)
    for row in wanted:
        row.mail_attempts += 1
    return wanted


def _wanted(user: User, rows: Sequence[Notification]) -> list[Notification]:
    """Those that are still news, where the person can be written to."""
    if not user.is_active or not is_verified(user):
        return []
    unread = Notification.objects.visible_to(actors.of_user(user)).filter(pk__in=[row.pk for row in rows])
    news = set(unread.filter(read_at=None).values_list("pk", flat=True))
    assignments = {row.pk: row.subject.partition(":")[2] for row in rows if row.kind in OF_ASSIGNMENTS}
    if assignments:
        current = Assignment.objects.current().filter(pk__in=assignments.values())
        standing = {str(pk) for pk in current.values_list("pk", flat=True)}
        news -= {pk for pk, assignment in assignments.items() if assignment not in standing}
    return [row for row in rows if row.pk in news]


def is_verified(user: User) -> bool:
    """Whether the person has shown that their address is theirs."""
    own = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return bool(own.exists())


def _put_off(user: User, rows: Sequence[Notification], *, error: Exception, now: datetime) -> None:
    """Try again later, each time after twice the pause; give up at last, or where the address is refused."""
    # A mail server may repeat the address; logs outlive accounts.
    reason = str(error).replace(user.email, "this address")
    attempts = max(row.mail_attempts for row in rows)
    if attempts >= MOST_ATTEMPTS or _is_refused(error):
        _give_up(user, rows, reason=reason)
        return
    pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    _of(rows).update(mail_due_at=now + pause)
    logger.error("an e-mail to user %s was not sent, attempt %d: %s", user.pk, attempts, reason)


def _give_up(user: User, rows: Sequence[Notification], *, reason: str) -> None:
    _of(rows).update(mail_state=MailState.FAILED)
    attempts = max(row.mail_attempts for row in rows)
    logger.error("gave up an e-mail to user %s after %d attempts: %s", user.pk, attempts, reason)


def _is_refused(error: Exception) -> bool:
    """Whether the server says for good that it takes nothing for this address."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code >= PERMANENT for code, _text in error.recipients.values())


def _of(rows: Sequence[Notification]) -> NotificationQuerySet:
    return Notification.objects.filter(pk__in=[row.pk for row in rows])
