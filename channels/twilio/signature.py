"""Proves that a request comes from Twilio: nothing else of it is looked at before."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from hotline.channel_settings import TwilioSettings

__all__ = [
    "SIGNATURE_HEADER",
    "SIGNATURE_SETTINGS_HEADER",
    "Form",
    "genuine",
    "read_form",
    "read_json",
]

Form = ImmutableMultiDict[str, str]
_MOST_FIELDS = 500


def read_form(body: bytes) -> Form:
    """Read a form with its blank and repeated fields; raises ValueError when it is none."""
    text = body.decode("ascii")  # all else is written as %XX
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    return ImmutableMultiDict(pairs)


def read_json(text: str) -> Form:
    """Read the flat JSON object that stands for a form; raises ValueError when it is none.

    Lists and objects in it are left out: no field that we know holds one.
    """
    try:
        fields = json.loads(text).items()
    except (RecursionError, AttributeError):
        raise ValueError("no flat JSON object") from None
    return Form({name: _word(value) for name, value in fields if _is_word(value)})


def _is_word(value: object) -> bool:
    return isinstance(value, str | int | float)


def _word(value: object) -> str:
    # JSON can name half a surrogate pair, which no encoding can store.
    told = value if isinstance(value, str) else json.dumps(value)
    return told.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def genuine(
    settings: TwilioSettings, *, url: str, sent: Form | str, signature: str, signed_with: str
) -> bool:
    """Say whether Twilio signed this request to `url`, the public one with its query.

    `sent` is the form, or the text of a JSON body, whose hash stands in the query. `signed_with`
    is the header that names the algorithm; it is there when a SharedKey signs.
    """
    if isinstance(sent, str) and "bodySHA256" not in parse_qs(urlsplit(url).query):
        return False  # nothing would vouch for the body
    secret = settings.auth_token
    if signed_with and settings.shared_key:
        secret = settings.shared_key
    algorithm = get_signature_algorithm(signed_with)
    return bool(RequestValidator(secret).validate(url, sent, signature, algorithm))
