"""One inbound message from storage to stored answer: guard, bot or safe text, outbox."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from channels.rasa import Bot, Question
from hotline import reading
from hotline.choices import pick
from hotline.danger import Guard
from hotline.errors import NoAnswer
from hotline.messages import Choice, OutboxState, Reply
from hotline.tickets import Category, Urgency
from store import conversations, db, inbox, outbox, tickets
from store.conversations import Conversation
from store.inbox import Waiting
from store.texts import Texts
from store.vault import Vault

logger = logging.getLogger(__name__)
_MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Outcome:
    """How a message was answered, before it is written."""

    kind: str  # bot, safe_text, neutral, quiet or burst
    replies: tuple[Reply, ...]
    language: str
    neutral: bool = False
    needs_person: bool = False
    keep_choices: bool = False


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What answering a message needs."""

    vault: Vault
    bot: Bot
    guard: Guard
    texts: Texts
    max_text: int
    burst_limit: int
    lease: float
    now: Callable[[], float] = field(default=time.time)


class LostLeaseError(Exception):
    """Another worker holds the conversation now; what was prepared here must not be written."""


def clean(text: str, longest: int) -> str:
    """Drop control characters and cut to `longest` characters; the stored message stays whole."""
    kept = "".join(c for c in text if c.isprintable() or c in "\n\t")
    return kept[:longest].strip()


def answer(desk: Desk, conversation: str, waiting: Waiting, *, owner: str) -> None:
    """Answer one message exactly once; raises LostLeaseError when it is no longer ours."""
    with db.write(desk.vault.engine) as connection:
        if not inbox.renew(connection, conversation, owner=owner, now=desk.now(), lease=desk.lease):
            raise LostLeaseError(conversation)
        inbox.count_attempt(connection, waiting.id)
        known = conversations.load(connection, desk.vault.keyring, conversation)
        text = clean(waiting.text, desk.max_text)
        # The guard hears the whole message: danger may stand at its end.
        whole = clean(waiting.text, len(waiting.text))
        danger = _raise_alarm(desk, connection, known, waiting.id, whole)
        if reading.forbids_messages(whole):
            _note_silence(desk, connection, known, waiting.id, whole)
    outcome = _decide(desk, known, waiting, text, danger)
    with db.write(desk.vault.engine) as connection:
        if not inbox.renew(connection, conversation, owner=owner, now=desk.now(), lease=desk.lease):
            raise LostLeaseError(conversation)
        _write(desk, connection, known, waiting.id, outcome)


def _raise_alarm(
    desk: Desk, connection: sa.Connection, known: Conversation, message_id: int, text: str
) -> tuple[str, ...]:
    """Open a critical ticket at once when the guard sees danger: before Rasa, and without it."""
    alarm = desk.guard.read(text)
    if alarm is None:
        return ()
    opened = tickets.open_or_raise(
        connection,
        desk.vault.keyring,
        conversation=known.id,
        category=Category.EMERGENCY,
        urgency=Urgency.CRITICAL,
        reasons=alarm.reasons,
        message_id=message_id,
        language=known.language,
        now=desk.now(),
    )
    tickets.add_fact(
        connection,
        desk.vault.keyring,
        opened.id,
        "story",
        text,
        said_by="caller",
        message_id=message_id,
        now=desk.now(),
    )
    return alarm.reasons


def _note_silence(
    desk: Desk, connection: sa.Connection, known: Conversation, message_id: int, text: str
) -> None:
    """Put on a ticket that this caller must not be written to, and why."""
    opened = tickets.open_or_raise(
        connection,
        desk.vault.keyring,
        conversation=known.id,
        category=Category.OTHER,
        urgency=Urgency.HIGH,
        reasons=("do_not_write",),
        message_id=message_id,
        language=known.language,
        now=desk.now(),
    )
    for name, value in (("contact_rule", f"do_not_write: {text}"), ("story", text)):
        tickets.add_fact(
            connection,
            desk.vault.keyring,
            opened.id,
            name,
            value,
            said_by="caller",
            message_id=message_id,
            now=desk.now(),
        )


def _decide(
    desk: Desk, known: Conversation, waiting: Waiting, text: str, danger: Sequence[str]
) -> Outcome:
    if known.neutral or reading.asks_for_neutral(text):
        return _neutral(desk, known, text)
    if reading.forbids_messages(text):
        # Somebody else may be reading: no code, no menu, nothing about a report.
        quiet = (_say(desk, known, "utter_quiet"),)
        return Outcome("quiet", quiet, known.language, keep_choices=True)
    if waiting.behind >= desk.burst_limit and not danger:
        first = waiting.behind % desk.burst_limit == 0
        said = (_say(desk, known, "utter_burst"),) if first else ()
        return Outcome("burst", said, known.language, keep_choices=True)
    if waiting.attempts >= _MOST_ATTEMPTS:
        logger.error("message %s has stopped %s workers", waiting.id, waiting.attempts)
        return _safe(desk, known)
    return _ask(desk, known, waiting.id, text, danger)


def _ask(
    desk: Desk, known: Conversation, message_id: int, text: str, danger: Sequence[str]
) -> Outcome:
    choice: Choice | None = None if danger else pick(text, known.choices)
    question = Question(
        message_id,
        known.id,
        known.channel,
        text,
        choice.payload if choice else None,
        danger,
    )
    try:
        got = desk.bot.ask(question)
    except NoAnswer as error:
        logger.warning("message %s got no answer: %s", message_id, error)
        return _safe(desk, known)
    return Outcome("bot", got.replies, got.language)


def _say(desk: Desk, known: Conversation, name: str) -> Reply:
    return desk.texts.reply(name, known.language, known.channel)


def _safe(desk: Desk, known: Conversation) -> Outcome:
    reply = _say(desk, known, "utter_safe_text")
    return Outcome("safe_text", (reply,), known.language, needs_person=True, keep_choices=True)


def _neutral(desk: Desk, known: Conversation, text: str) -> Outcome:
    """Answer like a recipe service to a caller who may be watched."""
    if known.neutral and reading.ends_neutral(text):
        back = _say(desk, known, "utter_neutral_back")
        return Outcome("neutral", (back,), known.language, keep_choices=True)
    name = "utter_neutral_again" if known.neutral else "utter_neutral_first"
    said = (_say(desk, known, name),)
    return Outcome("neutral", said, known.language, neutral=True, keep_choices=True)


def _write(
    desk: Desk, connection: sa.Connection, known: Conversation, message_id: int, outcome: Outcome
) -> None:
    now, keyring = desk.now(), desk.vault.keyring
    if outcome.needs_person or (outcome.neutral and not known.neutral):
        _call_person(desk, connection, known, message_id, outcome)
    # On our own page and command line the database is the provider: what is written is sent.
    state = OutboxState.SENT if known.transport == "local" else OutboxState.QUEUED
    outbox.add(
        connection,
        keyring,
        known.id,
        outcome.replies,
        inbox_id=message_id,
        author="bot" if outcome.kind == "bot" else "gateway",
        now=now,
        state=state,
    )
    last = outcome.replies[-1].choices if outcome.replies else ()
    conversations.remember(
        connection,
        keyring,
        known.id,
        choices=known.choices if outcome.keep_choices else last,
        language=outcome.language,
        needs_person=outcome.needs_person or known.needs_person,
        neutral=outcome.neutral,
    )
    inbox.finish(connection, message_id, outcome=outcome.kind, now=now)


def _call_person(
    desk: Desk, connection: sa.Connection, known: Conversation, message_id: int, outcome: Outcome
) -> None:
    """Put the conversation before a responder: nobody else has answered it, or dares to."""
    watched = outcome.kind == "neutral"
    if watched and tickets.open_ticket_of(connection, desk.vault.keyring, known.id) is None:
        return  # somebody who only wants a recipe
    tickets.open_or_raise(
        connection,
        desk.vault.keyring,
        conversation=known.id,
        category=Category.OTHER,
        urgency=Urgency.HIGH,
        reasons=("may_be_watched",) if watched else ("no_answer",),
        message_id=message_id,
        language=known.language,
        now=desk.now(),
    )
