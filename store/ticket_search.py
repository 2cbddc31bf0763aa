"""Finds tickets by code, telephone number, or words in what is sealed, within one's scope."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import phonenumbers
import sqlalchemy as sa

from hotline.codes import find_code
from hotline.staff import Staff
from store import ticket_list, victims
from store.crypto import Keyring
from store.tables import conversations, ticket_conversations, ticket_facts, tickets
from store.ticket_list import Line, View

_MOST = 50
_SECONDS = 3.0  # opening sealed facts one by one; what was not reached is said to be missing
_BATCH = 500


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    lines: list[Line]
    cut: bool  # there may be more: the search was ended by time or number


def search(
    connection: sa.Connection, keyring: Keyring, staff: Staff, words: str, *, now: float
) -> Found:
    """Search by code, else by number, else by words; newest tickets first."""
    code = find_code(words)
    if code is not None:
        return _lines(connection, staff, tickets.c.code == code, now=now)
    numbers = _numbers(words)
    if numbers:
        return _by_number(connection, keyring, staff, numbers, now=now)
    return _by_words(connection, keyring, staff, words, now=now)


def _lines(
    connection: sa.Connection,
    staff: Staff,
    where: sa.ColumnElement[bool],
    *,
    now: float,
    cut: bool = False,
) -> Found:
    lines = ticket_list.page(connection, staff, View.ALL, now=now, where=where)
    return Found(lines, cut)


def _numbers(words: str) -> list[str]:
    """Give the forms under which a telephone number may be stored; empty when it is none."""
    if not re.fullmatch(r"[+\d][\d ().-]{6,20}", words):
        return []
    try:
        parsed = phonenumbers.parse(words, "ID")
    except phonenumbers.NumberParseException:
        return []
    return [phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)]


def _by_number(
    connection: sa.Connection, keyring: Keyring, staff: Staff, numbers: list[str], *, now: float
) -> Found:
    """Look for the caller's own address first, then in what was told."""
    indexes = [
        keyring.blind("address", f"{channel}:{number}")
        for number in numbers
        for channel in ("whatsapp", "sms")
    ]
    mine = (
        sa.select(ticket_conversations.c.ticket_id)
        .join(conversations)
        .where(conversations.c.address_index.in_(indexes))
    )
    direct = _lines(connection, staff, tickets.c.id.in_(mine), now=now)
    if direct.lines:
        return direct
    return _by_words(connection, keyring, staff, numbers[0].removeprefix("+62"), now=now)


def _by_words(
    connection: sa.Connection, keyring: Keyring, staff: Staff, words: str, *, now: float
) -> Found:
    wanted = _plain(words)
    if not wanted:
        return Found([], cut=False)
    ids: list[int] = []
    before: int | None = None
    deadline = time.monotonic() + _SECONDS
    while len(ids) < _MOST:
        if time.monotonic() > deadline:
            return _lines(connection, staff, tickets.c.id.in_(ids), now=now, cut=True)
        batch = _batch(connection, staff, before)
        if not batch:
            return _lines(connection, staff, tickets.c.id.in_(ids), now=now)
        ids += _holding(connection, keyring, batch, wanted)
        before = batch[-1]
    return _lines(connection, staff, tickets.c.id.in_(ids), now=now, cut=True)


def _batch(connection: sa.Connection, staff: Staff, before: int | None) -> list[int]:
    query = ticket_list.visible_ids(staff).order_by(tickets.c.id.desc()).limit(_BATCH)
    if before is not None:
        query = query.where(tickets.c.id < before)
    return [int(found) for found in connection.execute(query).scalars()]


def _holding(connection: sa.Connection, keyring: Keyring, ids: list[int], wanted: str) -> list[int]:
    rows = connection.execute(
        sa.select(ticket_facts.c.ticket_id, ticket_facts.c.value_sealed).where(
            ticket_facts.c.ticket_id.in_(ids),
            ticket_facts.c.field != "conflict",  # why somebody is kept away is not to be found
        )
    )
    found = [
        row.ticket_id
        for row in rows
        if wanted in _plain(keyring.open(row.value_sealed, "ticket_facts.value"))
    ]
    for ticket_id, people in victims.of_tickets(connection, keyring, ids).items():
        told = [(one.now.details.name, one.now.details.whereabouts) for one in people]
        if any(wanted in _plain(text) for texts in told for text in texts):
            found.append(ticket_id)
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
