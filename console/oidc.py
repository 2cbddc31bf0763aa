"""Speaks OpenID Connect with one provider: code flow, PKCE, state and nonce.

Nothing is believed that its keys have not signed for us.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from hotline.errors import SuarError
from hotline.oidc_settings import OidcSettings, allowed_address

PENDING_SECONDS = 600.0
_LEEWAY = 60  # clocks differ
# Only keys that the provider alone holds: neither "none" nor one made from our shared secret.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class OidcError(SuarError):
    """The provider cannot be asked, or what came from it is not to be believed."""


@dataclass(frozen=True)
class Pending:
    """A log-in that has gone to the provider and has not come back."""

    state: str
    nonce: str
    verifier: str
    at: float

    def packed(self) -> str:
        """Give it as text."""
        return json.dumps(asdict(self))

    @staticmethod
    def unpacked(text: str) -> Pending:
        """Read it again."""
        return Pending(**json.loads(text))


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for."""

    subject: str
    email: str  # empty unless verified
    used_mfa: bool


class Provider:
    """One provider, asked anew each time: log-ins are few, and its keys change."""

    def __init__(
        self, settings: OidcSettings, back: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Prepare to send browsers there and have them back at the address `back`."""
        self._settings, self._back, self._transport = settings, back, transport

    def begin(self, now: float) -> tuple[str, Pending]:
        """Give the address to send the browser to, and what must be remembered meanwhile."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        pending = Pending(state, nonce, verifier, now)
        with self._client() as client:
            there = self._describe(client)["authorization_endpoint"]
        url = prepare_grant_uri(
            there,
            self._settings.client_id,
            "code",
            redirect_uri=self._back,
            scope="openid email",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return str(url), pending

    def finish(self, pending: Pending, code: str, now: float) -> Person:
        """Trade the code for a token and check it; raises OidcError."""
        try:
            with self._client() as client:
                described = self._describe(client)
                token = self._trade(client, described["token_endpoint"], code, pending.verifier)
                keys = KeySet.import_key_set(_keys(self._get(client, described["jwks_uri"])))
            return self._person(token, keys, pending.nonce, now)
        except (JoseError, httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise OidcError(f"the provider's answer is not good ({type(error).__name__})") from None

    def _client(self) -> httpx.Client:
        return httpx.Client(transport=self._transport, timeout=10.0, follow_redirects=False)

    def _trade(self, client: httpx.Client, url: str, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
        }
        name, secret = self._settings.client_id, self._settings.client_secret
        answer = client.post(url, data=form, auth=(quote(name, safe=""), quote(secret, safe="")))
        answer.raise_for_status()
        return str(answer.json()["id_token"])

    def _describe(self, client: httpx.Client) -> Mapping[str, Any]:
        issuer = self._settings.issuer
        url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            found = self._get(client, url)
        except (httpx.HTTPError, ValueError) as error:
            raise OidcError(f"the provider cannot be asked ({type(error).__name__})") from None
        if found.get("issuer") != issuer:
            raise OidcError("the provider calls itself by another name than SUAR_OIDC_ISSUER")
        if not all(allowed_address(str(found.get(name, ""))) for name in _ENDPOINTS):
            raise OidcError("the provider names an address without TLS")
        return found

    def _get(self, client: httpx.Client, url: str) -> dict[str, Any]:
        answer = client.get(url)
        answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise ValueError("no object")  # noqa: TRY004 - a value from outside, not our mistake
        return found

    def _person(self, token: str, keys: KeySet, nonce: str, now: float) -> Person:
        settings = self._settings
        claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now=int(now),
            leeway=_LEEWAY,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
        ).validate(claims)
        if claims.get("azp", settings.client_id) != settings.client_id:
            raise OidcError("the token was made for another application")
        self._check_allowed(claims)
        email = str(claims.get("email", "")) if claims.get("email_verified") is True else ""
        used = claims.get("amr", [])
        return Person(str(claims["sub"]), email, isinstance(used, list) and "mfa" in used)

    def _check_allowed(self, claims: Mapping[str, Any]) -> None:
        settings = self._settings
        domain = str(claims.get("email", "")).rpartition("@")[2].lower()
        verified = claims.get("email_verified") is True
        if settings.domains and not (verified and domain in settings.domains):
            raise OidcError("the provider vouches for an address of another domain")
        if settings.claim is not None:
            name, wanted = settings.claim
            said = claims.get(name)
            if wanted not in (said if isinstance(said, list) else [said]):
                raise OidcError("the provider's token does not say what SUAR_OIDC_CLAIM wants")


def _keys(found: dict[str, Any]) -> KeySetSerialization:
    keys = found["keys"]
    if not isinstance(keys, list):
        raise ValueError("no keys")  # noqa: TRY004 - a value from outside, not our mistake
    return {"keys": keys}
