"""What responders say a message really meant: proposed at the desk, reviewed by an operator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

import store.console_tables  # noqa: F401 - the accounts that corrections refer to
from hotline.errors import KeyringError, Refused, WrongMove
from hotline.messages import Kind
from hotline.understood import INTENTS
from store.crypto import Keyring
from store.inbox import open_details
from store.languages import load_languages
from store.tables import inbox, metadata

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# What somebody typed herself; a tapped button or a place needs no understanding.
TYPED = frozenset({Kind.TEXT.value, Kind.EDIT.value})


class State(StrEnum):
    """What became of a correction."""

    PROPOSED = "proposed"  # said at the desk, nobody has reviewed it
    ACCEPTED = "accepted"  # rewritten, it became an example
    REFUSED = "refused"  # the reviewer made nothing of it


# No words of anybody: which message, what it meant, who says so.
corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("id", _SERIAL, primary_key=True, autoincrement=True),
    sa.Column("inbox_id", _SERIAL, sa.ForeignKey("inbox.id"), nullable=False, index=True),
    sa.Column("intent", sa.String(41), nullable=False),
    sa.Column("language", sa.String(3), nullable=False),
    sa.Column("staff_id", _SERIAL, sa.ForeignKey("staff.id"), nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, server_default="proposed", index=True),
    sa.Column("reviewed_by", sa.String(64)),
    sa.Column("reviewed_at", sa.Double),
)
_OPEN = corrections.c.state == State.PROPOSED.value


@dataclass(frozen=True)
class Correction:
    """One correction, without the words it is about."""

    id: int
    inbox_id: int
    intent: str
    language: str
    state: State


@dataclass(frozen=True)
class Proposed:
    """A correction that waits for review, with the caller's words."""

    id: int
    text: str
    intent: str
    language: str
    read_as: str  # what the bot took it for; empty when it was not asked


def propose(
    connection: sa.Connection,
    keyring: Keyring,
    message: int,
    *,
    intent: str,
    language: str,
    staff_id: int,
    now: float,
) -> None:
    """Say what a message meant; a second word on it replaces the first until it is reviewed."""
    if intent not in INTENTS or language not in {one.code for one in load_languages().all}:
        raise Refused("a correction names an intent and a language of the lists")
    if not text_of(connection, keyring, message):
        raise Refused("only words that a caller typed and has not deleted can be corrected")
    if any(one.state is State.ACCEPTED for one in of_messages(connection, [message])):
        raise Refused("this message has become an example already")
    take_back(connection, message)
    row = {"inbox_id": message, "intent": intent, "language": language}
    connection.execute(sa.insert(corrections), {**row, "staff_id": staff_id, "at": now})


def take_back(connection: sa.Connection, message: int) -> bool:
    """Drop what was proposed about a message; says whether there was anything."""
    gone = sa.delete(corrections).where(corrections.c.inbox_id == message, _OPEN)
    return connection.execute(gone).rowcount > 0


def text_of(connection: sa.Connection, keyring: Keyring, message: int) -> str:
    """Give the words a caller typed; empty when deleted, damaged, or no words at all."""
    row = connection.execute(sa.select(inbox).where(inbox.c.id == message)).first()
    if row is None or row.kind not in TYPED:
        return ""
    try:
        details = open_details(keyring, row.details_sealed)
        # Evidence keeps its words on the ticket when a caller takes it back; here they are gone.
        return "" if details.get("deleted") else keyring.open(row.text_sealed, "inbox.text").strip()
    except (KeyringError, ValueError):
        return ""


def of_messages(connection: sa.Connection, messages: Sequence[int]) -> list[Correction]:
    """List what was said about messages, the oldest first."""
    c = corrections.c
    rows = connection.execute(
        sa.select(c.id, c.inbox_id, c.intent, c.language, c.state)
        .where(c.inbox_id.in_(messages))
        .order_by(c.id)
    )
    return [Correction(r.id, r.inbox_id, r.intent, r.language, State(r.state)) for r in rows]


def proposed(connection: sa.Connection, keyring: Keyring) -> list[Proposed]:
    """List what waits for review, oldest first; what a caller has deleted meanwhile is left out."""
    c = corrections.c
    rows = connection.execute(
        sa.select(c.id, c.inbox_id, c.intent, c.language, inbox.c.read_intent)
        .join(inbox, inbox.c.id == c.inbox_id)
        .where(_OPEN)
        .order_by(c.id)
    ).all()
    found = [(row, text_of(connection, keyring, row.inbox_id)) for row in rows]
    return [
        Proposed(row.id, text, row.intent, row.language, row.read_intent or "")
        for row, text in found
        if text
    ]


def waiting(connection: sa.Connection, wanted: Iterable[int]) -> set[int]:
    """Say which of these corrections still wait for review."""
    query = sa.select(corrections.c.id).where(corrections.c.id.in_(list(wanted)), _OPEN)
    return set(connection.execute(query).scalars())


def review(connection: sa.Connection, id_: int, state: State, *, by: str, now: float) -> None:
    """Note what became of a correction; raises WrongMove for one that is reviewed or gone."""
    done = connection.execute(
        sa.update(corrections)
        .where(corrections.c.id == id_, _OPEN)
        .values(state=state.value, reviewed_by=by, reviewed_at=now)
    )
    if done.rowcount != 1:
        raise WrongMove(f"correction {id_} does not wait for review")


def forget(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """Forget what messages were taken for, and what waits for review about them.

    `which` chooses rows of the inbox: their words are deleted by whoever calls this.
    """
    messages = sa.select(inbox.c.id).where(which)
    connection.execute(sa.delete(corrections).where(corrections.c.inbox_id.in_(messages), _OPEN))
    connection.execute(
        sa.update(inbox)
        .where(which)
        .values(read_intent=None, read_confidence=None, read_language=None)
    )
