"""A letter as a mail server takes it: over SMTP, in Chinese, read back by the standard library."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, ClassVar

import pytest
from allauth.account.models import EmailAddress
from django.core.mail.backends.smtp import EmailBackend

from groundwork.notifications import delivering, noticing
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import Notification
from tests import builders

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


class Session(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a sender without extensions needs; knows nobody named Nobody."""

    taken: ClassVar[list[tuple[str, bytes]]] = []

    def handle(self) -> None:
        self.say("220 test")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            match line.split(maxsplit=1)[0].upper():
                case "RCPT" if "nobody" in line:
                    self.say("550 No such user")
                case "RCPT":
                    recipient = line.partition("<")[2].partition(">")[0]
                    self.say("250 OK")
                case "DATA":
                    self.say("354 Go on")
                    body = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        body += part[1:] if part.startswith(b"..") else part
                    self.taken.append((recipient, body))
                    self.say("250 OK")
                case "QUIT":
                    self.say("221 Bye")
                    return
                case _:
                    self.say("250 OK")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server(settings: Any) -> Iterator[list[tuple[str, bytes]]]:
    """What a mail server on this machine was handed, as (recipient, bytes)."""
    Session.taken.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.server_address[:2]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield Session.taken
        listening.shutdown()


def tell(email: str) -> Notification:
    builders.make_skill("python", name_zh="蟒蛇")
    user = builders.make_user(email, name="艾达")
    user.language = "zh-hans"
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    noticing.tell(
        [user], kind=Kind.SETTLED, subject="evidence:1", data={"skill": "python", "stands": True}, now=NOW
    )
    return Notification.objects.get(user=user)


def test_a_letter_arrives_whole(server: list[tuple[str, bytes]]):
    tell("ada@example.com")
    assert delivering.send_due(now=NOW) == 1
    [(recipient, raw)] = server
    assert recipient == "ada@example.com"
    letter = message_from_bytes(raw, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    # A long header is folded before its first word; whoever shows it drops that space (RFC 5322, 2.2.3).
    assert letter["Subject"].strip() == "[筑基] 您对蟒蛇提出的异议已处理"
    assert letter["To"] == "ada@example.com"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = letter["List-Unsubscribe"].strip()
    assert stop.startswith("<http://127.0.0.1:8000/notifications/stop/")
    assert stop.endswith("/>")
    assert max(map(len, raw.split(b"\r\n"))) < 998
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain
    assert html
    assert "艾达，您好：" in plain.get_content()
    assert "该记录予以保留，重新计入。" in html.get_content()
    assert stop.strip("<>") in plain.get_content()


def test_an_address_that_the_server_does_not_know_is_given_up(server: list[tuple[str, bytes]]):
    row = tell("nobody@example.com")
    assert delivering.send_due(now=NOW) == 0
    row.refresh_from_db()
    assert row.mail_state == Notification.MailState.FAILED
    assert not server


def test_a_server_that_is_away_is_tried_again(server: list[tuple[str, bytes]], settings: Any):
    row, here = tell("ada@example.com"), settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    assert delivering.send_due(now=NOW) == 0
    row.refresh_from_db()
    assert row.mail_due_at == NOW + delivering.FIRST_PAUSE
    settings.EMAIL_PORT = here
    assert delivering.send_due(now=row.mail_due_at) == 1
    assert len(server) == 1
