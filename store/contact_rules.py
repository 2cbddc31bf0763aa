"""Brings what was told about hours and ways to her conversations, where the sender obeys it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hotline.contact_rules import read_rules
from hotline.errors import KeyringError
from hotline.tickets import OPEN_STATES, Category
from store import standing
from store.clocks import clock
from store.console_tables import ticket_work
from store.crypto import Keyring
from store.tables import conversations, inbox, ticket_conversations, ticket_facts, tickets
from store.ticket_facts import open_value
from store.ticket_places import kin_of

FIELDS = frozenset({"safe_time", "contact_rule", "country", "who"})
_CLOCK = frozenset({"safe_time", "country", "who"})
_HOURS = ("safe", "tz", "unclear", "words")
_PLACE = "conversations.contact_rules"


@dataclass(frozen=True)
class _Said:
    field: str
    value: str | None  # None: damaged
    conversation: str | None  # in which it was said; None: a responder wrote it down
    missing: bool  # about somebody who is looked for


def learn(connection: sa.Connection, keyring: Keyring, conversation: str) -> None:
    """Read the facts of the open tickets anew; hours hold for every conversation of a ticket.

    "Do not write" holds for the conversation in which it was said: she may have another phone.
    What a responder wrote down, who was told it elsewhere, holds for all.
    """
    facts = _facts(connection, keyring, conversation)
    if not facts:
        return
    latest = {said.field: said for said in facts}
    hours = latest.get("safe_time")
    told = read_rules(
        safe_time=hours.value if hours else None,
        rules=[said.value for said in facts if said.value and _is_rule_here(said, conversation)],
        zone=_clock(connection, keyring, conversation, latest),
    )
    damaged = {said.field for said in facts if said.value is None and _still_counts(said, latest)}
    if told.any_rule or damaged:
        old = _old(connection, keyring, conversation)
        _keep(connection, keyring, conversation, _careful(told.to_dict(), damaged, old), old)


def learn_all(connection: sa.Connection, keyring: Keyring, ticket_id: int, now: float) -> None:
    """Read them anew for every caller of a ticket, and let the sender look at what waits.

    Outside of a caller's own turn; call `lock_callers` before the ticket is touched.
    """
    for conversation in _callers(connection, [ticket_id]):
        learn(connection, keyring, conversation)
        standing.make_due(connection, conversation, now)


def lock_callers(connection: sa.Connection, *tickets_: int) -> None:
    """Lock the conversations of tickets and of their callers' others: before the tickets.

    Every turn and reply does so in this order; who begins with the ticket would wait for them while
    they wait for it.
    """
    kin = kin_of(connection, tickets_)
    hers = {*tickets_, *(each for others in kin.values() for each in others)}
    for conversation in _callers(connection, hers):
        standing.lock(connection, conversation)


def _callers(connection: sa.Connection, ids: Collection[int]) -> list[str]:
    query = sa.select(ticket_conversations.c.conversation_id)
    theirs = query.where(ticket_conversations.c.ticket_id.in_(ids))
    return sorted(set(connection.execute(theirs).scalars()))


def _is_rule_here(said: _Said, conversation: str) -> bool:
    if said.field != "contact_rule":
        return False
    everywhere = not str(said.value).startswith("do_not_write")
    return everywhere or said.conversation in (None, conversation)


def _still_counts(said: _Said, latest: dict[str, _Said]) -> bool:
    """Say whether a damaged value would decide: every rule does, of the others the latest."""
    if said.field == "contact_rule":
        return True
    return said is latest[said.field] and "safe_time" in latest


def _clock(
    connection: sa.Connection, keyring: Keyring, conversation: str, latest: dict[str, _Said]
) -> str | None:
    hours, country, who = (latest.get(field) for field in ("safe_time", "country", "who"))
    if hours is None or any(one and one.value is None for one in (hours, country, who)):
        return None
    query = sa.select(conversations.c.address_sealed)
    # By the clock of the phone on which the hours were told.
    spoke = query.where(conversations.c.id == (hours.conversation or conversation))
    return clock(
        country=country.value if country else None,
        who=who.value if who else None,
        missing=hours.missing,
        address=keyring.open(connection.execute(spoke).scalar_one(), "conversations.address"),
    )


def _careful(plain: dict[str, Any], damaged: set[str], old: dict[str, Any]) -> dict[str, Any]:
    """Where a value is damaged, keep what it was read as before; else a person must judge."""
    if not damaged:
        return plain
    if not old:
        return plain | {"unclear": True}
    kept = {rule: plain[rule] or bool(old.get(rule)) for rule in ("never_call", "do_not_write")}
    same = "safe_time" in damaged or old.get("words") == plain["words"]
    if damaged & _CLOCK and same:
        kept |= {name: old[name] for name in _HOURS if name in old}
    return plain | kept


def _facts(connection: sa.Connection, keyring: Keyring, conversation: str) -> list[_Said]:
    """Give what was said, oldest first, on her open tickets and on those that they speak for."""
    hers, merged = _tickets(connection, conversation)
    if not hers:
        return []
    said_in = inbox.c.conversation_id
    # Another caller's hours are not hers, though one ticket speaks for both.
    told_to_us = ticket_facts.c.message_id.is_(None)
    written = sa.and_(told_to_us, ticket_facts.c.field == "contact_rule")
    rows = connection.execute(
        sa.select(ticket_facts, said_in, tickets.c.category)
        .join(tickets, tickets.c.id == ticket_facts.c.ticket_id)
        .join(inbox, inbox.c.id == ticket_facts.c.message_id, isouter=True)
        .where(ticket_facts.c.ticket_id.in_([*hers, *merged]), ticket_facts.c.field.in_(FIELDS))
        .where(sa.or_(ticket_facts.c.ticket_id.in_(hers), said_in == conversation, written))
        .order_by(ticket_facts.c.id)
    )
    missing = Category.MISSING.value
    return [
        _Said(
            row.field, open_value(keyring, row.value_sealed),
            None if row.message_id is None else row.conversation_id or "",
            row.category == missing,
        )
        for row in rows
    ]  # fmt: skip


def _tickets(connection: sa.Connection, conversation: str) -> tuple[list[int], list[int]]:
    """Give the open tickets of a conversation, and those that were merged into them."""
    mine = (
        sa.select(tickets.c.id)
        .join(ticket_conversations, ticket_conversations.c.ticket_id == tickets.c.id)
        .where(
            ticket_conversations.c.conversation_id == conversation,
            tickets.c.state.in_([state.value for state in OPEN_STATES]),
        )
    )
    hers = list(connection.execute(mine).scalars())
    merged = sa.select(ticket_work.c.ticket_id).where(ticket_work.c.merged_into.in_(hers))
    return hers, list(connection.execute(merged).scalars()) if hers else []


def _old(connection: sa.Connection, keyring: Keyring, conversation: str) -> dict[str, Any]:
    try:
        return read(connection, keyring, conversation)
    except (KeyringError, ValueError):
        return {}


def _keep(
    connection: sa.Connection,
    keyring: Keyring,
    conversation: str,
    plain: dict[str, Any],
    old: dict[str, Any],
) -> None:
    if plain != old:
        mine = conversations.c.id == conversation
        sealed = keyring.seal(json.dumps(plain), _PLACE)
        connection.execute(sa.update(conversations).where(mine).values(contact_rules_sealed=sealed))


def read(connection: sa.Connection, keyring: Keyring, conversation: str) -> dict[str, object]:
    """Give the rules in force in the plain form of ToldRules.to_dict; empty without any."""
    mine = conversations.c.id == conversation
    sealed = connection.execute(
        sa.select(conversations.c.contact_rules_sealed).where(mine)
    ).scalar()
    return dict(json.loads(keyring.open(sealed, _PLACE))) if sealed else {}
