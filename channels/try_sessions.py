"""A browser's session on the try-out page: a cookie that only we can make."""

from __future__ import annotations

import re
import secrets

from fastapi import Request, Response

from store.crypto import Keyring

COOKIE = "suar_try"
_COOKIE_FORM = re.compile(r"([0-9a-f]{32})([0-9a-f]{32})")


def session_of(request: Request, keyring: Keyring) -> str | None:
    """Give the browser's session, if its cookie was made here."""
    found = _COOKIE_FORM.fullmatch(request.cookies.get(COOKIE, ""))
    if found is None or not secrets.compare_digest(found[2], _mark(keyring, found[1])):
        return None
    return found[1]


def new_session() -> str:
    """Draw a session of 128 bits."""
    return secrets.token_hex(16)


def keep_session(request: Request, response: Response, keyring: Keyring, session: str) -> None:
    """Put the session into a cookie that scripts and other sites cannot use."""
    response.set_cookie(
        COOKIE,
        session + _mark(keyring, session),
        path="/try",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def _mark(keyring: Keyring, session: str) -> str:
    # Without it a visitor could choose his session: one that is easy to guess, or one he has
    # laid into somebody else's browser to read along.
    return keyring.blind("try_cookie", session).hex()
