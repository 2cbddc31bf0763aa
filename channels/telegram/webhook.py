"""Telegram's webhook: verify, store, answer."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI, Request, Response

from channels.telegram.errands import run_errands
from channels.telegram.line import Line
from channels.telegram.parse import parse_update
from channels.telegram.storing import job
from hotline.settings import Settings
from store.group_commit import DrowningError, GroupCommit
from store.vault import Vault

logger = logging.getLogger(__name__)
PATH = "/webhooks/telegram"
_LARGEST = 1_000_000  # bytes; Telegram's updates are a few thousand
_PATIENCE = 20.0  # seconds for one commit; then Telegram shall repeat


def add_telegram(app: FastAPI, vault: Vault, settings: Settings, group: GroupCommit) -> None:
    """Open the webhook, if Telegram is set up and does not poll."""
    telegram = settings.channels.telegram
    if telegram is None or telegram.polling:
        return
    line = Line(telegram)
    app.state.telegram_line = line
    wanted = telegram.secret.encode()

    @app.post(PATH)
    async def receive(request: Request) -> Response:
        told = request.headers.get("x-telegram-bot-api-secret-token", "").encode()
        if not secrets.compare_digest(told, wanted):
            return Response(status_code=401)
        payload = await _payload(request)
        if payload is None:
            return Response(status_code=400)
        heard = parse_update(payload, datetime.now(UTC))
        if heard.message or heard.blocked or heard.unblocked:
            try:
                async with asyncio.timeout(_PATIENCE):
                    await group.do(job(vault.keyring, heard))
            except (sa.exc.DBAPIError, sa.exc.TimeoutError, DrowningError, TimeoutError) as error:
                logger.error("a Telegram update is not stored: %s", _kind(error))
                return Response(status_code=503, headers={"Retry-After": "5"})
        run_errands(line, heard)
        return Response(status_code=200)


async def _payload(request: Request) -> dict[str, Any] | None:
    """Read the body; None when it is too large or is not what Telegram sends."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            return None
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def _kind(error: BaseException) -> str:
    return type(getattr(error, "orig", None) or error).__name__
