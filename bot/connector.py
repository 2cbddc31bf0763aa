"""Rasa's door for Suar's worker: takes our message id, never runs a turn twice, reports errors."""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Awaitable
from typing import Any, Callable, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.context import (
    ENOUGH_WORDS,
    UNSURE_BELOW,
    Hearing,
    from_choice,
    hear,
    intent_of,
    is_danger,
    understand,
)
from bot.greeting import SMALL_TALK, behind_greeting

logger = logging.getLogger(__name__)
# Intents that stand for "too unsure" and "an answer within a task": no model has guessed them.
_NOT_GUESSED = frozenset({"nlu_fallback", "inform"})


class Collector(OutputChannel):
    """Gathers a turn's replies whole; its name is the caller's channel, for the NLG to see."""

    def __init__(self, channel: str) -> None:
        """Imitate `channel` without sending anything."""
        self._channel = channel

    def name(self) -> str:  # type: ignore[override]
        """Name the caller's channel."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Do nothing: replies are read from the tracker, the one record of the turn."""


def answer_of(tracker: DialogueStateTracker, message_id: str) -> Optional[list[dict[str, Any]]]:
    """Find the replies that a message already got; None when it has had no turn yet."""
    replies: Optional[list[dict[str, Any]]] = None
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if replies is not None:
                break
            replies = [] if event.message_id == message_id else None
        elif isinstance(event, BotUttered) and replies is not None:
            data = event.data or {}
            buttons = data.get("buttons") or []
            custom = data.get("custom") or {}
            replies.append({"text": event.text or "", "buttons": buttons, "custom": custom})
    return replies


def understood_of(tracker: DialogueStateTracker, message_id: str) -> Optional[dict[str, Any]]:
    """Say what a message was taken for, in words of fixed lists; None when it had no turn.

    Where the bot was too unsure to act, or in a task, how sure the model itself was is told.
    """
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            parse = event.parse_data or {}
            full = intent_of(parse)
            sure = (parse.get("intent") or {}).get("confidence")
            if full in _NOT_GUESSED:
                sure = parse.get("guess_confidence")
            heard = (parse.get("language") or {}).get("code")
            return {"intent": full, "confidence": float(sure or 0.0), "language": heard}
    return None


def _says_enough_first(tracker: DialogueStateTracker) -> bool:
    """Say whether nothing long enough to tell a language by was typed before this message."""
    earlier = (e for e in tracker.events if isinstance(e, UserUttered))
    typed = (e.text or "" for e in earlier if not (e.parse_data or {}).get("picked"))
    return all(len(text.split()) < ENOUGH_WORDS for text in typed)


def _follow_language(tracker: DialogueStateTracker, parse: dict[str, Any]) -> None:
    if tracker.get_slot("language_fixed"):
        return
    heard = parse.get("language") or {}
    now = Hearing(tracker.get_slot("language") or "id", tracker.get_slot("language_pending"))
    words = len((parse.get("text") or "").split())
    sure = float(heard.get("confidence") or 0)
    after = hear(now, heard.get("code"), sure, words, first=_says_enough_first(tracker))
    if after != now:
        tracker.update(SlotSet("language", after.current))
        tracker.update(SlotSet("language_pending", after.pending))


def honest_store(agent: Agent) -> Any:
    """Take away the wrapper that would keep a turn in memory when it cannot be written.

    Rasa's FailSafeTrackerStore turns a full disk into a success that the next restart forgets;
    the worker must rather hear of an error and bring in a person.
    """
    store = agent.tracker_store
    inner = getattr(store, "_tracker_store", None)
    if inner is not None:
        agent.tracker_store = inner
        if agent.processor is not None:
            agent.processor.tracker_store = inner
    return agent.tracker_store


async def _turn(agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
    sender, message_id = body["conversation"], body["message_id"]
    out = Collector(body["channel"])
    processor = agent.processor
    assert processor is not None
    tracker = await processor.fetch_tracker_and_update_session(sender, out)
    replies, repeat = answer_of(tracker, message_id), True
    if replies is None:
        repeat = False
        meaning = await _meaning(agent, tracker, body)
        message = UserMessage(
            body["text"], out, sender, parse_data=meaning, input_channel=body["channel"],
            message_id=message_id,
        )  # fmt: skip
        await processor.handle_message(message)
        tracker = await processor.tracker_store.retrieve(sender) or tracker
        replies = answer_of(tracker, message_id)
    return {
        "replies": replies or [],
        "language": tracker.get_slot("language") or "id",
        "understood": understood_of(tracker, message_id),
        "repeat": repeat,
    }


async def _meaning(
    agent: Agent, tracker: DialogueStateTracker, body: dict[str, Any]
) -> dict[str, Any]:
    if body.get("choice"):
        return from_choice(body["choice"], body["text"])
    # A caller's leading slash would reach Rasa's own short-cut for intents.
    text = body["text"].lstrip("/ ").strip()
    parse = await agent.parse_message(text or ".")
    parse = await _question_of(agent, text, parse)
    parse["text"] = text
    _follow_language(tracker, parse)
    reasons = body.get("danger") or []
    in_task = tracker.active_loop_name is not None
    sure = not body.get("doubtful")
    meaning = understand(
        parse,
        danger=is_danger(parse, reasons=reasons, sure=sure, in_task=in_task),
        in_task=in_task,
        shared=body.get("shared") or "",
    )
    heard = reasons if intent_of(meaning) == "emergency" else []
    return {**meaning, "danger": heard, "shared": body.get("shared") or ""}


async def _question_of(agent: Agent, text: str, parse: dict[str, Any]) -> dict[str, Any]:
    """Take the intent of what stands behind a greeting, if that is clear; all else stays."""
    rest = behind_greeting(intent_of(parse), text)
    if not rest:
        return parse
    asked = await agent.parse_message(rest)
    sure = float((asked.get("intent") or {}).get("confidence") or 0.0) >= UNSURE_BELOW
    if not sure or intent_of(asked) in SMALL_TALK:
        return parse
    return {**asked, **{name: parse[name] for name in ("language", "entities") if name in parse}}


class SuarInput(InputChannel):
    """POST /webhooks/suar/turn with a bearer token; one JSON object in, one out."""

    def __init__(self, token: str) -> None:
        """Remember the token that the worker must show."""
        self._token = token

    @classmethod
    def name(cls) -> str:
        """Name the channel as credentials.yml does."""
        return "suar"

    @classmethod
    def from_credentials(cls, credentials: Optional[dict[str, Any]]) -> InputChannel:
        """Take the token from the environment, never from a file in the repository."""
        return cls(os.environ["SUAR_RASA_TOKEN"])

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Build the two routes."""
        web = Blueprint("suar_webhook", __name__)

        @web.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            ready = agent is not None and agent.is_ready()
            return response.json({"ready": ready}, status=200 if ready else 503)

        @web.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            shown = request.headers.get("authorization", "")
            if not hmac.compare_digest(shown.encode(), f"Bearer {self._token}".encode()):
                return response.json({"error": "wrong token"}, status=401)
            return await self._answer(request.app.ctx.agent, request.json)

        return web

    async def _answer(self, agent: Agent, body: dict[str, Any]) -> HTTPResponse:
        sender = body["conversation"]
        store = honest_store(agent)
        async with agent.lock_store.lock(sender):
            try:
                result = await _turn(agent, body)
            except Exception as error:  # noqa: BLE001 - the door's one broad catch: the worker must be told
                store.forget_cached(sender)
                # The message's text could stand in the error; only its kind goes to the log.
                logger.error("turn %s failed: %s", body["message_id"], type(error).__name__)
                return response.json({"error": type(error).__name__}, status=500)
            if any(reply["custom"].get("erase") for reply in result["replies"]):
                store.erase(sender)
            return response.json(result)
