"""The settings of a log-in through somebody else's OpenID provider; without them there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hotline.environment import SettingsError, choice, text, together

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, kw_only=True)
class OidcSettings:
    """Which provider is believed, and whose word of it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: frozenset[str]  # of e-mail addresses; empty: any that was linked
    claim: tuple[str, str] | None  # what a token must say besides
    trusts_mfa: bool  # the provider's second factor counts as ours


def allowed_address(url: str) -> bool:
    """Say whether secrets may travel there: over TLS, or not out of this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    )


def load_oidc(env: Mapping[str, str]) -> OidcSettings | None:
    """Read the provider's settings; raises SettingsError naming the variable that is wrong."""
    if not together(env, "SUAR_OIDC_ISSUER", "SUAR_OIDC_CLIENT_ID", "SUAR_OIDC_CLIENT_SECRET"):
        return None
    issuer = text(env, "SUAR_OIDC_ISSUER")
    if not allowed_address(issuer):
        raise SettingsError("SUAR_OIDC_ISSUER must begin with https://")
    name, _, value = text(env, "SUAR_OIDC_CLAIM").partition("=")
    if bool(name) != bool(value):
        raise SettingsError("SUAR_OIDC_CLAIM must look like groups=hotline")
    domains = (one.strip().lower() for one in text(env, "SUAR_OIDC_DOMAINS").split(","))
    return OidcSettings(
        issuer=issuer,
        client_id=text(env, "SUAR_OIDC_CLIENT_ID"),
        client_secret=text(env, "SUAR_OIDC_CLIENT_SECRET"),
        domains=frozenset(one for one in domains if one),
        claim=(name.strip(), value.strip()) if name else None,
        trusts_mfa=choice(env, "SUAR_OIDC_MFA", ("ask", "trust")) == "trust",
    )
