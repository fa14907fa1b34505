"""What is signed: Open Badges 3.0 credentials and Bitstring Status Lists, as compact JWTs."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from groundwork.credentials import keys
from groundwork.credentials.models import Achievement, Award, StatusList
from groundwork.frameworks.models import Role, Skill

if TYPE_CHECKING:
    from openbadgeslib import ob3
else:
    # Loaded at its first use: every process would start later for what few requests do.
    ob3 = SimpleLazyObject(lambda: import_module("openbadgeslib.ob3"))


LIST_LASTS = timedelta(days=1)
"""A copy of a status list older than this is refused, so that none can hide a revocation for longer."""

LIST_REFRESH = timedelta(minutes=5)

FRAMEWORK = "Groundwork"
"""The framework that skills and roles are aligned to by their codes, the same in every installation."""

SCALE = ("Level, 0 (none) to 5 (expert)", "0", "5")
"""How the scale of levels is called, its least and its highest value."""


def address(name: str, *args: object) -> str:
    """The absolute public address of a page."""
    return settings.BASE_URL + reverse(name, args=args)


def profile() -> dict[str, Any]:
    """The issuer as others read it (OB 3.0 Profile), at the address that is its id."""
    return {"@context": [*_CONTEXTS], **_issuer().to_dict()}


def _issuer() -> ob3.Issuer:
    return ob3.Issuer(id=address("web:credential_issuer"), name="Groundwork", url=f"{settings.BASE_URL}/")


def sign(award: Award, *, email: str) -> str:
    """The signed credential of an award that has everything but its token."""
    achievement = award.achievement
    credential = ob3.OpenBadgeCredential(
        id=address("web:credential", award.pk),
        issuer=_issuer(),
        recipient_id=None,
        identifiers=_identifiers(award, email=email),
        achievement=_achievement(achievement),
        results=_results(achievement),
        issuance_date=award.issued_at,
        expiration_date=award.valid_until,
        credential_status=[
            ob3.status_entry(
                address("web:credential_status", award.status_list_id), "revocation", award.status_index
            )
        ],
    )
    return keys.sign(credential.to_jwt_payload())


def sign_status_list(found: StatusList, *, now: datetime) -> str:
    """The list of revoked numbers as a signed credential of its own, good for a day."""
    document = ob3.build_status_list_credential(
        address("web:credential_issuer"),
        address("web:credential_status", found.pk),
        "revocation",
        found.revoked,
        size_bits=StatusList.SIZE,
        issued=now,
        valid_until=now + LIST_LASTS,
        ttl=int(LIST_REFRESH.total_seconds() * 1000),
    )
    named = {"iss": document["issuer"], "jti": document["id"], "nbf": int(now.timestamp())}
    return keys.sign({**document, **named})


def check_shape(payload: dict[str, Any]) -> None:
    """Raises KeyError, TypeError or ValueError where what was signed is no Open Badges 3.0 credential."""
    ob3.OpenBadgeCredential.from_jwt_payload(payload)


def _identifiers(award: Award, *, email: str) -> list[ob3.IdentityObject]:
    """The salted hash of the address, by which its owner can be recognised; the name only where wanted."""
    found = [ob3.IdentityObject.create(email, salt=secrets.token_hex(16))]
    if award.holder_name:
        name = award.holder_name
        found.append(ob3.IdentityObject(identity_hash=name, identity_type="name", hashed=False))
    return found


def _achievement(one: Achievement) -> ob3.Achievement:
    return ob3.Achievement(
        id=f"urn:uuid:{one.pk}",
        name=_name(one),
        description=_DESCRIPTIONS[Achievement.Kind(one.kind)],
        criteria_narrative=_CRITERIA[Achievement.Kind(one.kind)],
        achievement_type="LearningProgram" if one.kind == Achievement.Kind.PATH else "Competency",
        alignments=[
            *(_aligned(role, "web:role") for role in (one.role, one.also) if role),
            *([_aligned(one.skill, "api:skill")] if one.skill else []),
        ],
        result_descriptions=[_levels(one)] if one.level else [],
    )


def _aligned(thing: Role | Skill, page: str) -> ob3.Alignment:
    """By its code, which other installations know, and by an address: of ESCO where that has the skill."""
    known = thing.esco_uri if isinstance(thing, Skill) else ""
    return ob3.Alignment(
        target_name=thing.name_en,
        target_url=known or address(page, thing.slug),
        target_framework=FRAMEWORK,
        target_code=thing.slug,
    )


def _name(one: Achievement) -> str:
    """English and Chinese, as a credential cannot know its reader."""
    things: list[Role | Skill] = [thing for thing in (one.skill, one.role, one.also) if thing]
    names = (" + ".join(thing.name_en for thing in things), " + ".join(thing.name_zh for thing in things))
    level = f", level {one.level} of 5" if one.level else ""
    return " · ".join(dict.fromkeys(names)) + level


def _levels(one: Achievement) -> ob3.ResultDescription:
    name, lowest, highest = SCALE
    return ob3.ResultDescription(
        id=f"urn:uuid:{one.pk}#level",
        name=name,
        result_type="PerformanceLevel",
        value_min=lowest,
        value_max=highest,
    )


def _results(one: Achievement) -> list[ob3.Result]:
    if not one.level:
        return []
    return [ob3.Result(value=str(one.level), result_description=f"urn:uuid:{one.pk}#level")]


_CONTEXTS = SimpleLazyObject(lambda: (ob3.VCDM_V2_CONTEXT, ob3.OB_V3_CONTEXT))

# In English only: they are part of what is signed. The pages say the same in the reader's language.
_DESCRIPTIONS = {
    Achievement.Kind.PATH: "All courses of a computed learning path to the role are finished.",
    Achievement.Kind.SKILL: "The level of the skill is verified by an assessment or a certificate.",
}
_CRITERIA = {
    Achievement.Kind.PATH: (
        "Every step of a kept plan, computed to reach what the role requires and checked by an independent "
        "verifier, was marked as finished. That rests on the holder's own word."
    ),
    Achievement.Kind.SKILL: (
        "An assessment or a certificate on record shows at least this level, and no later evidence "
        "contests it."
    ),
}
