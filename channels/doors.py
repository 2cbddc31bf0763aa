"""Who may see the figures: this machine itself, or who knows the token."""

from __future__ import annotations

import ipaddress
import secrets

from fastapi import Request

_BY_A_PROXY = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def may_see_figures(request: Request, token: str) -> bool:
    """Say whether a request may read /metrics.

    With a token nobody else may. Without one only this machine: a request that a proxy has passed
    on comes from outside, although the proxy itself is here.
    """
    if token:
        told = request.headers.get("authorization", "")
        return secrets.compare_digest(told.encode(), f"Bearer {token}".encode())
    if any(name in request.headers for name in _BY_A_PROXY):
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
