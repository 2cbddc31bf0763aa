"""The second factor: time-based codes (TOTP), each of which works once."""

from __future__ import annotations

import hmac
import io

import pyotp
import segno

_STEP = 30


def new_secret() -> str:
    """Draw a secret of 160 bits."""
    return pyotp.random_base32()


def picture(secret: str, login: str) -> str:
    """Draw the secret as a QR code that an authenticator app reads; returns SVG."""
    # The name says nothing about what the desk is for: phones are looked into.
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Suar")
    out = io.BytesIO()
    segno.make(address).save(
        out, kind="svg", scale=5, xmldecl=False, svgns=True, light="white", border=3
    )
    return out.getvalue().decode()


def step_of(secret: str, code: str, now: float) -> int | None:
    """Find the time step a code belongs to: this one, the last or the next; None for none."""
    totp = pyotp.TOTP(secret)
    current = int(now) // _STEP
    given = code.replace(" ", "")
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(totp.at(step * _STEP).encode(), given.encode()):
            return step
    return None
