"""E-mail: once, in the reader's language, after quiet hours, to verified addresses, again if it fails."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings

from groundwork.accounts.models import User
from groundwork.events.models import AuditEntry
from groundwork.notifications import choosing, delivering, noticing, stopping
from groundwork.notifications.choosing import Times
from groundwork.notifications.kinds import DEFAULTS, Kind, Mail, Ways
from groundwork.notifications.models import DeliverySettings, Notification
from groundwork.plans import assigning
from tests import builders, cast
from tests.cast import Cast

pytestmark = pytest.mark.django_db

MailState = Notification.MailState
NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)  # a Wednesday
ROLE = {"role": "engineer", "due_on": "2026-09-01"}
LAPSE = {"skill": "python", "on": "2026-07-01", "level": 4, "to_level": 3}


@pytest.fixture
def people(db: None) -> Cast:
    gathered = cast.gather()
    for user in (gathered.ada, gathered.ben, gathered.hana, gathered.otto):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    builders.make_skill("python", name_en="Python", name_zh="蟒蛇")
    builders.make_role("engineer", name_en="Kernel engineer", name_zh="内核工程师")
    Notification.objects.all().delete()
    return gathered


def tell(
    user: User, kind: Kind = Kind.SETTLED, *, subject: str = "one", now: datetime = NOON
) -> Notification:
    data = {Kind.LAPSING: LAPSE, Kind.SETTLED: {"skill": "python", "stands": True}}.get(kind, ROLE)
    current = User.objects.select_related("delivery_settings").get(pk=user.pk)
    noticing.tell([current], kind=kind, subject=subject, data=dict(data), now=now)
    return Notification.objects.get(user=user, kind=kind, subject=subject)


def send(now: datetime = NOON) -> list[EmailMultiAlternatives]:
    """What is sent at a moment."""
    mail.outbox.clear()
    delivering.send_due(now=now)
    return [one for one in mail.outbox if isinstance(one, EmailMultiAlternatives)]


def choose(people: Cast, user: User, times: Times | None = None, **kinds: Ways) -> None:
    ways = dict(DEFAULTS) | {Kind(kind.replace("_", "-")): chosen for kind, chosen in kinds.items()}
    choosing.change(actor=people.actor(user), user=user, ways=ways, times=times or Times(), now=NOON)


def html_of(message: EmailMultiAlternatives) -> str:
    [(content, kind)] = message.alternatives
    assert kind == "text/html"
    assert isinstance(content, str)
    return content


def test_what_is_urgent_is_sent_at_once_and_only_once(people: Cast):
    row = tell(people.ada)
    [message] = send()
    assert message.to == ["ada@example.com"]
    assert message.subject == "[Groundwork] Your dispute about Python is settled"
    for body in (str(message.body), html_of(message)):
        assert "Hello Ada Ahlgren," in body
        assert "The line stands and counts again." in body
        assert f"http://127.0.0.1:8000/me/notifications/{row.pk}/" in body
        assert "http://127.0.0.1:8000/me/notifications/settings/" in body
    assert send() == []
    assert send(NOON + timedelta(days=2)) == []
    row.refresh_from_db()
    assert (row.mail_state, row.mailed_at) == (MailState.SENT, NOON)


def test_the_letter_is_in_the_readers_language(people: Cast):
    people.ada.language = "zh-hans"
    people.ada.save()
    tell(people.ada)
    [message] = send()
    assert message.subject == "[筑基] 您对蟒蛇提出的异议已处理"
    for body in (str(message.body), html_of(message)):
        assert "Ada Ahlgren，您好：" in body
        assert "该记录予以保留，重新计入。" in body
        assert not re.search(r"[Nn]o more|[Cc]hoose|Hello", body)
    assert '<html lang="zh-Hans">' in html_of(message)


def test_several_that_are_due_together_come_in_one_letter(people: Cast):
    tell(people.ada)
    assignment = builders.make_assignment(people.ada_learner, builders.make_role("second"))
    tell(people.ada, Kind.ASSIGNED, subject=f"assignment:{assignment.pk}")
    [message] = send()
    assert message.subject == "[Groundwork] Your dispute about Python is settled, and 1 more"
    assert "You are asked to grow into the role Kernel engineer" in str(message.body)


def test_a_letter_names_fifty_and_counts_the_rest(people: Cast):
    for number in range(53):
        tell(people.ada, subject=f"evidence:{number}")
    [message] = send()
    assert str(message.body).count("The line stands") == 50
    assert "3 more stand on the page:" in str(message.body)
    assert not Notification.objects.exclude(mail_state=MailState.SENT).exists()


def test_a_name_with_a_line_break_makes_no_header(people: Cast):
    builders.make_skill("odd", name_en="Odd\r\nBcc: x@example.net")
    noticing.tell(
        [people.ada], kind=Kind.SETTLED, subject="s", data={"skill": "odd", "stands": True}, now=NOON
    )
    [message] = send()
    assert message.subject == "[Groundwork] Your dispute about Odd Bcc: x@example.net is settled"


def test_what_people_wrote_is_escaped_in_html_only(people: Cast):
    people.ada.name = "<b>Ada</b> & Co"
    people.ada.save()
    tell(people.ada)
    [message] = send()
    assert "Hello <b>Ada</b> & Co," in str(message.body)
    assert "Hello &lt;b&gt;Ada&lt;/b&gt; &amp; Co," in html_of(message)


# --- the digest ---


def test_the_digest_comes_at_the_readers_hour(people: Cast):
    people.ada.time_zone = "Asia/Shanghai"
    people.ada.save()
    choose(people, people.ada, Times(digest_hour=9))
    tell(people.ada, Kind.LAPSING, subject="skill:python")
    tell(people.ada, Kind.WEEK, subject="week")
    Notification.objects.filter(kind=Kind.WEEK).update(
        data={"monday": "2026-06-08", "done": 0, "hours": 0, "late": 0, "next": None}
    )
    assert send(datetime(2026, 6, 11, 0, 59, tzinfo=UTC)) == []
    [message] = send(datetime(2026, 6, 11, 1, 0, tzinfo=UTC))
    assert "Python lapses on 2026-07-01" in str(message.body)
    assert "Last week you finished no course." in str(message.body)


def test_a_weekly_digest_comes_on_monday(people: Cast):
    choose(people, people.ada, Times(digest_every=DeliverySettings.Every.WEEK))
    tell(people.ada, Kind.LAPSING)
    assert send(datetime(2026, 6, 14, 23, 59, tzinfo=UTC)) == []
    assert len(send(datetime(2026, 6, 15, 8, 0, tzinfo=UTC))) == 1


def test_what_was_read_on_the_page_is_not_sent_any_more(people: Cast):
    row = tell(people.ada, Kind.LAPSING)
    Notification.objects.update(read_at=NOON)
    assert send(NOON + timedelta(days=1)) == []
    row.refresh_from_db()
    assert row.mail_state == MailState.SKIPPED


# --- quiet hours ---


def test_what_falls_into_the_quiet_hours_is_sent_when_they_end(people: Cast):
    people.ada.time_zone = "Europe/Berlin"
    people.ada.save()
    choose(people, people.ada, Times(quiet_from=time(21), quiet_to=time(7, 30)))
    late = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)  # 22:00 in Berlin
    tell(people.ada, now=late)
    assert send(late) == []
    assert send(datetime(2026, 6, 11, 5, 29, tzinfo=UTC)) == []
    assert len(send(datetime(2026, 6, 11, 5, 30, tzinfo=UTC))) == 1


def test_the_night_of_the_change_to_summer_time(people: Cast):
    people.ada.time_zone = "Europe/Berlin"
    people.ada.save()
    choose(people, people.ada, Times(quiet_from=time(21), quiet_to=time(7)))
    tell(people.ada, now=datetime(2026, 3, 28, 23, 0, tzinfo=UTC))  # midnight in Berlin
    assert send(datetime(2026, 3, 29, 4, 59, tzinfo=UTC)) == []
    assert len(send(datetime(2026, 3, 29, 5, 0, tzinfo=UTC))) == 1


def test_quiet_hours_that_begin_while_a_letter_waits_are_kept(people: Cast):
    """A digest or a second attempt is due within them: the sender looks at the clock itself."""
    choose(people, people.ada, Times(quiet_from=time(11), quiet_to=time(14)))
    row = tell(people.ada)
    Notification.objects.update(mail_due_at=NOON)
    assert send(NOON) == []
    row.refresh_from_db()
    assert row.mail_due_at == NOON + timedelta(hours=2)
    assert row.mail_attempts == 0


# --- to whom ---


def test_nothing_is_sent_to_an_address_that_is_not_verified(people: Cast):
    EmailAddress.objects.filter(user=people.ada).update(verified=False)
    row = tell(people.ada)
    assert send() == []
    row.refresh_from_db()
    assert row.mail_state == MailState.SKIPPED
    assert row.in_app


def test_nothing_is_sent_to_a_closed_account_or_a_former_administrator(people: Cast):
    User.objects.filter(pk=people.ada.pk).update(is_active=False)
    people.ada.refresh_from_db()
    noticing.tell([people.ada], kind=Kind.SETTLED, subject="s", data={}, now=NOON)
    assert not Notification.objects.exists()
    noticing.tell(
        [people.hana],
        kind=Kind.JOINED,
        subject="membership:1",
        data={"user": str(people.ben.pk)},
        now=NOON,
        organisation_id=people.theirs.pk,
    )
    assert send(NOON + timedelta(days=1)) == []
    assert Notification.objects.get().mail_state == MailState.SKIPPED


def test_who_is_erased_while_letters_are_sent_stops_no_other(people: Cast):
    tell(people.ada)
    tell(people.ben)

    def erase_ada() -> bool:
        User.objects.filter(pk=people.ada.pk).delete()
        return True

    assert delivering.send_due(now=NOON, has_time=erase_ada) == 1
    assert [one.to for one in mail.outbox] == [["ben@example.com"]]


def test_an_assignment_that_was_withdrawn_meanwhile_is_not_sent(people: Cast):
    assignment = builders.make_assignment(people.ada_learner, builders.make_role("second"))
    tell(people.ada, Kind.ASSIGNED, subject=f"assignment:{assignment.pk}")
    assigning.withdraw(actor=people.actor(people.hana), assignment=assignment)
    assert send() == []
    assert Notification.objects.get().mail_state == MailState.SKIPPED


def test_a_kind_that_is_switched_off_while_it_waits_is_not_sent(people: Cast):
    tell(people.ada, Kind.LAPSING)
    choose(people, people.ada, lapsing=Ways(in_app=True, mail=Mail.NEVER))
    assert send(NOON + timedelta(days=2)) == []
    assert Notification.objects.get().mail_state == MailState.NONE


def test_a_digest_that_is_made_weekly_while_it_waits_comes_on_monday(people: Cast):
    tell(people.ada, Kind.LAPSING)
    choose(people, people.ada, Times(digest_every=DeliverySettings.Every.WEEK))
    assert send(datetime(2026, 6, 14, 12, 0, tzinfo=UTC)) == []
    assert len(send(datetime(2026, 6, 15, 12, 0, tzinfo=UTC))) == 1


# --- when it fails ---


class Down(EmailBackend):
    """A mail server that hangs up on Ada, and takes everything else."""

    def send_messages(self, email_messages):
        if any("ada@example.com" in one.to for one in email_messages):
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        return super().send_messages(email_messages)


class Refusing(EmailBackend):
    """A mail server that knows no Ada."""

    def send_messages(self, email_messages):
        raise SMTPRecipientsRefused({"ada@example.com": (550, b"No such user")})


def test_a_failure_is_tried_again_after_growing_pauses_and_keeps_nobody_else(
    people: Cast, caplog: pytest.LogCaptureFixture
):
    row = tell(people.ada)
    tell(people.ben)
    with override_settings(EMAIL_BACKEND="tests.apps.notifications.test_delivering.Down"):
        assert [one.to for one in send()] == [["ben@example.com"]]
        pauses, now = [], NOON
        for _attempt in range(3):
            row.refresh_from_db()
            assert row.mail_due_at
            pauses.append(row.mail_due_at - now)
            now = row.mail_due_at
            assert send(now - timedelta(seconds=1)) == []
            send(now)
    assert pauses == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
    assert "was not sent, attempt 3: Connection unexpectedly closed" in caplog.text
    assert "ada@example.com" not in caplog.text
    row.refresh_from_db()
    assert row.mail_due_at
    assert len(send(row.mail_due_at)) == 1


def test_after_the_last_attempt_it_is_given_up_loudly(people: Cast, caplog: pytest.LogCaptureFixture):
    row = tell(people.ada)
    Notification.objects.update(mail_attempts=delivering.MOST_ATTEMPTS - 1)
    with override_settings(EMAIL_BACKEND="tests.apps.notifications.test_delivering.Down"):
        send()
    row.refresh_from_db()
    assert row.mail_state == MailState.FAILED
    assert [one.levelname for one in caplog.records if "gave up" in one.message] == ["ERROR"]


def test_an_address_that_is_refused_for_good_is_not_tried_again_and_not_logged(
    people: Cast, caplog: pytest.LogCaptureFixture
):
    row = tell(people.ada)
    with override_settings(EMAIL_BACKEND="tests.apps.notifications.test_delivering.Refusing"):
        send()
    row.refresh_from_db()
    assert row.mail_state == MailState.FAILED
    assert "No such user" in caplog.text
    assert "ada@example.com" not in caplog.text


def test_a_worker_that_dies_in_between_sends_again_after_an_hour_under_the_same_id(people: Cast):
    row = tell(people.ada)
    [first] = send()
    # As it stands when a worker is killed after the mail server took the letter.
    Notification.objects.update(mail_state=MailState.WAITING, mailed_at=None)
    row.refresh_from_db()
    assert row.mail_due_at == NOON + delivering.LEASE
    assert send(NOON + timedelta(minutes=59)) == []
    [second] = send(NOON + delivering.LEASE)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_letter_that_kills_its_worker_each_time_is_given_up(people: Cast, caplog: pytest.LogCaptureFixture):
    row = tell(people.ada)
    Notification.objects.update(mail_attempts=delivering.MOST_ATTEMPTS)
    assert send() == []
    row.refresh_from_db()
    assert row.mail_state == MailState.FAILED
    assert "gave up" in caplog.text


@override_settings(EMAIL_BACKEND=delivering.CONSOLE)
def test_without_a_mail_server_the_log_says_where_letters_went(
    people: Cast, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
):
    tell(people.ada)
    delivering.send_due(now=NOON)
    assert "Your dispute about Python is settled" in capsys.readouterr().out
    assert "EMAIL_URL names no mail server" in caplog.text


# --- the link that stops ---


def stop_path(message: EmailMultiAlternatives) -> str:
    header = message.extra_headers["List-Unsubscribe"]
    found = re.fullmatch(r"<http://127\.0\.0\.1:8000(/notifications/stop/[^/>]+/)>", header)
    assert found
    return found[1]


def test_the_letter_can_be_stopped_with_one_click(people: Cast):
    tell(people.ada)
    [message] = send()
    headers = message.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert stop_path(message) in str(message.body)
    assert stop_path(message) in html_of(message)


def test_a_link_of_a_letter_about_two_kinds_stops_both(people: Cast):
    assert stopping.read("forged") is None
    token = stopping.link(people.ada, kinds={Kind.LAPSING, Kind.WEEK}).split("/")[-2]
    found = stopping.read(token)
    assert found
    assert set(found.kinds) == {Kind.LAPSING, Kind.WEEK}
    back = stopping.stop(found, now=NOON)
    ways = choosing.ways_of(people.ada)
    assert ways[Kind.LAPSING] == Ways(in_app=True, mail=Mail.NEVER)
    assert ways[Kind.WEEK].mail == Mail.NEVER
    assert ways[Kind.ASSIGNED] == DEFAULTS[Kind.ASSIGNED]
    entry = AuditEntry.objects.filter(action="notifications.changed").latest("pk")
    assert entry.actor == f"user:{people.ada.pk}"
    assert entry.organisation_id == people.ours.pk
    assert entry.details == {"kinds": ["lapsing", "week"]}
    assert stopping.resume(found, token=back, now=NOON)
    assert choosing.ways_of(people.ada) == dict(DEFAULTS)


def test_what_takes_a_stop_back_is_of_one_person(people: Cast):
    def opened(user: User) -> stopping.Stop:
        found = stopping.read(stopping.link(user, kinds={Kind.LAPSING}).split("/")[-2])
        assert found
        return found

    back = stopping.stop(opened(people.ada), now=NOON)
    assert not stopping.resume(opened(people.ben), token=back, now=NOON)
    assert not stopping.resume(opened(people.ada), token="forged", now=NOON)
    assert choosing.ways_of(people.ada)[Kind.LAPSING].mail == Mail.NEVER


def test_sending_costs_the_same_for_a_letter_about_one_and_about_ten(people: Cast, django_assert_num_queries):
    for count in (1, 10):
        for number in range(count):
            tell(people.ada, subject=f"{count}:{number}")
        with django_assert_num_queries(12):
            assert len(send()) == 1
