"""Tells the caller, once, that a file of hers could not be kept, and shows it to responders."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hotline import reading
from hotline.attachments import Reason
from hotline.conversations import Answerer, who_answers
from hotline.errors import KeyringError
from hotline.messages import InboxState, OutboxState, Purpose
from replies import parts
from store import contact_rules, conversations, outbox, unkept
from store.conversations import Conversation
from store.texts import Texts
from store.vault import Vault

AT_HAND = 120.0  # seconds after her file in which she still holds the phone
_LONGEST_TURN = 600.0  # seconds; by then her message was answered, or never will be
_TEXTS = {Reason.TOO_BIG: "utter_media_too_large", Reason.WRONG_TYPE: "utter_media_wrong_kind"}


def answered(connection: sa.Connection, attachment_id: int, now: float) -> bool:
    """Say whether the message with a file has had its answer: "not kept" must not come before."""
    state, at = unkept.message_of(connection, attachment_id)
    return state == InboxState.DONE.value or now - at > _LONGEST_TURN


def tell(
    connection: sa.Connection,
    vault: Vault,
    texts: Texts,
    attachment_id: int,
    *,
    limit: int,
    segments: int,
    now: float,
) -> None:
    """Write down that a file was refused or given up, and tell the caller if nobody has."""
    row = unkept.load(connection, attachment_id)
    known = conversations.load(connection, vault.keyring, row.conversation_id)
    name = _TEXTS.get(Reason(row.reason), "utter_media_lost")
    silent = (
        who_answers(known.claim, now) is Answerer.PERSON
        or known.transport == "local"
        or unkept.told_since(connection, known.id, name, row.at)
        or (_by_size(row, limit) and not _captioned(vault, row))
    )
    unkept.note(connection, row, told=None if silent else name, now=now)
    if row.state == "failed":
        conversations.mark_for_person(connection, known.id, needed=True)
    if not silent:
        _queue(connection, vault, texts, known, row, name, segments=segments, now=now)


def _by_size(row: sa.Row[Any], limit: int) -> bool:
    """Say whether the turn itself has seen that a file is too large."""
    return row.reason == Reason.TOO_BIG.value and (row.size or 0) > limit


def _captioned(vault: Vault, row: sa.Row[Any]) -> bool:
    """Say whether the file's own words were answered, and so nothing was said of the file."""
    try:
        return reading.has_letters(vault.keyring.open(row.text_sealed, "inbox.text"))
    except KeyringError:
        return False


def _queue(
    connection: sa.Connection,
    vault: Vault,
    texts: Texts,
    known: Conversation,
    row: sa.Row[Any],
    name: str,
    *,
    segments: int,
    now: float,
) -> None:
    said = texts.reply(name, known.language, known.channel)
    at_hand = now - row.at <= AT_HAND and not known.neutral
    answers = at_hand and not _forbidden(connection, vault, known.id)
    outbox.add(
        connection,
        vault.keyring,
        known.id,
        parts.fit([said], known.channel, segments),
        inbox_id=None,
        author="gateway",
        now=now,
        state=OutboxState.QUEUED,
        # Later it is we who begin: her hours, a STOP and a watcher are heeded like for any notice.
        purpose=Purpose.ANSWER if answers else Purpose.NOTICE,
        urgency=conversations.urgency(connection, known.id),
    )


def _forbidden(connection: sa.Connection, vault: Vault, conversation: str) -> bool:
    try:
        rules = contact_rules.read(connection, vault.keyring, conversation)
    except (KeyringError, ValueError):
        return True
    return bool(rules.get("do_not_write"))
