"""A badge that others issued -> what it says about its holder's skills, and how far that is verified."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import User
from groundwork.credentials import carriers, documents, keys, trusting
from groundwork.credentials.badges import ISSUER, NAME
from groundwork.credentials.refusals import BadgeError
from groundwork.frameworks.models import Skill
from groundwork.learners import linking

if TYPE_CHECKING:
    import jwt
    from openbadgeslib import ob3, util
else:
    # Loaded at their first use: every process would start later for what few requests do.
    jwt = SimpleLazyObject(lambda: import_module("jwt"))
    ob3 = SimpleLazyObject(lambda: import_module("openbadgeslib.ob3"))
    util = SimpleLazyObject(lambda: import_module("openbadgeslib.util"))

MOST_SKILLS = 12
"""Skills offered of one badge."""
_MOST_WORDS = 5_000
"""Characters that are read of one of its texts."""
_CLOCKS_DIFFER_BY = timedelta(minutes=5)
_LEVEL = re.compile(r"[1-5]")
_PARTS = re.compile(r" · |, level [1-5] of 5$")


class Doubt(StrEnum):
    """Why a badge that was read verifies nothing; what is taken from it is its holder's own word."""

    UNSIGNED = "unsigned"
    """It is not signed text: there is no signature that could be checked here."""
    UNLISTED = "unlisted"
    """Its issuer is not one that the operator trusts."""
    UNREACHABLE = "unreachable"
    """The issuer's keys or list of revoked badges cannot be had now."""
    NAMELESS = "nameless"
    """It names nobody by an e-mail address."""
    UNCONFIRMED = "unconfirmed"
    """It names an address of the account that was never confirmed."""
    EXPIRED = "expired"
    """The time it vouched for is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A skill the badge names. `stated` is the level it states, 1 to 5, where it states one.

    `likely` is a level to begin with, 0 where the words say too little to put the skill forward.
    """

    skill: str
    stated: int | None = None
    likely: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A badge that can be taken as evidence; `doubt` is None where it is verified."""

    text: str
    fingerprint: str
    name: str
    issuer: str
    awarded_on: date
    valid_until: date | None
    doubt: Doubt | None
    finds: tuple[Find, ...]

    @property
    def verifies(self) -> dict[str, int]:
        """The levels it verifies, by skill: those it states, if it is verified."""
        if self.doubt:
            return {}
        return {one.skill: one.stated for one in self.finds if one.stated}


def read(data: bytes, *, user: User, now: datetime, download: trusting.Download | None = None) -> Received:
    """What somebody hands over as a badge of theirs.

    Raises BadgeError for what is none, was changed, revoked or made for somebody else, or was issued here.
    """
    text = carriers.credential_in(data)
    is_signed = not text.startswith("{")
    credential = _credential(_payload(text) if is_signed else _json(text))
    known = _holder_is_confirmed(credential, user=user)
    if (is_signed and keys.read(text)) or credential.issuer.id == documents.address("web:credential_issuer"):
        raise BadgeError(
            _("This badge was issued here: what it rests on stands in your evidence. Nothing was taken.")
        )
    if credential.issuance_date is None or credential.issuance_date > now + _CLOCKS_DIFFER_BY:
        raise BadgeError(_("This badge is not valid yet. Nothing was taken."))
    doubt = _doubt(credential, token=text if is_signed else "", known=known, now=now, download=download)
    awarded_on = min(_day(credential.issuance_date), timezone.localdate(now))
    until = credential.expiration_date
    return Received(
        text=text,
        fingerprint=hashlib.sha256(f"{credential.issuer.id}\n{credential.id}".encode()).hexdigest(),
        name=plain(credential.achievement.name, most=NAME) or plain(credential.id, most=NAME),
        issuer=plain(credential.issuer.name, most=ISSUER) or plain(credential.issuer.id, most=ISSUER),
        awarded_on=awarded_on,
        valid_until=_day(until) if until else None,
        doubt=doubt,
        finds=tuple(_finds(credential, on_date=awarded_on))[:MOST_SKILLS],
    )


def _day(moment: datetime) -> date:
    """The day where the person lives; at the ends of the calendar, how "for ever" is written, its own."""
    try:
        return timezone.localdate(moment)
    except OverflowError:
        return moment.date()


def plain(said: object, *, most: int) -> str:
    """A stranger's words on one line, without what a page or a database could stumble over.

    >>> plain("Kernel\\x00 tuning\\n", most=9)
    'Kernel tu'
    """
    if not isinstance(said, str):
        return ""
    return " ".join("".join(one if one.isprintable() else " " for one in said).split())[:most].rstrip()


def _payload(token: str) -> Any:
    """What a token says, believed by nobody yet."""
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except (jwt.exceptions.PyJWTError, ValueError, RecursionError):
        raise BadgeError(carriers.NO_BADGE) from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadgeError(_("This JSON cannot be read. Download the badge again.")) from None


def _credential(shown: Any) -> ob3.OpenBadgeCredential:
    """The badge as the standard reads it. Its texts are a stranger's: show them by `plain` only."""
    if isinstance(shown, dict) and (shown.get("type") == "Assertion" or "badge" in shown):
        raise BadgeError(carriers.OLD)
    try:
        # Half a pair of UTF-16 is text to JSON, but to no hash and no database.
        json.dumps(shown, ensure_ascii=False).encode()
        return ob3.OpenBadgeCredential.from_vc_document(shown)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise BadgeError(
            _("This is no Open Badge of version 3, or part of it is missing. Download the badge again.")
        ) from error


# --- whose it is, and whether it holds ---


def _holder_is_confirmed(credential: ob3.OpenBadgeCredential, *, user: User) -> bool | None:
    """Whether it names a confirmed address of the account; None where it names no address at all.

    Raises BadgeError where every address it names is somebody else's.
    """
    named = [one for one in credential.identifiers if _is_address(one)]
    subject = credential.recipient_id or ""
    is_mail = subject.lower().startswith("mailto:")
    if not named and not is_mail:
        return None
    own = _addresses(user)
    met = [
        confirmed
        for email, confirmed in own.items()
        if any(_names(one, email) for one in named) or (is_mail and subject[7:].lower() == email.lower())
    ]
    if not met:
        raise BadgeError(
            _(
                "This badge was made out to another e-mail address than that of your account. If it is "
                "yours, ask its issuer for one with this address. Nothing was taken."
            )
        )
    return any(met)


def _addresses(user: User) -> dict[str, bool]:
    """Those of the account, as they are written and in small letters, and whether each was confirmed."""
    rows = {one.email: one.verified for one in EmailAddress.objects.filter(user=user)}
    found = {user.email: False, **rows}
    return {email.lower(): confirmed for email, confirmed in found.items()} | found


def _is_address(one: ob3.IdentityObject) -> bool:
    """Whether it is an e-mail address that can be compared: a plain one, or hashed by SHA-256."""
    is_comparable = not one.hashed or one.identity_hash.startswith("sha256$")
    return one.identity_type in ("emailAddress", "email") and is_comparable


def _names(one: ob3.IdentityObject, email: str) -> bool:
    """Whether an identity is this address, plain or as the salted hash of it (OB 3.0, IdentityObject)."""
    if not one.hashed:
        return one.identity_hash.lower() == email.lower()
    digest = one.identity_hash.removeprefix("sha256$").lower()
    return digest == util.hash_email(email, one.salt if isinstance(one.salt, str) else "").decode()


def _doubt(
    credential: ob3.OpenBadgeCredential,
    *,
    token: str,
    known: bool | None,
    now: datetime,
    download: trusting.Download | None,
) -> Doubt | None:
    if not token:
        return Doubt.UNSIGNED
    if not trusting.is_listed(credential.issuer.id):
        return Doubt.UNLISTED
    if credential.expiration_date and credential.expiration_date <= now:
        return Doubt.EXPIRED
    try:
        trusting.check(token, issuer=credential.issuer.id, download=download)
    except trusting.UnreachableError:
        return Doubt.UNREACHABLE
    if known is None:
        return Doubt.NAMELESS
    return None if known else Doubt.UNCONFIRMED


# --- what it says ---


def _finds(credential: ob3.OpenBadgeCredential, *, on_date: date) -> Iterator[Find]:
    """What it names itself, first; then what its words seem to say."""
    named = _named(credential)
    # A level of a badge about several skills would be said of none of them.
    stated = _stated_level(credential) if len(named) == 1 else None
    for slug in named:
        yield Find(skill=slug, stated=stated, likely=stated or 1)
    said = linking.find_skills(_words(credential), on_date=on_date)
    for one in said:
        if one.skill not in named:
            yield Find(skill=one.skill, likely=one.level if one.certain else 0)


def _named(credential: ob3.OpenBadgeCredential) -> list[str]:
    """The skills that it is aligned to, by ESCO or by another Groundwork, or that it is called after."""
    achievement = credential.achievement
    aligned = achievement.alignments
    codes = _plain(one.target_code for one in aligned if one.target_framework == documents.FRAMEWORK)
    names = _plain(
        part.lower()
        for name in (achievement.name, *(one.target_name for one in aligned))
        for part in _PARTS.split(name)
    )
    by_esco = Q(esco_uri__in=_plain(one.target_url for one in aligned)) & ~Q(esco_uri="")
    skills = Skill.objects.annotate(en=Lower("name_en"), zh=Lower("name_zh"))
    found = skills.filter(Q(slug__in=codes) | Q(en__in=names) | Q(zh__in=names) | by_esco)
    return list(found.values_list("slug", flat=True))


def _stated_level(credential: ob3.OpenBadgeCredential) -> int | None:
    """The level on our own scale, as another Groundwork states it; other scales mean something else."""
    scales = {
        one.id
        for one in credential.achievement.result_descriptions
        if (one.name, one.value_min, one.value_max) == documents.SCALE
    }
    levels = {
        int(one.value)
        for one in credential.results
        if one.result_description in scales and isinstance(one.value, str) and _LEVEL.fullmatch(one.value)
    }
    return levels.pop() if len(levels) == 1 else None


def _words(credential: ob3.OpenBadgeCredential) -> str:
    one = credential.achievement
    # What the library calls a list of texts is what stood in the document.
    tags: Any = one.tags
    said = [one.name, *(alignment.target_name for alignment in one.alignments)]
    said += tags if isinstance(tags, list) else []
    return ".\n".join(_plain([*said, one.description, one.criteria_narrative]))


def _plain(values: Iterable[object]) -> list[str]:
    found = [plain(one, most=_MOST_WORDS) for one in values]
    return [one for one in found if one]
