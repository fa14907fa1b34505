"""A badge as people pass it on -> the credential in it: signed text, JSON, or an image that carries one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from groundwork.credentials.refusals import BadgeError

if TYPE_CHECKING:
    from openbadgeslib import baking, errors, ob3
else:
    # Loaded at their first use: every process would start later for what few requests do.
    baking = SimpleLazyObject(lambda: import_module("openbadgeslib.baking"))
    errors = SimpleLazyObject(lambda: import_module("openbadgeslib.errors"))
    ob3 = SimpleLazyObject(lambda: import_module("openbadgeslib.ob3"))

MAX_BYTES = 2_000_000
MAX_CHARACTERS = 60_000
"""Of the credential itself: signed ones take a few thousand."""
_PNG = b"\x89PNG\r\n\x1a\n"


def credential_in(data: bytes) -> str:
    """The signed text or the JSON that a file or a pasted text carries.

    Raises BadgeError for anything else, and for what is larger than the limits above.
    """
    if len(data) > MAX_BYTES:
        raise BadgeError(_("The file is larger than 2 MB. Choose the badge itself."))
    text = _baked(data) if data.startswith(_PNG) or _is_svg(data) else _decoded(data)
    text = text.strip()
    if not text:
        raise BadgeError(_("There is nothing in it. Choose the file of the badge, or paste its text."))
    if len(text) > MAX_CHARACTERS:
        raise BadgeError(_("The text is longer than any badge. Choose the badge itself."))
    if text.lower().startswith(("http://", "https://")):
        raise BadgeError(
            _("Addresses are not fetched. Open this one, download the badge there, and choose the file here.")
        )
    return text


def _is_svg(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _baked(data: bytes) -> str:
    """What an image carries by Open Badges 3.0, 5.3."""
    is_png = data.startswith(_PNG)
    verifier = ob3.OB3Verifier
    try:
        return verifier.extract_token_from_png(data) if is_png else verifier.extract_token_from_svg(data)
    except errors.ErrorParsingFile as error:
        raise BadgeError(_("This image cannot be read. Download the badge again.")) from error
    except errors.LibOpenBadgesException as error:
        is_old = baking.has_png(data) if is_png else baking.has_svg(data)
        raise BadgeError(OLD if is_old else EMPTY) from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadgeError(NO_BADGE) from None


NO_BADGE = _("This is no badge. Choose a .png, .svg, .json or .jwt file, or paste its text.")
EMPTY = _("This image carries no badge. Choose the file as its issuer gave it to you.")
OLD = _(
    "This is an Open Badge of version 2 or older, which cannot be verified without asking others. "
    "Ask its issuer for one of version 3, or say your level in your own words."
)
