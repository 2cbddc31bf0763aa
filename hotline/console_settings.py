"""The settings of the console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from hotline.environment import SettingsError, choice, number, text
from hotline.oidc_settings import LOCAL, OidcSettings, load_oidc


@dataclass(frozen=True, kw_only=True)
class ConsoleSettings:
    """Where the console answers, and how one gets in."""

    host: str
    port: int
    url: str  # as browsers reach it; invitations begin with it
    totp_required: bool
    oidc: OidcSettings | None

    @property
    def local_url(self) -> str:
        """Where the console answers, as seen from this machine."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on
        host = everywhere.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Say whether browsers come over TLS: then cookies never travel without."""
        return self.url.startswith("https://")


def load_console(env: Mapping[str, str]) -> ConsoleSettings:
    """Read the console's settings; raises SettingsError naming the variable that is wrong."""
    port = int(number(env, "SUAR_CONSOLE_PORT", 8081, 1, 65535))
    url = text(env, "SUAR_CONSOLE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise SettingsError("SUAR_CONSOLE_URL must look like https://desk.example.org")
    host = text(env, "SUAR_CONSOLE_HOST", "127.0.0.1")
    if parts.scheme != "https" and not {host, parts.hostname} <= LOCAL:
        raise SettingsError(
            "SUAR_CONSOLE_URL must begin with https:// where others than this machine reach the "
            "console (by that name, or by SUAR_CONSOLE_HOST): put a proxy with TLS before it"
        )
    return ConsoleSettings(
        host=host,
        port=port,
        url=url,
        totp_required=choice(env, "SUAR_CONSOLE_TOTP", ("required", "optional")) == "required",
        oidc=load_oidc(env),
    )
