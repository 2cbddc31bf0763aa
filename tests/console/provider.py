"""A provider that does what a test tells it: signs rightly, wrongly, for others, or not at all."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

ISSUER = "https://masuk.example.go.id"
CLIENT, SECRET = "suar", "rahasia-klien"


@dataclass
class FakeProvider:
    """Answers over a transport of httpx; `claims` go into the next token."""

    clock: Callable[[], float]
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    alg: str = "RS256"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_with: RSAKey | OctKey | None = None
    nonce: str = ""
    challenge: str = ""
    asked: list[str] = field(default_factory=list)
    down: bool = False

    def authorize(self, url: str) -> dict[str, str]:
        """Remember what the browser brings, as the provider's page would."""
        found = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.nonce, self.challenge = found["nonce"], found["code_challenge"]
        return found

    def transport(self) -> httpx.MockTransport:
        """Give the way to this provider."""
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.down:
            raise httpx.ConnectError("down")
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self._description())
        if request.url.path == "/keys":
            return httpx.Response(200, json=KeySet([self.key]).as_dict(private=False))
        return self._token(request)

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            **self.described,
        }

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        right = base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == self.challenge
        secret = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if not right or request.headers["authorization"] != f"Basic {secret}":
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(
            200, json={"access_token": "x", "token_type": "Bearer", "id_token": self._signed()}
        )

    def _signed(self) -> str:
        now = int(self.clock())
        claims = {
            "iss": ISSUER, "aud": CLIENT, "sub": "42", "iat": now, "exp": now + 300,
            "nonce": self.nonce, "email": "ani@example.go.id", "email_verified": True,
            **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.alg == "none":
            parts = ({"alg": "none"}, claims)
            packed = (base64.urlsafe_b64encode(json.dumps(p).encode()) for p in parts)
            return ".".join(p.rstrip(b"=").decode() for p in packed) + "."
        header = {"alg": self.alg, "kid": "1"}
        return jwt.encode(header, claims, self.signs_with or self.key, algorithms=[self.alg])
