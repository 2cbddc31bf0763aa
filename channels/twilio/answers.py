"""Says what Twilio's answer to a send means: gone, later, never, or nobody knows."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path

import requests
import urllib3.exceptions as pool
from twilio.base.exceptions import TwilioException

from channels.codes import load_codes
from hotline.delivery import Delivery

codes = load_codes(Path(__file__).with_name("codes.yml"))
# What holds for every message of the account, not for this one alone.
_EVERYONE = frozenset(
    {"429", "14107", "20429", "21611", "30022", "30023", "30027", "63017", "63018", "63038"}
)
# Raised before a byte of the request has left; all else may have arrived.
_BEFORE = (
    pool.NewConnectionError,  # refused, no route, no such name
    pool.ConnectTimeoutError,
    pool.ProxyError,
)


def ended(code: object, *, status: int = 400, retry_after: float | None = None) -> Delivery:
    """Give the delivery that a code stands for; one we do not know goes by its HTTP status."""
    name = str(code)
    known = codes[name]
    if name not in codes.known and status >= 500:
        known = codes["500"]
    elif name not in codes.known and status < 400:
        known = codes["redirect"]
    made = known.delivery(retry_after=retry_after, everyone=name in _EVERYONE)
    return replace(made, code=name[:16])


def failed(error: Exception, retry_after: float | None) -> Delivery:
    """Give the delivery that an exception of Twilio's library or of the network stands for.

    The exception's own text is never kept: it can hold the caller's number or our words.
    """
    if isinstance(error, TwilioException):
        status = getattr(error, "status", None)
        if status is None:
            return ended("no_sender")  # the library refused before asking: no account or token
        code = getattr(error, "code", None) or status
        return ended(code, status=status, retry_after=retry_after)
    if isinstance(error, requests.RequestException):
        return ended("connect" if _never_left(error) else "timeout")
    # Twilio answered with success, and the answer could not be read.
    return ended("garbled")


def _never_left(error: requests.RequestException) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    if isinstance(reason, pool.SSLError):
        # A line may also break off in the middle; only a certificate is judged before.
        return any(isinstance(arg, ssl.SSLCertVerificationError) for arg in reason.args)
    return isinstance(reason, _BEFORE)
