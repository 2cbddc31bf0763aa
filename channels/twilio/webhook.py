"""Twilio's two webhooks, messages and statuses: verify, store, answer."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from channels.twilio.answers import codes
from channels.twilio.parse import parse_message
from channels.twilio.sending import STATUS_PATH
from channels.twilio.signature import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    Form,
    genuine,
    read_form,
    read_json,
)
from channels.twilio.status import Told, is_status, parse_status
from hotline.channel_settings import TwilioSettings
from hotline.messages import OutboxState
from hotline.settings import Settings
from store import db, receipts
from store.arrivals import Arrival, Job
from store.group_commit import DrowningError, GroupCommit
from store.vault import Vault

_log = logging.getLogger(__name__)
PATH = "/webhooks/twilio"
_LARGEST = 128 * 1024  # bytes; Twilio's requests are a few thousand
_BODY_PATIENCE = 10.0  # seconds for the whole body: nobody shall hold a line with single letters
_COMMIT_PATIENCE = 10.0  # Twilio waits 15; then it shall repeat
_NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_AWAY = (*db.AWAY, DrowningError, TimeoutError)


_JSON = "application/json"
_UNREAD = (
    "Suar reads Twilio's own fields (MessageSid, From, Body, MessageStatus ...), as a form or as "
    "one flat JSON object. See docs/connect-twilio.md."
)


class _UnreadError(Exception):
    """The request is Twilio's, but nothing in it is a message or a status."""


class _NotTwilioError(Exception):
    """The request is not proven to come from Twilio; why is nobody's business."""


def add_twilio(app: FastAPI, vault: Vault, settings: Settings, group: GroupCommit) -> None:
    """Open the webhooks, if Twilio is set up."""
    twilio = settings.channels.twilio
    if twilio is None:
        return

    async def take(request: Request) -> Response:
        public = settings.channels.public_url + request.url.path
        try:
            form = await _proven(request, twilio, public)
        except (_NotTwilioError, ClientDisconnect):
            return Response(status_code=403)
        except _UnreadError:
            # Twilio writes the answer into its log, where the operator finds it.
            return Response(_UNREAD, 415, media_type="text/plain")
        return await _keep(vault, group, form, request.query_params.get("o", ""))

    app.add_api_route(PATH, take, methods=["POST"])
    app.add_api_route(STATUS_PATH, take, methods=["POST"])


async def _proven(request: Request, twilio: TwilioSettings, public: str) -> Form:
    """Read a request that Twilio has signed; raises _NotTwilioError for every other.

    Raises _UnreadError for JSON in which nothing is Twilio's word about a message.
    """
    signature = request.headers.get(SIGNATURE_HEADER, "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not signature or kind not in {"application/x-www-form-urlencoded", _JSON}:
        raise _NotTwilioError
    body = await _body(request)
    query = request.scope["query_string"].decode("latin-1")
    try:
        sent: Form | str = body.decode("utf-8") if kind == _JSON else read_form(body)
        known = genuine(
            twilio,
            # The address as Twilio knows it. What the request says of its own host is not proof,
            # and behind a proxy it is wrong.
            url=f"{public}?{query}" if query else public,
            sent=sent,
            signature=signature,
            signed_with=request.headers.get(SIGNATURE_SETTINGS_HEADER, ""),
        )
    except ValueError:
        raise _NotTwilioError from None
    if not known:
        raise _NotTwilioError
    return _json_form(sent) if isinstance(sent, str) else sent


def _json_form(text: str) -> Form:
    """Read signed JSON; other products of Twilio's send JSON too, and silence would hide that."""
    try:
        form = read_json(text)
    except ValueError:
        raise _UnreadError from None
    if not is_status(form) and not parse_message(form, datetime.now(UTC)):
        raise _UnreadError
    return form


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_PATIENCE):
            async for piece in request.stream():
                body += piece
                if len(body) > _LARGEST:
                    raise _NotTwilioError
    except TimeoutError:
        raise _NotTwilioError from None
    return bytes(body)


async def _keep(vault: Vault, group: GroupCommit, form: Form, told_of: str) -> Response:
    """Store what a request says; the answer is the promise that it is stored."""
    now = datetime.now(UTC)
    # By what it says, not by where it came: an operator who swaps the two addresses must not
    # open a conversation with ourselves.
    about_ours = is_status(form)
    told = parse_status(form, told_of) if about_ours else None
    messages = [] if about_ours else parse_message(form, now)
    if not messages and told is None:
        _log.info("a request from Twilio held nothing to store")
        return _done()

    job: Job = [Arrival(message, "twilio") for message in messages]
    if told is not None:
        job = partial(_note, told=told, now=now)
    try:
        async with asyncio.timeout(_COMMIT_PATIENCE):
            await group.do(job)
    except _AWAY as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        _log.error("a request from Twilio is not stored: %s", kind)
        return Response(status_code=503, headers={"Retry-After": "5"})
    return _done()


def _note(connection: sa.Connection, *, told: Told, now: datetime) -> None:
    """Store what became of a message of ours."""
    failure = codes[told.code or "default"] if told.state is OutboxState.FAILED else None
    receipts.note(
        connection,
        transport="twilio",
        provider_id=told.provider_id,
        status=told.status,
        state=told.state,
        code=told.code,
        words=failure.words if failure else "",
        outbox_id=told.outbox_id,
        at=now.timestamp(),
        end=failure.end if failure else None,
    )


def _done() -> Response:
    return Response(_NOTHING_TO_SAY, media_type="text/xml")
