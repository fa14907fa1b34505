"""A badge as people pass it on -> the credential in it: signed text, JSON, or an image that carries one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from groundwork.credentials.refusals import BadgeError

if TYPE_CHECKING:
    from openbadgeslib import baking
else:
    # Loaded at its first use: every process would start later for what few requests do.
    baking = SimpleLazyObject(lambda: import_module("openbadgeslib.baking"))

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
    try:
        if data.startswith(_PNG):
            found = baking.extract_png(data, keyword=baking.ITXT_KEYWORD_OB3)
            is_old = found is None and baking.has_png(data)
        else:
            found = baking.extract_svg(data, element=baking.SVG_ELEMENT_OB3, text_fallback=True)
            is_old = found is None and baking.has_svg(data)
    except Exception as error:
        # Readers of images and XML raise whatever they stumble over, and every image here is a stranger's.
        raise BadgeError(_("This image cannot be read. Download the badge again.")) from error
    if is_old:
        raise BadgeError(OLD)
    if found is None:
        raise BadgeError(_("This image carries no badge. Choose the file as its issuer gave it to you."))
    return found


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadgeError(
            _("This is no badge. Choose a .png, .svg, .json or .jwt file, or paste its text.")
        ) from None


OLD = _(
    "This is an Open Badge of version 2 or older, which cannot be verified without asking others. "
    "Ask its issuer for one of version 3, or say your level in your own words."
)
