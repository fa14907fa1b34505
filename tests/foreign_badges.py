"""Badges as others issue them: an issuer with keys of its own, and what it publishes for verifying them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from openbadgeslib import ob3

HOST = "https://academy.example"
KEY_SETS = f"{HOST}/.well-known/jwks.json"
REVOKED = f"{HOST}/revoked.jwt"


def make_key(algorithm: str = "EdDSA") -> Any:
    if algorithm == "RS256":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (
        ec.generate_private_key(ec.SECP256R1())
        if algorithm == "ES256"
        else ed25519.Ed25519PrivateKey.generate()
    )


@dataclass(kw_only=True)
class Academy:
    """Issues badges; `published` is what its server answers, by address, `asked` what it was asked for."""

    algorithm: str = "EdDSA"
    id: str = f"{HOST}/issuer"
    name: str = "The Academy"
    key: Any = None
    published: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = self.key or make_key(self.algorithm)
        self.publish_keys(self.key)
        self.revoke([])

    def publish_keys(self, *keys: Any) -> None:
        algorithm = jwt.get_algorithm_by_name(self.algorithm)
        shown = [algorithm.to_jwk(key.public_key(), as_dict=True) for key in keys]
        # Of another use, and of a kind nobody here can read: to be passed over.
        shown.insert(0, {"kty": "unheard-of"})
        self.published[KEY_SETS] = json.dumps({"keys": shown}).encode()

    def revoke(self, numbers: Iterable[int], *, key: Any = None) -> None:
        now = datetime.now(UTC)
        document = ob3.build_status_list_credential(
            self.id, REVOKED, "revocation", numbers, issued=now, valid_until=now + timedelta(days=1)
        )
        self.published[REVOKED] = self._signed(
            {**document, "iss": self.id, "jti": document["id"], "nbf": int(now.timestamp())}, key=key
        ).encode()

    def download(self, url: str) -> bytes:
        """What the product fetches by; an address that is not published cannot be reached."""
        self.asked.append(url)
        if url not in self.published:
            raise OSError(url)
        return self.published[url]

    def issue(self, *, key: Any = None, **said: Any) -> str:
        """A signed badge; `said` as `credential` takes it."""
        return self._signed(self.credential(**said).to_jwt_payload(), key=key)

    def credential(
        self,
        *,
        to: str | None = "ada@example.com",
        name: str = "Kernel tuning",
        level: int | None = 3,
        days_ago: int = 30,
        lasts: int | None = 365,
        number: int | None = None,
        hashed: bool = True,
        **achievement: Any,
    ) -> ob3.OpenBadgeCredential:
        issued = datetime.now(UTC) - timedelta(days=days_ago)
        identity = ob3.IdentityObject.create(to, salt="sea") if to and hashed else None
        status = [ob3.status_entry(REVOKED, "revocation", number)] if number is not None else []
        scale = ob3.ResultDescription(
            id="urn:scale",
            name="Level, 0 (none) to 5 (expert)",
            result_type="PerformanceLevel",
            value_min="0",
            value_max="5",
        )
        return ob3.OpenBadgeCredential(
            issuer=ob3.Issuer(id=self.id, name=self.name),
            recipient_id=(f"mailto:{to}" if to and not hashed else None if to else "did:example:somebody"),
            identifiers=[identity] if identity else [],
            achievement=ob3.Achievement(
                **{
                    "id": "urn:achievement",
                    "name": name,
                    "description": "What it takes.",
                    "criteria_narrative": "An examination.",
                    "result_descriptions": [scale] if level else [],
                    **achievement,
                }
            ),
            results=[ob3.Result(value=str(level), result_description="urn:scale")] if level else [],
            issuance_date=issued,
            expiration_date=issued + timedelta(days=lasts) if lasts else None,
            credential_status=status,
        )

    def _signed(self, payload: dict[str, Any], *, key: Any) -> str:
        private = (key or self.key).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return jwt.encode(payload, private, algorithm=self.algorithm)
