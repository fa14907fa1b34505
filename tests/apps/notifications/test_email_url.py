"""Where e-mail goes, by EMAIL_URL; a typing error must not make it vanish."""

import pytest

from groundwork import environment
from groundwork.environment import Email


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", Email(scheme="")),
        (
            "smtp://me%40example.com:p%3Aw@mail.example.com",
            Email(scheme="smtp", host="mail.example.com", port=587, user="me@example.com", password="p:w"),
        ),
        ("smtps://mail.example.com:4650", Email(scheme="smtps", host="mail.example.com", port=4650)),
        ("smtp+plain://relay", Email(scheme="smtp+plain", host="relay", port=25)),
        ("file:///tmp/e%20mails", Email(scheme="file", folder="/tmp/e mails")),
    ],
)
def test_an_address_is_read(url: str, expected: Email):
    assert environment.email(url) == expected


@pytest.mark.parametrize(
    ("url", "backend"), [("", "console"), ("file:///tmp/x", "filebased"), ("smtps://mail", "smtp")]
)
def test_the_back_end_follows(url: str, backend: str):
    assert environment.email(url).backend == f"django.core.mail.backends.{backend}.EmailBackend"


@pytest.mark.parametrize(
    "url", ["mail.example.com", "stmp://mail.example.com", "smtp:", "file://folder", "file:"]
)
def test_what_is_no_address_stops_the_start(url: str):
    with pytest.raises(ValueError, match="EMAIL_URL must read"):
        environment.email(url)
