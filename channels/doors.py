"""Who may see figures and health: this machine itself, or who knows the token."""

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
    return _knows(request, token) if token else _is_here(request)


def may_see_health(request: Request, token: str) -> bool:
    """Say whether a request may read /readyz: who knows the token, and always this machine."""
    return (bool(token) and _knows(request, token)) or _is_here(request)


def _knows(request: Request, token: str) -> bool:
    told = request.headers.get("authorization", "")
    return secrets.compare_digest(told.encode(), f"Bearer {token}".encode())


def _is_here(request: Request) -> bool:
    if any(name in request.headers for name in _BY_A_PROXY):
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
