"""Buttons and lists at Twilio: a handful of empty forms, made once, that a message's words fill.

Twilio shows choices on WhatsApp only through "contents" that are made beforehand and kept there.
Ours hold places and no words: what is kept at Twilio tells nothing about anybody, and one form for
each number of choices is enough for ever.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import requests
from twilio.rest import Client

_log = logging.getLogger(__name__)
_ADDRESS = "https://content.twilio.com/v1/Content"
_PAUSE = 600.0  # seconds without buttons after Twilio did not make one


def quick_reply(count: int) -> dict[str, Any]:
    """Describe a text with up to three buttons."""
    actions = [
        {"type": "QUICK_REPLY", "title": f"{{{{{n + 2}}}}}", "id": f"c:{{{{2}}}}:{n}"}
        for n in range(1, count + 1)
    ]
    return _content(f"suar-buttons-{count}", count + 2, "twilio/quick-reply", {"actions": actions})


def list_picker(count: int) -> dict[str, Any]:
    """Describe a text with a list of up to ten lines behind one button."""
    items = [{"item": f"{{{{{n + 2}}}}}", "id": f"c:{{{{2}}}}:{n}"} for n in range(1, count + 1)]
    parts = {"button": f"{{{{{count + 3}}}}}", "items": items}
    return _content(f"suar-list-{count}", count + 3, "twilio/list-picker", parts)


def filled(text: str, outbox_id: int, titles: Sequence[str], button: str = "") -> str:
    """Write what stands in the places: text, our number, titles, and a list's button."""
    places = [text, str(outbox_id), *titles, *([button] if button else [])]
    return json.dumps({str(n): words for n, words in enumerate(places, 1)}, ensure_ascii=False)


def _content(name: str, places: int, kind: str, parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "friendly_name": name,
        "language": "id",
        # Samples that Twilio wants; every place is filled when a message goes out.
        "variables": {str(n): str(n) for n in range(1, places + 1)},
        "types": {kind: {"body": "{{1}}", **parts}},
    }


class Contents:
    """What was made at Twilio, by what it is made from; kept in a file of SUAR_HOME."""

    def __init__(self, file: Path, account: str, now: Callable[[], float] = time.monotonic) -> None:
        """Keep the numbers of the contents of `account` in `file`."""
        self._file = file
        self._account = account
        self._now = now
        self._lock = threading.Lock()
        self._not_before = 0.0
        self._kept: dict[str, str] = {}  # what stands when the file cannot be read

    def find(self, client: Client, content: dict[str, Any]) -> str | None:
        """Give the number of a content, making it when it is new; None when Twilio does not."""
        key = self._key(content)
        with self._lock:
            known = self._read().get(key)
            if known is not None or self._now() < self._not_before:
                return known
            made = _make(client, content)
            if made is None:
                self._not_before = self._now() + _PAUSE
                return None
            self._write({**self._read(), key: made})
            return made

    def forget(self, content: dict[str, Any]) -> None:
        """Drop a content that Twilio no longer has; the next message makes it anew."""
        with self._lock:
            kept = self._read()
            if kept.pop(self._key(content), None) is not None:
                self._write(kept)

    def _key(self, content: dict[str, Any]) -> str:
        made_from = json.dumps([self._account, content], sort_keys=True)
        return hashlib.sha256(made_from.encode()).hexdigest()[:32]

    def _read(self) -> dict[str, str]:
        """Read the file each time: another process may have made something."""
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return dict(self._kept)
        return {str(k): str(v) for k, v in kept.items()} if isinstance(kept, dict) else {}

    def _write(self, kept: dict[str, str]) -> None:
        self._kept = kept
        beside = self._file.with_suffix(f".{os.getpid()}.new")
        try:
            beside.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            beside.replace(self._file)
        except OSError as error:
            # Buttons work on; only after a restart they are made again.
            _log.warning("cannot keep %s: %s", self._file.name, type(error).__name__)


def _make(client: Client, content: dict[str, Any]) -> str | None:
    """Ask Twilio to make a content. A plain request: the library would add what is not there."""
    try:
        answer = client.request(
            "POST", _ADDRESS, data=content, headers={"Content-Type": "application/json"}
        )
        made = json.loads(answer.text).get("sid") if answer.status_code == 201 else None
    except (requests.RequestException, ValueError, AttributeError) as error:
        _log.warning("Twilio made no buttons: %s", type(error).__name__)
        return None
    if not isinstance(made, str):
        _log.warning("Twilio made no buttons: HTTP %s", answer.status_code)
        return None
    return made
