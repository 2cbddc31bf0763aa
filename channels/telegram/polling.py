"""Fetches updates where Telegram cannot reach us: stored first, confirmed afterwards."""

from __future__ import annotations

import concurrent.futures
import logging
import random
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from telegram.error import TelegramError

from channels.telegram.errands import run_errands
from channels.telegram.line import Line
from channels.telegram.parse import UPDATES, parse_update
from channels.telegram.storing import store
from channels.telegram.wire import RefusedError
from store import db
from store.heartbeats import beat, process_name
from store.vault import Vault

logger = logging.getLogger(__name__)
_WAIT = 25  # seconds that Telegram keeps a question open when there is nothing new
_LONGEST_PAUSE = 60.0
_BEAT_SECONDS = 3.0


class Poller:
    """Asks for updates, one question at a time; Telegram gives a bot's updates to one asker only.

    A question that names a number confirms all updates below it, and Telegram forgets them. So the
    next question is not asked before the last answer is on disk: whatever breaks off in between
    comes again, and a repeat is stored once.
    """

    def __init__(self, vault: Vault, line: Line, *, wait: int = _WAIT) -> None:
        """Store in `vault` what `line` gives."""
        self._vault = vault
        self._line = line
        self._wait = wait
        self._name = process_name()
        self._offset: int | None = None
        self._failures = 0
        self._beat_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Fetch until `stop` is set."""
        while not stop.is_set():
            try:
                updates = self._ask(stop)
                self._store(updates)
            except RefusedError as error:
                self._pause(stop, _advice(error), error.retry_after)
            except TelegramError as error:
                self._pause(stop, f"Telegram does not answer ({type(error).__name__})")
            except db.AWAY as error:
                kind = type(getattr(error, "orig", None) or error).__name__
                self._pause(stop, f"the database does not answer ({kind})")
            else:
                self._failures = 0

    def _ask(self, stop: threading.Event) -> Sequence[dict[str, Any]]:
        offset = self._offset
        asked = self._line.begin(
            lambda bot: bot.raw_updates(offset=offset, timeout=self._wait, allowed=UPDATES),
            longest=self._wait + 20,
        )
        try:
            while not stop.is_set():
                self._beat()
                done, _ = concurrent.futures.wait([asked], timeout=0.5)
                if done:
                    return asked.result()
        finally:
            # What is broken off comes again; left open, it would starve the next question.
            asked.cancel()
        return ()

    def _store(self, updates: Sequence[dict[str, Any]]) -> None:
        now = datetime.now(UTC)
        heard = [parse_update(update, now) for update in updates]
        with db.write(self._vault.engine) as connection:
            for one in heard:
                store(connection, self._vault.keyring, one)
        self._offset = _next(updates)
        for one in heard:
            run_errands(self._line, one)

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at < _BEAT_SECONDS:
            return
        self._beat_at = time.monotonic()
        with db.write(self._vault.engine) as connection:
            beat(connection, self._name, "poller", time.time())

    def _pause(self, stop: threading.Event, why: str, told: float | None = None) -> None:
        usual = min(2.0**self._failures, _LONGEST_PAUSE) * (1 - random.random() / 2)  # noqa: S311
        self._failures += 1
        seconds = max(told or 0.0, usual)
        logger.error("%s; asking again in %.0f s", why, seconds)
        stop.wait(seconds)


def _next(updates: Sequence[dict[str, Any]]) -> int | None:
    """Give the number that confirms these updates.

    None after an empty answer: all are confirmed then, and after a quiet week Telegram begins anew
    at any number, which may be lower than ours.
    """
    numbers = [one["update_id"] for one in updates if isinstance(one.get("update_id"), int)]
    return max(numbers) + 1 if numbers else None


def _advice(error: RefusedError) -> str:
    """Say what an operator can do."""
    says = error.says.lower()
    if error.status == 409 and "webhook" in says:
        return (
            "Telegram sends this bot's updates to a webhook; end that with "
            "`suar telegram webhook delete`, or set SUAR_TELEGRAM_MODE=webhook"
        )
    if error.status == 409:
        return "another program asks for this bot's updates; only one may (end the other)"
    if error.status in {401, 404}:
        return "Telegram does not know SUAR_TELEGRAM_TOKEN; take the present one from BotFather"
    return f"Telegram refuses to give updates ({error.status})"
