"""Asks Rasa for a turn; anything but a whole answer is `NoAnswer`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from hotline.errors import NoAnswer
from hotline.messages import Choice, Reply
from hotline.understood import Understood, understood

_CONNECT_PAUSE = 0.2  # seconds between tries while nothing listens at Rasa's port


@dataclass(frozen=True)
class Question:
    """What the bot is asked: one message of one conversation."""

    message_id: int
    conversation: str
    channel: str
    text: str
    choice: str | None = None
    danger: Sequence[str] = ()
    shared: str = ""  # "caption", "location" or "contact" where the words came with such a thing
    doubtful: bool = False  # the guard is not sure of its danger: the bot has a say


@dataclass(frozen=True)
class Answer:
    """What the bot replied, the language it answered in, and what it took the message for."""

    replies: tuple[Reply, ...]
    language: str
    understood: Understood | None = None


class Bot(Protocol):
    """Whoever answers turns: Rasa, or a stand-in in tests."""

    def ask(self, question: Question) -> Answer:
        """Answer one message; raises NoAnswer when there is none."""


class RasaBot:
    """Our connector inside Rasa, over HTTP; safe to ask twice, it never runs a turn twice."""

    def __init__(
        self,
        url: str,
        token: str,
        timeout: float,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Ask at `url` with the shared token; `timeout` is in seconds for a whole turn."""
        self._url = url
        self._timeout = timeout
        self._now, self._sleep = now, sleep
        headers = {"Authorization": f"Bearer {token}"}
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self._http = httpx.Client(headers=headers, limits=limits, trust_env=False)

    def ask(self, question: Question) -> Answer:
        """Ask for one turn; waits for a Rasa that is just starting, but never past the timeout."""
        deadline = self._now() + self._timeout
        body = {
            "message_id": str(question.message_id),
            "conversation": question.conversation,
            "channel": question.channel,
            "text": question.text,
            "choice": question.choice,
            "danger": list(question.danger),
            "doubtful": question.doubtful,
            "shared": question.shared,
        }
        while True:
            try:
                status, content = self._post(body, deadline)
            except httpx.ConnectError:
                if deadline - self._now() < _CONNECT_PAUSE:
                    raise NoAnswer("nothing listens at Rasa's address") from None
                self._sleep(_CONNECT_PAUSE)
                continue
            except httpx.HTTPError as error:
                raise NoAnswer(f"Rasa did not answer: {type(error).__name__}") from None
            return _read(status, content)

    def _post(self, body: dict[str, Any], deadline: float) -> tuple[int, bytes]:
        """Send one question and read the answer, all before `deadline`.

        httpx limits the wait for each piece; a peer that sends a byte a second would hold a
        caller for ever, so the sum is watched here.
        """
        left = max(deadline - self._now(), 0.1)
        content = bytearray()
        with self._http.stream("POST", f"{self._url}/turn", json=body, timeout=left) as response:
            for piece in response.iter_bytes():
                content += piece
                if self._now() > deadline:
                    raise NoAnswer("Rasa answers too slowly")
        return response.status_code, bytes(content)


def _read(status: int, content: bytes) -> Answer:
    if status != 200:
        raise NoAnswer(f"Rasa answered {status}")
    try:
        plain = json.loads(content)
        replies = tuple(_reply(raw) for raw in plain["replies"])
        language = plain["language"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoAnswer("Rasa's answer has another form than agreed") from None
    if not isinstance(language, str):
        raise NoAnswer("Rasa's answer names no language")
    spoken = tuple(reply for reply in replies if reply.text.strip())
    if not spoken:
        # Rasa hides a failed action behind an empty answer; a caller must never meet silence.
        raise NoAnswer("Rasa answered nothing")
    return Answer(spoken, language, _understood(plain.get("understood")))


def _understood(raw: object) -> Understood | None:
    """Read what the message was taken for; an answer without it is an answer all the same."""
    if not isinstance(raw, dict):
        return None
    return understood(raw.get("intent"), raw.get("confidence"), raw.get("language"))


def _reply(raw: dict[str, Any]) -> Reply:
    choices = tuple(Choice(str(b["title"]), str(b["payload"])) for b in raw.get("buttons") or [])
    return Reply(str(raw.get("text") or ""), choices)
