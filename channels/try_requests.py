"""What a browser sends to the try-out page: its origin, and one message."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from fastapi import Request

_MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_MOST_BYTES = 16_384
_MOST_CHARACTERS = 10_000
_FORM = "application/x-www-form-urlencoded"


class RefusedError(Exception):
    """A request that is not taken; carries the status and the name of the text that says why."""

    def __init__(self, status: int, text: str) -> None:
        """Refuse with an HTTP `status` and a response of bot/domain."""
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass(frozen=True)
class Written:
    """One message as a browser handed it in."""

    message_id: str
    text: str


def is_form(request: Request) -> bool:
    """Say whether a plain form sent this: a browser without our script."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM


def refuse_foreign(request: Request) -> None:
    """Raise RefusedError when another site made the browser send this."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        ours = site in {"same-origin", "none"}
    else:
        # Without both headers no browser sent it, so nobody's cookie is being misused.
        ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not ours:
        raise RefusedError(403, "utter_try_foreign")


async def read_message(request: Request) -> Written:
    """Read the message from JSON or a form; raises RefusedError for anything else."""
    body = await _body(request)
    try:
        message_id, text = _form_fields(body) if is_form(request) else _json_fields(body)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RefusedError(400, "utter_try_malformed") from None
    if not _MESSAGE_ID.fullmatch(message_id):
        raise RefusedError(400, "utter_try_malformed")
    if not text.strip():
        raise RefusedError(400, "utter_try_empty")
    if len(text) > _MOST_CHARACTERS:
        raise RefusedError(413, "utter_try_too_long")
    return Written(message_id, text)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise RefusedError(413, "utter_try_too_long")
    return bytes(body)


def _json_fields(body: bytes) -> tuple[str, str]:
    plain = json.loads(body.decode("utf-8"))
    message_id, text = plain["id"], plain["text"]
    if not isinstance(message_id, str) or not isinstance(text, str):
        raise TypeError("id and text must be strings")
    # JSON can name half a surrogate pair, which no encoding can store.
    return message_id, text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _form_fields(body: bytes) -> tuple[str, str]:
    fields = parse_qs(
        body.decode("ascii"), keep_blank_values=True, max_num_fields=10, errors="replace"
    )
    # Browsers send line ends as CR LF.
    return fields["id"][-1], fields["text"][-1].replace("\r\n", "\n")
