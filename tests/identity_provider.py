"""An OpenID provider on a port of this machine, for tests of signing in at one.

It does what OpenID Connect asks of it (code flow, PKCE, client secret, signed ID tokens, userinfo) with a
library of its own for the signatures. It can be made to lie: `twist` changes claims, `signs` the signature.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "groundwork", "a shared secret"
ANA = {"sub": "ana-1", "email": "ana@example.net", "email_verified": True, "name": "Ana Abadi"}


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class IdentityProvider:
    """`person` is who signs in next, `details` what userinfo says of them where it differs."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=lambda: dict(ANA))
    details: dict[str, Any] = field(default_factory=dict)
    twist: dict[str, Any] = field(default_factory=dict)
    signs: str = "rightly"
    denies: bool = False
    described_as: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256"}))
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.described_as or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, question: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert question["client_id"] == CLIENT_ID
        assert question["response_type"] == "code"
        assert "openid" in question["scope"].split()
        assert question["code_challenge_method"] == "S256"
        answer = {"state": question["state"]}
        if self.denies:
            return f"{question['redirect_uri']}?{urlencode({**answer, 'error': 'access_denied'})}"
        code = secrets.token_urlsafe(16)
        self.asked[code] = question
        return f"{question['redirect_uri']}?{urlencode({**answer, 'code': code})}"

    def exchange(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Tokens for a code that was given out to this client, once; None for anything else."""
        question = self.asked.pop(form.get("code", ""), None)
        if question is None or form.get("client_secret") != CLIENT_SECRET:
            return None
        challenge = _b64(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge != question["code_challenge"] or form["redirect_uri"] != question["redirect_uri"]:
            return None
        token = secrets.token_urlsafe(16)
        self.tokens[token] = {**self.person, **self.details}
        id_token = self._id_token(question)
        return {"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": id_token}

    def _id_token(self, question: dict[str, str]) -> str:
        now = int(time.time())
        times = {"iat": now, "exp": now + 300}
        claims = {"iss": self.address, "aud": CLIENT_ID, "nonce": question.get("nonce"), **times}
        claims = {**self.person, **claims, **self.twist}
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": "one"}
        match self.signs:
            case "with a key of its own":
                return jwt.encode(header, claims, RSAKey.generate_key(2048))
            case "not at all":
                unsigned = [{"alg": "none", "kid": "one"}, claims]
                return ".".join([*(_b64(json.dumps(part).encode()) for part in unsigned), ""])
            case "with what everybody knows":
                public = OctKey.import_key(self.key.as_pem(private=False))
                header["alg"] = "HS256"
                return jws.serialize_compact(header, json.dumps(claims).encode(), public)
            case _:
                return jwt.encode(header, claims, self.key)


class _Handler(BaseHTTPRequestHandler):
    provider: IdentityProvider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        match parts.path:
            case "/.well-known/openid-configuration":
                self._answer(self.provider.description())
            case "/keys":
                self._answer({"keys": [self.provider.key.as_dict(private=False)]})
            case "/authorize":
                self.send_response(302)
                self.send_header("Location", self.provider.authorize(dict(parse_qsl(parts.query))))
                self.end_headers()
            case "/userinfo":
                token = self.headers["Authorization"].removeprefix("Bearer ")
                self._answer(self.provider.tokens.get(token))
            case _:
                self._answer(None)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer(self.provider.exchange({name: values[0] for name, values in form.items()}))

    def _answer(self, body: dict[str, Any] | None) -> None:
        self.send_response(400 if body is None else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body or {"error": "invalid_grant"}).encode())

    def log_message(self, *_args: Any) -> None:
        return


@contextmanager
def serving() -> Iterator[IdentityProvider]:
    """A provider that answers until the end of the block."""
    provider = IdentityProvider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join(5)
