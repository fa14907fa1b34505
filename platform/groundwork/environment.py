"""Reads what the settings take from the process environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit


def flag(name: str, *, default: bool) -> bool:
    """The environment variable `name` as a yes or no; "", "0", "false", "no" and "off" are no."""
    value = os.environ.get(name)
    if value is None:
        return default
    return value.strip().lower() not in {"", "0", "false", "no", "off"}


def words(name: str, *, default: str = "") -> list[str]:
    """The comma-separated environment variable `name`, without empty parts."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def secret_key(var: Path) -> str:
    """The key that signs cookies: from the environment, else made once and kept private in `var`."""
    given = os.environ.get("GROUNDWORK_SECRET_KEY")
    if given:
        return given
    return kept_private(var / "secret_key", make=lambda: secrets.token_urlsafe(64)).strip()


def kept_private(path: Path, *, make: Callable[[], str]) -> str:
    """The ASCII text kept in `path`, which only its owner may read; made once, on first need."""
    if not path.exists():
        _create_private(path, make())
    return path.read_text(encoding="ascii")


def replace_private(path: Path, text: str) -> None:
    """Put `text` in the place of what `path` keeps: readers see the old text or the new one, never a part."""
    _draft(path, text).replace(path)


def _draft(path: Path, text: str) -> Path:
    """A file of mode 0600 beside `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    return draft


def _create_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole or not at all; of two processes that try at once the first wins."""
    draft = _draft(path, text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def redis_database(url: str, *, offset: int) -> str:
    """The same Redis server, `offset` databases further on.

    Takes redis://, rediss:// and unix:// URLs; a unix:// URL names its database in the query (`?db=1`).
    """
    parts = urlsplit(url)
    if parts.scheme == "unix":
        number = int(parse_qs(parts.query).get("db", ["0"])[0]) + offset
        return f"unix://{parts.path}?db={number}"
    number = int(parts.path.strip("/") or 0) + offset
    return urlunsplit(parts._replace(path=f"/{number}"))


def broker_url(url: str) -> str:
    """A Redis URL in the form that Celery reads, which spells Unix sockets its own way."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Where e-mail goes. `scheme`: smtp (STARTTLS), smtps (TLS at once), smtp+plain, file or "" (console)."""

    scheme: str
    host: str = "localhost"
    port: int = 0
    user: str = ""
    password: str = ""
    folder: str | None = None

    @property
    def backend(self) -> str:
        """Django's back end for it."""
        name = {"file": "filebased", "": "console"}.get(self.scheme, "smtp")
        return f"django.core.mail.backends.{name}.EmailBackend"


def email(url: str) -> Email:
    """What `EMAIL_URL` says; user and password may be percent-encoded.

    Raises ValueError for what is no such address: e-mail must not vanish by a typing error.
    """
    parts = urlsplit(url)
    ports = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if not url:
        return Email(scheme="")
    if parts.scheme == "file" and parts.path and not parts.hostname:
        return Email(scheme="file", folder=unquote(parts.path))
    if parts.scheme not in ports or not parts.hostname:
        expected = "smtp[s]://user:password@host:port, smtp+plain://host:port or file:///folder"
        raise ValueError(f"EMAIL_URL must read {expected}")
    return Email(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
